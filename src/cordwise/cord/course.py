"""What a batch of patients shares (steps, drivers, parameters, product), and the march of patients through it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.cord import blocks
from cordwise.cord.engine.axis import Axis, couplings, stretched_axis
from cordwise.cord.engine.lanes import CELLS, LANES, into_lanes, out_of_lanes
from cordwise.cord.engine.step_grid import StepLaw, step_grid
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import LEVERS, Lever, forcing_courses
from cordwise.cord.parameters import TissueParameters, parameter_faults
from cordwise.cord.product import Regimen, grafts, regimen_faults, translated
from cordwise.errors import Fault, InputError

_FINEST_CELL_MM = 3.0  # of the human cord; other cords in proportion to their length


@dataclass(frozen=True, slots=True)
class Course:
    """What all patients of a batch share: steps, drivers, parameters and product."""

    steps: Float[ndarray, " step"]
    visits: Float[ndarray, " time"]
    forcing: Float[ndarray, "interval 2 driver"]
    jump_of_step: Int[ndarray, " step"]
    jumps: Float[ndarray, "jump cell"]
    axis: Axis
    parameters: TissueParameters
    plastic_days: float


def plan_course(
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None,
    parameters: TissueParameters,
    plastic_days: float | None,
    levers: Sequence[Lever] = (),
    law: StepLaw | None = None,
    restarts: Sequence[float] = (),
    more_faults: Sequence[Fault] = (),
) -> Course:
    """Return what all patients share; raise `InputError` with every fault of the inputs."""
    visits = np.atleast_1d(np.asarray(days, float))
    window = parameters.plastic_days if plastic_days is None else plastic_days
    check = [*more_faults, *_day_faults(visits), *regimen_faults(regimen), *parameter_faults(parameters)]
    check += [*_lever_faults(levers)]
    if not (np.isfinite(window) and window > 0):
        check.append(Fault("plastic_days", "a number of days above 0", str(window)))
    if check:
        raise InputError(check)
    p = translated(parameters, regimen)
    pulled = [day for lever in levers for day in (lever.from_day, lever.to_day)]
    doses = [*(regimen.days if regimen else ()), *pulled, *restarts]
    steps = step_grid(visits[-1], visits=visits, doses=doses, law=law)
    axis = stretched_axis(finest_mm=_FINEST_CELL_MM * p.length_scale)
    forcing = forcing_courses(steps, p, regimen=regimen, levers=levers, plastic_days=window)
    jump_of_step, jumps = _jumps(steps, axis, regimen, p)
    return Course(steps, visits, forcing, jump_of_step, jumps, axis, p, window)


def run_course(
    course: Course, severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"], *, whole: bool = False
) -> tuple[Float[ndarray, "patient time quantity"], Float[ndarray, "patient time field cell"]]:
    """March patients through a course; the second array, all fields at each visit, is empty unless `whole`."""
    inputs = into_lanes(np.stack([severity, width_mm]))
    visit = np.full(course.steps.size, -1)
    visit[np.searchsorted(course.steps, course.visits)] = np.arange(course.visits.size)
    p = course.parameters
    diffusion = np.array([p.alarmin_diffusion, p.oedema_diffusion * p.length_scale**2])
    out = np.empty((len(inputs), course.visits.size, blocks.QUANTITIES, LANES))
    full = np.empty((len(inputs) if whole else 0, course.visits.size, len(FIELDS), CELLS, LANES))
    blocks.march(
        inputs,
        (course.axis.centres, course.axis.widths, couplings(course.axis), diffusion),
        course.steps,
        visit,
        course.forcing,
        course.jump_of_step,
        course.jumps,
        LANES,
        p,
        out,
        full,
    )
    return out_of_lanes(out, severity.size), out_of_lanes(full, severity.size)


def patient_faults(severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"]) -> Iterator[Fault]:
    """Yield a fault for each kind of bad severity or width, naming the first patient that has it."""
    if severity.shape != width_mm.shape or severity.ndim != 1:
        yield Fault("severity, width_mm", "one number a patient each", f"shapes {severity.shape} and {width_mm.shape}")
        return
    wrong = ~((severity >= 0) & (severity <= 1))
    if wrong.any():
        yield Fault(f"severity[{wrong.argmax()}]", "a number from 0 to 1", str(severity[wrong.argmax()]))
    wrong = ~((width_mm > 0) & np.isfinite(width_mm))
    if wrong.any():
        yield Fault(f"width_mm[{wrong.argmax()}]", "a width above 0 mm", str(width_mm[wrong.argmax()]))


def _day_faults(days: Float[ndarray, " time"]) -> Iterator[Fault]:
    if days.ndim != 1 or days.size == 0 or not np.isfinite(days).all() or days.min() < 0 or (np.diff(days) <= 0).any():
        yield Fault("days", "rising days on or after the injury (day 0), at least one", str(days.tolist()))
    elif days[-1] == 0:
        yield Fault("days", "a last day after the injury", "0")


def _lever_faults(levers: Sequence[Lever]) -> Iterator[Fault]:
    for number, lever in enumerate(levers):
        where = f"levers[{number}]"
        if lever.driver not in LEVERS:
            yield Fault(f"{where}.driver", f"one of {', '.join(LEVERS)}", repr(lever.driver))
        if not 0 <= lever.from_day < lever.to_day:
            yield Fault(f"{where}.to_day", "a day after from_day, which is 0 or later", f"{lever.to_day}")
        if not (np.isfinite(lever.value) and lever.value >= 0):
            yield Fault(f"{where}.value", "a finite number, 0 or above", str(lever.value))


def _jumps(
    steps: Float[ndarray, " step"], axis: Axis, regimen: Regimen | None, p: TissueParameters
) -> tuple[Int[ndarray, " step"], Float[ndarray, "jump cell"]]:
    """Return which jump starts each step (-1: none), and the cells that each jump adds along the axis."""
    placed = [graft for graft in grafts(regimen, p) if graft.day < steps[-1]]
    days = sorted({graft.day for graft in placed})
    jumps = np.zeros((max(len(days), 1), axis.centres.size))
    for graft in placed:
        jumps[days.index(graft.day)] += graft.amount * np.exp(-((axis.centres / graft.sd_mm) ** 2) / 2)
    of_step = np.full(steps.size, -1)
    of_step[np.searchsorted(steps, days)] = np.arange(len(days))
    return of_step, jumps
