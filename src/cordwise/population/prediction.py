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
from cordwise.patient.parameters import AnyParameters
from cordwise.patient.patients import Deviates, VirtualPatients, draw_deviates, form_patients
from cordwise.population.observation import (
    ExaminedPatients,
    Schedule,
    View,
    share_schedules,
    viewing_of,
)

CHANGE = "_change"
PROPORTION = "ais"


@dataclass(frozen=True, slots=True)
class Prediction:
    """For each target: mean or share, SD between patients, how many are behind it, and the mean if nobody changed.

    Under several parameter sets each has a row of its own.
    """

    mean: Float[ndarray, "*set target"]
    sd: Float[ndarray, "*set target"]
    count: Float[ndarray, "*set target"]
    unchanged: Float[ndarray, "*set target"]


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
    return subjects_of(schedule, streams, draw_deviates(streams, count=count, first=first))


def subjects_of(schedule: Schedule, streams: Streams, deviates: Deviates) -> SimulatedSubjects:
    """Draw the visits of a schedule for patients who have been drawn."""
    attendance = streams("attendance").uniforms(1, deviates.ids)[:, 0]
    noise = draw_visit_noise(streams, schedule.labels, deviates.ids)
    return SimulatedSubjects(schedule, deviates, schedule.days(streams, deviates.ids), noise, attendance)


def simulate(
    subjects: SimulatedSubjects, parameters: AnyParameters, counterfactual: Counterfactual
) -> ExaminedPatients:
    """Examine a schedule's patients under one parameter set, or each under one of their own."""
    patients: VirtualPatients = form_patients(parameters, subjects.deviates)
    days = subjects.schedule.as_examined(subjects.days, parameters.examination_day_power)
    outcomes = assess(patients, days, parameters, subjects.noise, counterfactual)
    return ExaminedPatients(subjects.schedule, outcomes, subjects.attendance)


def read_predictions(
    targets: Sequence[Target],
    simulated: Mapping[Schedule, ExaminedPatients],
    weights: Float[ndarray, " patient"] | None = None,
) -> Prediction:
    """Read the targets off simulated populations, whose patients count alike unless they are given weights."""
    people = len(next(iter(simulated.values())).attendance)
    found = read_predictions_by_set(targets, simulated, np.zeros(people, int), 1, weights)
    return Prediction(found.mean[0], found.sd[0], found.count[0], found.unchanged[0])


def read_predictions_by_set(
    targets: Sequence[Target],
    simulated: Mapping[Schedule, ExaminedPatients],
    number: Int[ndarray, " patient"],
    sets: int,
    weights: Float[ndarray, " patient"] | None = None,
) -> Prediction:
    """Read the targets off simulated populations whose patients belong to several parameter sets, set by set."""
    table = np.full((4, sets, len(targets)), np.nan)
    for schedule, places in share_schedules(targets, simulated).items():
        population = simulated[schedule]
        views = {viewing: population.view(viewing) for viewing in {viewing_of(targets[place]) for place in places}}
        for place in places:
            view = views[viewing_of(targets[place])]
            table[:, :, place] = _read(targets[place], population, view, number, sets, weights)
    return Prediction(*table)


def _read(
    target: Target,
    population: ExaminedPatients,
    view: View,
    number: Int[ndarray, " patient"],
    sets: int,
    weights: Float[ndarray, " patient"] | None,
) -> tuple[Float[ndarray, " set"], Float[ndarray, " set"], Float[ndarray, " set"], Float[ndarray, " set"]]:
    visit = population.schedule.nearest(target.followup_day)
    chosen = np.flatnonzero(is_in(target, population, view) & view.is_shown[:, visit])
    now, unchanged = values(target, population, chosen, visit, view.baseline_visit[chosen])
    of_set, weight = number[chosen], np.ones(len(chosen)) if weights is None else weights[chosen]

    def summed(parts: Float[ndarray, " chosen"]) -> Float[ndarray, " set"]:
        return np.bincount(of_set, weights=weight * parts, minlength=sets).astype(float)  # whole where nobody is

    total, squares = summed(np.ones(len(chosen))), summed(weight)
    mean, still = (_over(summed(each), total) for each in (now, unchanged))
    sd = np.sqrt(_over(summed((now - mean[of_set]) ** 2), total))
    return mean, sd, np.divide(total**2, squares, out=np.zeros(sets), where=squares > 0), still


def _over(part: Float[ndarray, " set"], whole: Float[ndarray, " set"]) -> Float[ndarray, " set"]:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


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
