"""Simulate the tissue of patients: a batch at its visits, or one patient along the whole cord for pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.cord import blocks
from cordwise.cord.course import Course, patient_faults, plan_course, run_course
from cordwise.cord.engine.step_grid import StepLaw
from cordwise.cord.fields import FIELDS
from cordwise.cord.forcing import Lever
from cordwise.cord.myelin import conduction
from cordwise.cord.parameters import Species, TissueParameters, load_parameters
from cordwise.cord.product import Regimen
from cordwise.errors import ModelError


@dataclass(frozen=True, slots=True)
class TissueVisits:
    """The tissue at each visit.

    `spared_share` is the share of tract fibres that pass the whole lesion; `axons_kept` the same among those that
    survived the impact; `least_myelin` and `conduction` are at the worst place; `growth` is the plastic gain so far and
    `growth_to_come` what would follow if nothing changed any more; `grey_lost_mm` is lost grey matter as a length of
    cord; `solved` is false for a patient with a number that is not finite.
    """

    days: Float[ndarray, " time"]
    spared_share: Float[ndarray, "patient time"]
    axons_kept: Float[ndarray, "patient time"]
    least_myelin: Float[ndarray, "patient time"]
    conduction: Float[ndarray, "patient time"]
    growth: Float[ndarray, "patient time"]
    growth_to_come: Float[ndarray, "patient time"]
    grey_lost_mm: Float[ndarray, "patient time"]
    solved: Bool[ndarray, " patient"]

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.solved)


@dataclass(frozen=True, slots=True)
class TissueHistory:
    """One patient's cord over space and time: every field by name, and `inflammation`, the cytokine mix."""

    axis_mm: Float[ndarray, " cell"]
    widths_mm: Float[ndarray, " cell"]
    days: Float[ndarray, " time"]
    fields: Mapping[str, Float[ndarray, "time cell"]]
    visits: TissueVisits


def simulate_tissue(
    severity: Float[ndarray, " patient"],
    width_mm: Float[ndarray, " patient"],
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None = None,
    parameters: TissueParameters | None = None,
    plastic_days: float | None = None,
    species: Species | str = Species.HUMAN,
    levers: Sequence[Lever] = (),
    law: StepLaw | None = None,
) -> TissueVisits:
    """Simulate patients from the injury to the last visit, and return their tissue at each visit.

    Parameters
    ----------
    severity, width_mm
        Injury at the centre, 0 to 1, and its standard deviation along the cord in mm of that species.
    days
        Days of the visits after injury, the same for all patients, in rising order.
    regimen, levers
        Cell product, and drugs or devices; none when left out.
    species
        Human or rodent.
    parameters, plastic_days
        Numbers of the model; those of the species when left out.  Time constant of the plastic window in days.
    law
        Step lengths; the default keeps the error of what is read out near 1e-3 of its peak.

    """
    severity, width_mm = np.atleast_1d(np.asarray(severity, float)), np.atleast_1d(np.asarray(width_mm, float))
    course = plan_course(
        days,
        regimen=regimen,
        parameters=load_parameters(species) if parameters is None else parameters,
        plastic_days=plastic_days,
        levers=levers,
        law=law,
        more_faults=tuple(patient_faults(severity, width_mm)),
    )
    out, _ = run_course(course, severity, width_mm)
    return visits_of(course, out)


def tissue_history(
    severity: float,
    width_mm: float,
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None = None,
    parameters: TissueParameters | None = None,
    plastic_days: float | None = None,
    species: Species | str = Species.HUMAN,
    levers: Sequence[Lever] = (),
    law: StepLaw | None = None,
) -> TissueHistory:
    """Simulate one patient and return all fields along the cord on each day; arguments as in `simulate_tissue`."""
    patient = np.array([severity], float), np.array([width_mm], float)
    course = plan_course(
        days,
        regimen=regimen,
        parameters=load_parameters(species) if parameters is None else parameters,
        plastic_days=plastic_days,
        levers=levers,
        law=law,
        more_faults=tuple(patient_faults(*patient)),
    )
    out, whole = run_course(course, *patient, whole=True)
    if not np.isfinite(whole).all():
        raise ModelError(f"the tissue model has no finite solution at severity {severity:g}, width {width_mm:g} mm")
    fields = dict(zip(FIELDS, np.moveaxis(whole[0], 1, 0), strict=True))
    fields["inflammation"] = _inflammation(course, whole[0])
    return TissueHistory(course.axis.centres, course.axis.widths, course.visits, fields, visits_of(course, out))


def visits_of(course: Course, out: Float[ndarray, "patient time quantity"]) -> TissueVisits:
    """Return the kept quantities by name."""
    myelin = out[..., blocks.LEAST_MYELIN]
    return TissueVisits(
        days=course.visits,
        spared_share=out[..., blocks.SPARED],
        axons_kept=out[..., blocks.KEPT],
        least_myelin=myelin,
        conduction=conduction.py_func(myelin, course.parameters),
        growth=out[..., blocks.GROWTH],
        growth_to_come=out[..., blocks.GROWTH_RATE] * course.plastic_days,
        grey_lost_mm=out[..., blocks.GREY_LOST],
        solved=np.asarray(np.isfinite(out).all(axis=(1, 2))),
    )


def _inflammation(course: Course, whole: Float[ndarray, "time field cell"]) -> Float[ndarray, "time cell"]:
    """Return the cytokine mix, which the model keeps as a formula and not as a field."""
    at = np.clip(np.searchsorted(course.steps, course.visits) - 1, 0, None)
    end = np.where(course.visits > course.steps[at], 1, 0)
    mix = np.empty((whole.shape[0], whole.shape[2]))
    blocks.cytokine_course(whole, course.forcing[at, end], course.parameters, mix)
    return mix
