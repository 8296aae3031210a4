"""One simulated patient in full: the cord over a year, and every examination, with cells and without."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.base.randomness import Streams
from cordwise.cord.course import plan_course
from cordwise.cord.geometry import cord_geometry
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.self_check import numerics, step_error
from cordwise.cord.tissue import TissueHistory, tissue_history
from cordwise.isncsci import LEVELS
from cordwise.patient.autologous import regimen_for, sentence
from cordwise.patient.counterfactual import Counterfactual, with_cells, without_cells
from cordwise.patient.file import PatientRequest
from cordwise.patient.life_cord import segments, surviving_shares
from cordwise.patient.life_examinations import examinations
from cordwise.patient.outcomes import follow
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients, draw_patients
from cordwise.patient.syndromes import with_syndrome
from cordwise.population.natural_recovery import is_eligible
from cordwise.population.posterior import Posterior

ONE_YEAR_OF_VISITS = (1.0, 3.0, 7.0, 14.0, 28.0, 56.0, 84.0, 120.0, 183.0, 270.0, 365.0)
_SHOWN_DAYS = np.geomspace(0.25, 365.0, 48)
_CANDIDATES = 4096  # examined at a time until enough patients of the kind asked for are found
_MATCHES = 25  # of these, the one with the median outcome is shown
_MAX_CHUNKS = 12
SHOWN_FIELDS = ("inflammation", "leak", "oedema", "border", "matrix", "grey", "axon", "myelin", "graft")
_BASELINE = "baseline"  # the visit that selects a patient is the visit that is shown


@dataclass(frozen=True, slots=True)
class _Person:
    """The patient chosen, as a batch of one."""

    patient: VirtualPatients
    parameters: PopulationParameters


def example_patient_life(request: PatientRequest, posterior: Posterior, streams: Streams) -> dict[str, Any]:
    """Simulate a patient of the kind asked for, with the cells and without, from injury to a year.

    Parameters
    ----------
    request
        Grade, levels and day of the baseline examination; cells; days of the visits.
    posterior
        The fitted population; the best parameter set is used.
    streams
        Random streams: both worlds share them, so that they differ through the cells alone.

    Returns
    -------
    dict
        Fields of the cord on the axis (mm) and over days, segments of the cord, shares of fibres that pass the lesion,
        and every examination, as plain JSON values.
    """
    natural = without_cells()
    person = _typical(request, posterior.best, streams, natural)
    regimen, made = regimen_for(request.regimen, person.patient.ids, streams)
    worlds = {"without": natural, "with": with_cells(regimen)}
    days = tuple(sorted({*request.visit_days, request.baseline_day}))
    labels = tuple(_BASELINE if day == request.baseline_day else f"day-{day:g}" for day in days)
    shown = _shown_days(regimen)
    cords = {name: _history(person, given, shown, natural) for name, given in (("without", None), ("with", regimen))}
    return {
        "kind": "patient",
        "patient": _person_json(person, request, natural),
        "regimen": _regimen_json(regimen),
        "manufacture": made,
        "numerics": _numerics(person, regimen, shown, natural),
        "axis_mm": _listed(cords["with"].axis_mm),
        "days": _listed(cords["with"].days),
        "fields": {
            name: {field: _listed(cord.fields[field]) for field in SHOWN_FIELDS} for name, cord in cords.items()
        },
        "segments": segments(person.patient, person.parameters.cord_length_mm),
        "tracts": {
            name: surviving_shares(person.patient, shown, person.parameters, world) for name, world in worlds.items()
        },
        "scores": {
            "days": list(days),
            **{
                name: examinations(person.patient, days, labels, person.parameters, streams, world)
                for name, world in worlds.items()
            },
        },
    }


def _typical(
    request: PatientRequest, parameters: PopulationParameters, streams: Streams, natural: Counterfactual
) -> _Person:
    """Return the patient with the median motor score a year later among the first who match."""
    found: list[VirtualPatients] = []
    for chunk in range(_MAX_CHUNKS):
        candidates = draw_patients(parameters, streams, count=_CANDIDATES, first=chunk * _CANDIDATES)
        if request.syndrome:
            candidates = with_syndrome(candidates, request.syndrome, parameters.cord_length_mm)
        baseline = follow(
            candidates, _same_day(candidates, request.baseline_day), (_BASELINE,), parameters, streams, natural
        )
        of_age = (candidates.age_years >= request.age_years[0]) & (candidates.age_years <= request.age_years[1])
        chosen = np.flatnonzero(of_age & is_eligible(baseline, request.levels, [request.grade]))
        found.extend(candidates[[place]] for place in chosen[: _MATCHES - len(found)])
        if len(found) >= _MATCHES:
            break
    if not found:
        levels = "-".join(LEVELS[level] for level in request.levels)
        ages = "{:g} to {:g} years".format(*request.age_years)
        pattern = f", {request.syndrome.name}" if request.syndrome else ""
        asked = f"AIS {request.grade.name}, {levels} on day {request.baseline_day:g}, {ages}{pattern}"
        raise InputError(
            [Fault("patient", "a kind of patient that the population holds", asked, "Widen the levels or the ages.")]
        )
    totals = [_motor_total(person, parameters, streams, natural) for person in found]
    return _Person(found[int(np.argsort(totals, kind="stable")[len(totals) // 2])], parameters)


def _motor_total(
    person: VirtualPatients, parameters: PopulationParameters, streams: Streams, world: Counterfactual
) -> int:
    seen = follow(person, _same_day(person, ONE_YEAR_OF_VISITS[-1]), ("one-year",), parameters, streams, world)
    return int(seen.uems[0, 0]) + int(seen.lems[0, 0])


def _same_day(patients: VirtualPatients, day: float) -> Float[ndarray, "patient 1"]:
    return np.full((len(patients), 1), day)


def _shown_days(regimen: Regimen) -> Float[ndarray, " time"]:
    """Return the days of the picture of the cord: dense early, and the days of the doses."""
    return np.union1d(_SHOWN_DAYS, [day for day in regimen.days if day <= _SHOWN_DAYS[-1]])


def _history(
    person: _Person, regimen: Regimen | None, days: Float[ndarray, " time"], natural: Counterfactual
) -> TissueHistory:
    width, window = float(person.patient.width_mm[0]), person.parameters.plasticity_days
    return tissue_history(_severity(person, natural), width, days, regimen=regimen, plastic_days=window)


def _numerics(
    person: _Person, regimen: Regimen | None, days: Float[ndarray, " time"], natural: Counterfactual
) -> dict[str, Any]:
    """Return how exactly the cord of the patient was solved, with the cells and without."""
    hit = np.array([_severity(person, natural)]), person.patient.width_mm
    window = person.parameters.plasticity_days
    courses = (
        plan_course(days, regimen=given, parameters=load_parameters(), plastic_days=window) for given in (None, regimen)
    )
    return to_plain(numerics([step_error(course, *hit) for course in courses]))


def _severity(person: _Person, natural: Counterfactual) -> float:
    return float(natural.severity(person.patient)[0])


def _person_json(person: _Person, request: PatientRequest, natural: Counterfactual) -> dict[str, Any]:
    patient, centre = person.patient, float(person.patient.centre_mm[0])
    return {
        "age": round(float(patient.age_years[0])),
        "sex": "male" if patient.is_male[0] else "female",
        "centre_mm": round(centre, 1),
        "segment": cord_geometry(person.parameters.cord_length_mm).segment_at(centre),
        "severity": round(_severity(person, natural), 3),
        "width_mm": round(float(patient.width_mm[0]), 1),
        "ais_baseline": request.grade.name,
        "baseline_day": request.baseline_day,
        "syndrome": request.syndrome.name if request.syndrome else None,
    }


def _regimen_json(regimen: Regimen) -> dict[str, Any]:
    doses = [{"day": dose.day, "cells": dose.cells, "route": str(dose.route)} for dose in regimen.doses]
    return {"product": regimen.product, "translation": regimen.translation, "doses": doses}


def _listed(values: Float[ndarray, "..."]) -> list[Any]:
    return np.vectorize(lambda value: float(f"{value:.4g}"))(values).tolist()


def summary(result: dict[str, Any]) -> str:
    """Return what a terminal shows of a patient: who, which cells, and each visit with and without them."""
    who, regimen, scores = result["patient"], result["regimen"], result["scores"]
    doses = "; ".join(f"{dose['cells']:.2g} cells, {dose['route']}, day {dose['day']:.3g}" for dose in regimen["doses"])
    pattern = f", pattern {who['syndrome'].replace('_', '-')}" if who["syndrome"] else ""
    lines = [
        f"A simulated {who['sex']}, {who['age']} years, lesion centred at {who['segment']}{pattern}, "
        f"AIS {who['ais_baseline']} on day {who['baseline_day']:g}.",
        *([sentence(result["manufacture"])] if result["manufacture"] else []),
        f"{regimen['product']}: {doses or 'none given'}; share of the rodent effect assumed to carry over: "
        f"{regimen['translation']:g}.",
        "",
        "day      without cells: AIS UEMS LEMS touch  pin      with cells: AIS UEMS LEMS touch  pin",
    ]
    for visit, day in enumerate(scores["days"]):
        sides = (_visit_line(scores[name], visit) for name in ("without", "with"))
        lines.append(f"{day:5g}                   " + "                 ".join(sides))
    lines += ["", result["numerics"]["words"]]
    lines += ["A simulated patient; for research and trial planning, not for decisions about a patient's care."]
    return "\n".join(lines)


def _visit_line(scores: dict[str, Any], visit: int) -> str:
    values = " ".join(f"{scores[name][visit]:4d}" for name in ("uems", "lems"))
    senses = " ".join(f"{scores[name][visit]:5d}" for name in ("light_touch", "pin_prick"))
    return f"{scores['ais'][visit]:>3} {values} {senses}"
