"""The life of one person: the cord over a year and every examination, with the cells and without."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.course import plan_course
from cordwise.cord.geometry import cord_geometry
from cordwise.cord.parameters import TissueParameters, load_parameters
from cordwise.cord.patient_kinetics import FURTHEST, KINETICS, with_kinetics
from cordwise.cord.product import Regimen
from cordwise.cord.self_check import Numerics, numerics, step_error
from cordwise.cord.tissue import TissueHistory, tissue_history
from cordwise.patient.counterfactual import Counterfactual, with_cells, without_cells
from cordwise.patient.file import PatientRequest
from cordwise.patient.life.cord import course, kept_fields, segments, surviving_shares
from cordwise.patient.life.examinations import examinations
from cordwise.patient.life.manufacture import regimen_for
from cordwise.patient.life.result import (
    GivenDose,
    GivenRegimen,
    Paired,
    PairedExaminations,
    PatientLife,
    Person,
)
from cordwise.patient.outcomes import BASELINE
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients

_SHOWN_DAYS = np.geomspace(0.25, 365.0, 48)


def patient_life(
    person: VirtualPatients, parameters: PopulationParameters, request: PatientRequest, streams: Streams
) -> PatientLife:
    """Simulate one person without the cells and with them, from the injury on.

    Parameters
    ----------
    person
        A batch of one, who was found for the request.
    parameters
        The population's parameters, under which the person was drawn.
    request
        Cells, day of the baseline examination and days of the visits.
    streams
        Random streams: both worlds share them, so that they differ through the cells alone.
    """
    regimen, harvest = regimen_for(request.regimen, person.ids, streams)
    severity = float(without_cells().severity(person)[0])
    shown = _shown_days(regimen)
    worlds = without_cells(), with_cells(regimen, max(_SHOWN_DAYS[-1], *request.visit_days))
    bare, treated = (_history(person, severity, parameters, given, shown) for given in (None, regimen))
    scores = _examined(person, parameters, request, worlds, streams)
    return PatientLife(
        patient=_described(person, severity, parameters, request, scores),
        regimen=_given(regimen),
        manufacture=harvest,
        numerics=_numerics(person, severity, parameters, regimen, shown),
        axis_mm=course(treated.axis_mm),
        days=course(treated.days),
        fields=Paired(kept_fields(bare.fields), kept_fields(treated.fields)),
        segments=segments(person, parameters.cord_length_mm),
        tracts=Paired(*(surviving_shares(person, shown, parameters, world) for world in worlds)),
        scores=scores,
    )


def _examined(
    person: VirtualPatients,
    parameters: PopulationParameters,
    request: PatientRequest,
    worlds: tuple[Counterfactual, Counterfactual],
    streams: Streams,
) -> PairedExaminations:
    """Return the examinations on the days asked for and at baseline."""
    days = tuple(sorted({*request.visit_days, request.baseline_day}))
    labels = tuple(BASELINE if day == request.baseline_day else f"day-{day:g}" for day in days)
    seen = (examinations(person, days, labels, parameters, streams, world) for world in worlds)
    return PairedExaminations(days, *seen)


def _shown_days(regimen: Regimen) -> Float[ndarray, " time"]:
    """Return the days of the picture of the cord: dense early, and the days of the doses."""
    return np.union1d(_SHOWN_DAYS, [day for day in regimen.days if day <= _SHOWN_DAYS[-1]])


def _history(
    person: VirtualPatients,
    severity: float,
    parameters: PopulationParameters,
    regimen: Regimen | None,
    days: Float[ndarray, " time"],
) -> TissueHistory:
    width, window = float(person.width_mm[0]), parameters.plasticity_days
    return tissue_history(severity, width, days, regimen=regimen, parameters=_rates(person), plastic_days=window)


def _rates(person: VirtualPatients) -> TissueParameters:
    """Return the rates of the person's own cord."""
    return with_kinetics(load_parameters(), person.kinetics)


def _numerics(
    person: VirtualPatients,
    severity: float,
    parameters: PopulationParameters,
    regimen: Regimen,
    days: Float[ndarray, " time"],
) -> Numerics:
    """Return how exactly the cord of the person was solved, without the cells and with them."""
    hit, window = (np.array([severity]), person.width_mm), parameters.plasticity_days
    courses = (
        plan_course(days, regimen=given, parameters=_rates(person), plastic_days=window) for given in (None, regimen)
    )
    return numerics([step_error(course, *hit) for course in courses])


def _described(
    person: VirtualPatients,
    severity: float,
    parameters: PopulationParameters,
    request: PatientRequest,
    scores: PairedExaminations,
) -> Person:
    centre, own = float(person.centre_mm[0]), np.clip(person.kinetics[0], -FURTHEST, FURTHEST)
    return Person(
        age=round(float(person.age_years[0])),
        sex="male" if person.is_male[0] else "female",
        centre_mm=round(centre, 1),
        segment=cord_geometry(parameters.cord_length_mm).segment_at(centre),
        severity=round(severity, 3),
        width_mm=round(float(person.width_mm[0]), 1),
        ais_baseline=scores.without.ais[scores.days.index(request.baseline_day)],
        baseline_day=request.baseline_day,
        syndrome=request.syndrome.name if request.syndrome else None,
        kinetics={group: round(float(deviate), 2) for group, deviate in zip(KINETICS, own, strict=True)},
    )


def _given(regimen: Regimen) -> GivenRegimen:
    doses = tuple(GivenDose(dose.day, dose.cells, str(dose.route)) for dose in regimen.doses)
    return GivenRegimen(regimen.product, regimen.translation, doses)
