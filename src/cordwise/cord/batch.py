"""Simulate a batch of patients over a course: arrays for the compiled loop, and back."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.blocks import TISSUE
from cordwise.cord.course import Precision, TissueSchedule
from cordwise.cord.devices import AT_ONCE, Device, run_on
from cordwise.cord.engine.axis import couplings, mirrored, right_half
from cordwise.cord.engine.lanes import LANES, into_lanes, out_of_lanes
from cordwise.cord.engine.time_loop import Model
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.patient_numbers import numbers_of
from cordwise.cord.segments import settling
from cordwise.cord.visit import QUANTITIES, SHOWN

_KINDS: dict[Precision, Any] = {Precision.SINGLE: np.float32, Precision.DOUBLE: np.float64}

PerPatient = Float[ndarray, "*patient"] | float


def run_course(
    course: TissueSchedule,
    severity: Float[ndarray, " patient"],
    width_mm: Float[ndarray, " patient"],
    *,
    whole: bool = False,
    model: Model = TISSUE,
    device: Device | str = Device.CPU,
) -> tuple[Float[ndarray, "patient time quantity"], Float[ndarray, "shown_patient time shown cell"]]:
    """Simulate patients over a course; the second array, all fields at each visit, is empty unless `whole`."""
    run_time_loop, at_once = run_on(device, model, course.axis.centres.size // 2), AT_ONCE[Device(device)]
    runs = []
    for first in range(0, severity.size, at_once):
        some = slice(first, min(first + at_once, severity.size))
        runs.append(_run(run_time_loop, course, np.stack([severity[some], width_mm[some]]), some, whole))
    return np.concatenate([out for out, _ in runs]), np.concatenate([full for _, full in runs])


def _run(
    run_time_loop: Callable[..., None],
    course: TissueSchedule,
    inputs: Float[ndarray, "2 patient"],
    some: slice,
    whole: bool,
) -> tuple[Float[ndarray, "patient time quantity"], Float[ndarray, "shown_patient time shown cell"]]:
    kind, count, half = _KINDS[course.precision], inputs.shape[1], right_half(course.axis)
    blocks, table = -(-count // LANES), course.timetable
    readings, of_visit = table.reading.max() + 1, table.reading_of_visit
    out = np.empty((blocks, readings, len(QUANTITIES), LANES), kind)
    full = np.empty((blocks if whole else 0, readings, len(SHOWN), half.centres.size, LANES), kind)
    own: dict[str, Any] = {name: _of(value, some) for name, value in course.parameters._asdict().items()}
    numbers = numbers_of(TissueParameters(**own), count)
    run_time_loop(
        into_lanes(inputs).astype(kind),
        into_lanes(numbers.astype(kind)),
        tuple(values.astype(kind) for values in (half.centres, half.widths, couplings(half))),
        (table.ends.astype(kind), table.lengths.astype(kind), table.jump, table.segment, table.reading),
        course.segments.changed.astype(kind),
        tuple(values.astype(kind) for values in _jumps(course, some, count)),
        (kind(course.foreign), *(values.astype(kind) for values in _depots(course, some, count))),
        LANES,
        out,
        full,
    )
    kept, shown = out_of_lanes(out, count).astype(float), mirrored(out_of_lanes(full, count)).astype(float)
    if readings == of_visit.size:
        return kept, shown
    return kept[:, of_visit], shown[:, of_visit]


def _jumps(
    course: TissueSchedule, some: slice, count: int
) -> tuple[Float[ndarray, "jump field 3"], Float[ndarray, "block jump 2 lane"]]:
    """Return what each jump does to the fields, and how many cells of each patient it places and how widely."""
    jumps = course.jumps or (settling(0.0),)
    cells = np.zeros((len(jumps), 2, count))
    cells[:, 1] = 1.0  # any spread, for jumps that place no cells
    for number, jump in enumerate(jumps):
        if jump.graft is not None:
            cells[number, 0], cells[number, 1] = _of(jump.graft.amount, some), _of(jump.graft.sd_mm, some)
    return np.stack([jump.fields for jump in jumps]), into_lanes(cells)


def _depots(
    course: TissueSchedule, some: slice, count: int
) -> tuple[Float[ndarray, " depot"], Float[ndarray, "block depot 3 lane"]]:
    """Return the days of the doses outside the cord, and the amount and the two losses of each patient."""
    depots = np.zeros((len(course.depots), 3, count))
    for number, depot in enumerate(course.depots):
        for row, value in enumerate((depot.amount, depot.cell_loss, depot.product_loss)):
            depots[number, row] = _of(value, some)
    return np.array([depot.day for depot in course.depots], float), into_lanes(depots)


def _of(value: PerPatient, some: slice) -> PerPatient:
    """Return a number of some of the patients."""
    values = np.asarray(value, float)
    return values[some] if values.ndim else values
