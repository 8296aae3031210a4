"""One condition through the engine: subjects in, cords along space and time out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.cord.batch import run_course
from cordwise.cord.changes import SHARES
from cordwise.cord.course import TissueSchedule, plan_course
from cordwise.cord.devices import Device
from cordwise.cord.engine.axis import Axis
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.cord.product import Regimen, grafts
from cordwise.cord.self_check import StepError, step_error
from cordwise.cord.tissue import PatientStatus, visits_of
from cordwise.cord.visit import SHOWN
from cordwise.experiment.cuts import Cut
from cordwise.experiment.host import with_host
from cordwise.experiment.plan import Condition
from cordwise.experiment.subjects import Subjects

_ON_MATRIX = ("matrix", "matrix_inhibition")


@dataclass(frozen=True, slots=True)
class SimulatedCords:
    """Cords of a batch on each day.

    `fields` are by name, `inflammation`, the cytokine mix, among them; `injury` and `near` are along the cord, `near`
    the weights of sum 1 of the mean over the lesion; `cut` tells on which days the cord is transected; `settled_mm` is
    the amount of cells that had settled by each day, in the unit of the field summed along the cord, and
    `settled_cells` their number; `finite` tells whose numbers are, and `credible` whose lesion has not run along the
    whole cord; `status` is the `PatientStatus`; `growth_to_come` is the growth that would follow if nothing changed any
    more; `cuts` are those of lesion and condition, and `growth_at_cuts` the growth so far on each of `cut_days`, the
    days of partial cuts; `scar_factors` tell how far the matrix beside a cut acts in the stretches that begin on day 0
    and after each of `growth_at_scar`.  `parameters` are arrays that broadcast over time and cells.
    """

    species: Species
    days: Float[ndarray, " time"]
    axis_mm: Float[ndarray, " cell"]
    widths_mm: Float[ndarray, " cell"]
    fields: Mapping[str, Float[ndarray, "patient time cell"]]
    growth: Float[ndarray, "patient time"]
    growth_to_come: Float[ndarray, "patient time"]
    injury: Float[ndarray, "patient cell"]
    near: Float[ndarray, "patient cell"]
    cut: Bool[ndarray, " time"]
    settled_mm: Float[ndarray, "patient time"]
    settled_cells: Float[ndarray, "patient time"]
    finite: Bool[ndarray, " patient"]
    credible: Bool[ndarray, " patient"]
    status: Int8[ndarray, " patient"]
    parameters: TissueParameters
    cuts: tuple[Cut, ...]
    cut_days: Float[ndarray, " cut"]
    growth_at_cuts: Float[ndarray, "patient cut"]
    scar_factors: Float[ndarray, " stretch"]
    growth_at_scar: Float[ndarray, "patient edge"]


def simulate_condition(
    condition: Condition,
    subjects: Subjects,
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    device: Device | str = Device.CPU,
) -> SimulatedCords:
    """Simulate all subjects of one condition."""
    own = with_host(subjects.parameters, condition.host, subjects.species)
    severity, width = subjects.lesion(condition.lesion)
    asked = np.atleast_1d(np.asarray(days, float))
    cut_days = _cut_days(condition, asked[-1])
    edges, factors = _scar_stretches(condition, asked[-1])
    later = np.union1d(cut_days[cut_days > 0], edges)
    course = course_of(condition, own, np.union1d(asked, later) if later.size else asked, severity.size)
    out, whole = run_course(course, severity, width, whole=True, device=device)
    visits, axis = visits_of(course, out), course.axis
    read = np.flatnonzero(np.isin(visits.days, asked))
    at_cuts = np.zeros((severity.size, len(cut_days)))
    at_cuts[:, cut_days > 0] = visits.growth[:, np.isin(visits.days, cut_days)]
    p = _along(own, severity.size)
    settled_mm, settled_cells = _settled(condition.regimen, own, axis, asked, severity.size)
    return SimulatedCords(
        species=subjects.species,
        days=asked,
        axis_mm=axis.centres,
        widths_mm=axis.widths,
        fields=dict(zip(SHOWN, np.moveaxis(whole[:, read], 2, 0), strict=True)),
        growth=visits.growth[:, read],
        growth_to_come=visits.growth_to_come[:, read],
        injury=severity[:, None] * np.exp(-((axis.centres / width[:, None]) ** 2) / 2),
        near=_near(axis, width, p),
        cut=_cut(condition, asked),
        settled_mm=settled_mm,
        settled_cells=settled_cells,
        finite=np.asarray(visits.status != PatientStatus.NOT_FINITE),
        credible=visits.solved,
        status=visits.status,
        parameters=p,
        cuts=condition.all_cuts,
        cut_days=cut_days,
        growth_at_cuts=at_cuts,
        scar_factors=factors,
        growth_at_scar=visits.growth[:, np.isin(visits.days, edges)],
    )


def _scar_stretches(
    condition: Condition, last_day: float
) -> tuple[Float[ndarray, " edge"], Float[ndarray, " stretch"]]:
    """Return the days on which the action of the matrix changes, and its factor in each stretch between them."""
    on_matrix = [each for each in condition.changes if each.target in _ON_MATRIX and each.action in SHARES]
    ends = {day for each in on_matrix for day in (each.from_day, each.to_day)} if condition.all_cuts else set()
    edges = np.array(sorted(day for day in ends if 0 < day < last_day), float)
    starts = np.concatenate([[0.0], edges])
    factors = np.ones(starts.size)
    for each in on_matrix:
        factors[(starts >= each.from_day) & (starts < each.to_day)] *= 1 - each.amount
    return edges, factors


def _cut_days(condition: Condition, last_day: float) -> Float[ndarray, " cut"]:
    """Return the days up to the last one on which part of the cord is cut."""
    days = [cut.day for cut in condition.all_cuts if cut.kind == "cut" and cut.day <= last_day]
    return np.unique(np.asarray(days, float))


def condition_step_error(
    condition: Condition, subjects: Subjects, days: Sequence[float] | Float[ndarray, " time"]
) -> StepError:
    """Return how exactly the first subjects of one condition are solved."""
    own = with_host(subjects.parameters, condition.host, subjects.species)
    severity, width = subjects.lesion(condition.lesion)
    return step_error(course_of(condition, own, days, severity.size), severity, width)


def course_of(
    condition: Condition,
    parameters: TissueParameters,
    days: Sequence[float] | Float[ndarray, " time"],
    patients: int,
) -> TissueSchedule:
    """Return what all subjects of a condition share, read on some days."""
    return plan_course(
        days,
        regimen=condition.regimen,
        parameters=parameters,
        plastic_days=None,
        changes=condition.changes,
        patients=patients,
    )


def _along(parameters: TissueParameters, patients: int) -> TissueParameters:
    """Return the rates as arrays (patient, 1, 1), which broadcast over time and cells."""
    wide: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(value, float), patients)[:, None, None]
        for name, value in parameters._asdict().items()
    }
    return parameters._replace(**wide)


def _near(axis: Axis, width_mm: Float[ndarray, " patient"], p: TissueParameters) -> Float[ndarray, "patient cell"]:
    """Return the weights of the mean over the lesion: cells at its edge count in part."""
    share = np.asarray(p.lesion_edge_share)[:, 0]
    edge = width_mm[:, None] * np.sqrt(-2 * np.log(share))
    inner = np.abs(axis.centres) - axis.widths / 2
    return np.clip(edge - inner, 0.0, axis.widths) / (2 * edge)


def _cut(condition: Condition, days: Float[ndarray, " time"]) -> Bool[ndarray, " time"]:
    """Tell on which days the cord is cut through."""
    from_day = 0.0 if condition.lesion.transected else condition.transection_day
    return np.zeros(len(days), bool) if from_day is None else np.asarray(days >= from_day)


def _settled(
    regimen: Regimen | None, p: TissueParameters, axis: Axis, days: Float[ndarray, " time"], patients: int
) -> tuple[Float[ndarray, "patient time"], Float[ndarray, "patient time"]]:
    """Return the cells that had settled by each day: as amounts summed along the cord, and as numbers."""
    amounts, cells = np.zeros((patients, len(days))), np.zeros((patients, len(days)))
    for graft in grafts(regimen, p):
        there = days >= graft.day
        amount, sd_mm = (
            np.broadcast_to(np.asarray(value, float), patients)[:, None] for value in (graft.amount, graft.sd_mm)
        )
        bell = np.exp(-((axis.centres / sd_mm) ** 2) / 2) @ axis.widths
        amounts += there * amount * bell[:, None]
        cells += there * amount * np.broadcast_to(np.asarray(p.cells_per_dose, float), patients)[:, None]
    return amounts, cells
