"""What the population predicts for published tables: means, spreads and shares, seen the way the source looked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.outcomes import VisitNoise, assess, draw_visit_noise
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import Deviates, VirtualPatients, draw_deviates, form_patients
from cordwise.population.observation import (
    ExaminedPatients,
    Schedule,
    View,
    of_registry,
    share_schedules,
    viewing_of,
)

CHANGE = "_change"
PROPORTION = "ais"


@dataclass(frozen=True, slots=True)
class Prediction:
    """For each target: mean or share, SD between patients, how many are behind it, and the mean if nobody changed."""

    mean: Float[ndarray, " target"]
    sd: Float[ndarray, " target"]
    count: Float[ndarray, " target"]
    unchanged: Float[ndarray, " target"]


@dataclass(frozen=True, slots=True)
class SimulatedSubjects:
    """The random part of one schedule's simulation: the same for every parameter set."""

    schedule: Schedule
    deviates: Deviates
    days: Float[ndarray, "patient time"]
    noise: VisitNoise
    attendance: Float[ndarray, " patient"]


def draw_subjects(schedule: Schedule, streams: Streams, *, count: int, first: int = 0) -> SimulatedSubjects:
    """Draw the patients and visits of a schedule."""
    deviates = draw_deviates(streams, count=count, first=first)
    attendance = streams("attendance").uniforms(1, deviates.ids)[:, 0]
    noise = draw_visit_noise(streams, schedule.labels, deviates.ids)
    return SimulatedSubjects(schedule, deviates, schedule.days(streams, deviates.ids), noise, attendance)


def simulate(
    subjects: SimulatedSubjects, parameters: PopulationParameters, counterfactual: Counterfactual
) -> ExaminedPatients:
    """Examine a schedule's patients under one parameter set."""
    patients: VirtualPatients = form_patients(of_registry(parameters, subjects.schedule.registry), subjects.deviates)
    outcomes = assess(patients, subjects.days, parameters, subjects.noise, counterfactual)
    return ExaminedPatients(subjects.schedule, outcomes, subjects.attendance)


def read_predictions(
    targets: Sequence[Target],
    simulated: Mapping[Schedule, ExaminedPatients],
    weights: Float[ndarray, " patient"] | None = None,
) -> Prediction:
    """Read the targets off simulated populations, whose patients count alike unless they are given weights."""
    table = np.full((4, len(targets)), np.nan)
    for schedule, places in share_schedules(targets, simulated).items():
        population = simulated[schedule]
        views = {viewing: population.view(viewing) for viewing in {viewing_of(targets[place]) for place in places}}
        for place in places:
            target = targets[place]
            table[:, place] = _read(target, population, views[viewing_of(target)], weights)
    return Prediction(*table)


def _read(
    target: Target, population: ExaminedPatients, view: View, weights: Float[ndarray, " patient"] | None
) -> tuple[float, float, float, float]:
    visit = population.schedule.nearest(target.followup_day)
    chosen = np.flatnonzero(is_in(target, population, view) & view.is_shown[:, visit])
    if not len(chosen):
        return np.nan, np.nan, 0.0, np.nan
    now, unchanged = values(target, population, chosen, visit, view.baseline_visit[chosen])
    if weights is None:
        return float(now.mean()), float(now.std()), float(len(chosen)), float(unchanged.mean())
    weight = weights[chosen]
    mean = float(np.average(now, weights=weight))
    sd = float(np.sqrt(np.average((now - mean) ** 2, weights=weight)))
    return mean, sd, effective_count(weight), float(np.average(unchanged, weights=weight))


def effective_count(weights: Float[ndarray, " patient"]) -> float:
    """Return how many equally weighted patients would say as much (Kish)."""
    total = float(weights.sum())
    return total * total / float((weights**2).sum()) if total > 0 else 0.0


def is_in(target: Target, population: ExaminedPatients, view: View) -> Bool[ndarray, " patient"]:
    """Say who has the target's grade and levels at the baseline visit."""
    rows = np.arange(len(view.baseline_visit))
    grade = population.outcomes.ais[rows, view.baseline_visit]
    level = population.outcomes.neurological_level[rows, view.baseline_visit]
    in_grade = (grade >= target.baseline_grade_low) & (grade <= target.baseline_grade_high)
    return view.has_baseline & in_grade & (level >= target.level_first) & (level <= target.level_last)


def values(
    target: Target, population: ExaminedPatients, chosen: Int[ndarray, " row"], visit: int, before: Int[ndarray, " row"]
) -> tuple[Float[ndarray, " row"], Float[ndarray, " row"]]:
    """Return what the target measures in each chosen patient, and what it would be if nobody changed since baseline."""
    measure = target.measure.removesuffix(CHANGE)
    scores = getattr(population.outcomes, measure)
    now, then = scores[chosen, visit], scores[chosen, before]
    if measure == PROPORTION:
        return target.reached(then, now).astype(float), target.reached(then, then).astype(float)
    if target.measure.endswith(CHANGE):
        return (now - then).astype(float), np.zeros(len(chosen))
    return now.astype(float), then.astype(float)
