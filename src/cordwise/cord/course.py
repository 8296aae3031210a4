"""What a batch of patients shares: steps, changes, product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.cord.changes import Change, change_faults
from cordwise.cord.engine.axis import Axis, stretched_axis
from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.engine.step_grid import Preset, StepLaw, law_of, step_grid
from cordwise.cord.engine.timetable import Timetable, timetable
from cordwise.cord.engine.timetable import halved as halved_timetable
from cordwise.cord.engine.timetable import with_visits as timetable_visits
from cordwise.cord.faults import choice_faults, day_faults
from cordwise.cord.parameters import TissueParameters, parameter_faults
from cordwise.cord.product import PRODUCTS, Depot, Regimen, depots, grafts, regimen_faults, translated
from cordwise.cord.segments import Jump, Segments, jumps_of, segments_of


class Resolution(StrEnum):
    """The cells of the axis: 32 that widen outwards, or 216 of 1 mm, which show fronts that wide cells hide."""

    STANDARD = "standard"
    FINE = "fine"


class Precision(StrEnum):
    """The floating-point numbers of the engine."""

    SINGLE = "single"
    DOUBLE = "double"


# Width of the innermost cell (mm, of the human cord; others in proportion), growth from cell to cell, number of cells.
_GRIDS = {Resolution.STANDARD: (3.0, 1.10, CELLS), Resolution.FINE: (1.0, 1.0, 216)}


@dataclass(frozen=True, slots=True)
class TissueSchedule:
    """What all patients of a batch share; a number of `parameters`, grafts and depots may be one a patient."""

    steps: Float[ndarray, " step"]
    visits: Float[ndarray, " time"]
    timetable: Timetable
    segments: Segments
    jumps: tuple[Jump, ...]
    depots: tuple[Depot, ...]
    foreign: bool
    axis: Axis
    parameters: TissueParameters
    precision: Precision
    preset: str


def plan_course(
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None,
    parameters: TissueParameters,
    plastic_days: float | Float[ndarray, " patient"] | None,
    changes: Sequence[Change] = (),
    preset: Preset | str = Preset.STANDARD,
    precision: Precision | str = Precision.SINGLE,
    resolution: Resolution | str = Resolution.STANDARD,
    law: StepLaw | None = None,
    restarts: Sequence[float] = (),
    patients: int = 1,
    more_faults: Sequence[Fault] = (),
) -> TissueSchedule:
    """Return what all patients share; raise `InputError` with every fault of the inputs."""
    visits = np.atleast_1d(np.asarray(days, float))
    own: dict[str, Any] = {} if plastic_days is None else {"plastic_days": plastic_days}
    parameters = parameters._replace(**own)
    check = [*more_faults, *day_faults(visits), *regimen_faults(regimen), *parameter_faults(parameters, patients)]
    check += [fault for number, each in enumerate(changes) for fault in change_faults(each, f"changes[{number}]")]
    check += [*choice_faults(preset=(preset, Preset), precision=(precision, Precision))]
    check += [*choice_faults(resolution=(resolution, Resolution))]
    if check:
        raise InputError(check)
    p, end = translated(parameters, regimen), visits[-1]
    segments, jumps = segments_of(changes), jumps_of(changes, grafts(regimen, p), end)
    again = [*(regimen.days if regimen else ()), *(jump.day for jump in jumps), *segments.days[1:], *restarts]
    steps = step_grid(end, visits=visits, restarts=again, law=law or law_of(Preset(preset)))
    table = timetable(
        steps, visits, restarts=again, jumps=[jump.day for jump in jumps], segments=segments.days.tolist()
    )
    finest, growth, cells = _GRIDS[Resolution(resolution)]
    axis = stretched_axis(finest_mm=finest * float(p.length_scale), growth=growth, cells=cells)
    foreign = regimen is not None and PRODUCTS[regimen.product].foreign
    return TissueSchedule(steps, visits, table, segments, jumps, depots(regimen, p), foreign, axis, p,
                  Precision(precision), str(preset) if law is None else "steps of one's own")  # fmt: skip


def with_visits(course: TissueSchedule, visits: Float[ndarray, " time"]) -> TissueSchedule:
    """Return the same course, read on other days, which are ends of its steps."""
    return replace(course, visits=visits, timetable=timetable_visits(course.timetable, visits))


def halved(course: TissueSchedule) -> TissueSchedule:
    """Return the same course in steps of half the length."""
    return replace(course, timetable=halved_timetable(course.timetable))
