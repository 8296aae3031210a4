"""How many would have improved anyway: natural recovery of patients chosen by their simulated baseline examination."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.cohort.outcomes import Outcomes, follow
from cordwise.cohort.posterior import Posterior
from cordwise.cohort.world import World, natural_world
from cordwise.cord.patients import VirtualPatients, draw_patients
from cordwise.cord.population_parameters import PopulationParameters
from cordwise.isncsci import AIS
from cordwise.randomness import Streams

DRAWS = 40
PATIENTS_PER_DRAW = 4000
_BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Improvement:
    """Simulated patients improved: how many, of how many, for each parameter draw, baseline grade and day."""

    improved: Int[ndarray, "draw grade day"]
    selected: Int[ndarray, "draw grade"]

    @property
    def probability(self) -> Float[ndarray, "draw grade day"]:
        """Share improved; a draw without a patient of the grade takes the share over all draws."""
        pooled = self.improved.sum(axis=0) / np.maximum(self.selected.sum(axis=0), 1)[:, None]
        count = self.selected[:, :, None]
        return np.where(count > 0, self.improved / np.maximum(count, 1), pooled)

    @property
    def mcse(self) -> Float[ndarray, "draw grade day"]:
        """Monte Carlo standard error of each share."""
        count = np.maximum(self.selected[:, :, None], 1)
        return np.sqrt(self.probability * (1 - self.probability) / count)

    @property
    def pooled_mcse(self) -> Float[ndarray, "grade day"]:
        """Monte Carlo standard error of the mean over draws."""
        return np.sqrt((self.mcse**2).sum(axis=0)) / len(self.selected)


@dataclass(frozen=True, slots=True)
class _Selection:
    """Patients of one parameter draw who meet the entry criteria at their simulated baseline examination."""

    parameters: PopulationParameters
    patients: VirtualPatients
    grades: Int[ndarray, " patient"]

    def counts(self, grades: Sequence[int], chosen: Bool[ndarray, " patient"] | None = None) -> list[int]:
        """Count patients by baseline grade, all or the chosen ones."""
        kept = self.grades if chosen is None else self.grades[chosen]
        return [int((kept == grade).sum()) for grade in grades]


def uniform_days(streams: Streams, window: tuple[float, float], ids: ndarray) -> Float[ndarray, " patient"]:
    """Return each patient's day of baseline examination, even over the window."""
    shares = streams("baseline-day").uniforms(1, ids)[:, 0]
    return window[0] + (window[1] - window[0]) * shares


def is_eligible(baseline: Outcomes, levels: tuple[int, int], grades: Sequence[int]) -> Bool[ndarray, " patient"]:
    """Say who has a grade and a neurological level inside the entry criteria at the first visit."""
    level = baseline.neurological_level[:, 0]
    return np.isin(baseline.ais[:, 0], grades) & (level >= levels[0]) & (level <= levels[1])


def improvement(
    posterior: Posterior,
    streams: Streams,
    *,
    levels: tuple[int, int],
    grades: Sequence[AIS | int],
    baseline_days: tuple[float, float],
    followup_days: Sequence[float],
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    world: World | None = None,
    min_grades: int = 1,
) -> Improvement:
    """Count who gains at least `min_grades` from baseline to each day of follow-up.

    Parameters
    ----------
    posterior
        The fitted population.
    streams
        Random streams.
    levels
        First and last neurological level at baseline, as numbers of `LEVELS`.
    grades
        Baseline grades.
    baseline_days
        First and last day of the baseline examination; each patient's day is even between them.
    followup_days
        Days after injury of the follow-up examinations.
    draws, patients
        Parameter draws, and simulated patients examined at baseline for each.
    world
        What happens to the tissue; without cells by default.
    min_grades
        Grades to gain.
    """
    (found,) = improvement_by_world(
        posterior,
        streams,
        levels=levels,
        grades=grades,
        baseline_days=baseline_days,
        followup_days=followup_days,
        draws=draws,
        patients=patients,
        worlds=[world or natural_world()],
        min_grades=min_grades,
    )
    return found


def improvement_by_world(
    posterior: Posterior,
    streams: Streams,
    *,
    levels: tuple[int, int],
    grades: Sequence[AIS | int],
    baseline_days: tuple[float, float],
    followup_days: Sequence[float],
    worlds: Sequence[World],
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    min_grades: int = 1,
) -> list[Improvement]:
    """Count who gains in each of several worlds that part after baseline: the same patients, the same examiners.

    Arguments as in `improvement`; patients are selected once, without cells.
    """
    improved, selected = [], []
    for number, parameters in enumerate(posterior.draws[:draws]):
        ids = range(number * patients, (number + 1) * patients)
        chosen = _select(parameters, streams, levels, grades, baseline_days, ids)
        improved.append(
            [_counts_of_gain(chosen, grades, followup_days, streams, world, min_grades) for world in worlds]
        )
        selected.append(chosen.counts(grades))
    by_world = np.moveaxis(np.array(improved), 1, 0)
    return [Improvement(np.swapaxes(counts, 1, 2), np.array(selected)) for counts in by_world]


def _counts_of_gain(
    chosen: _Selection,
    grades: Sequence[int],
    followup_days: Sequence[float],
    streams: Streams,
    world: World,
    min_grades: int,
) -> list[list[int]]:
    """Count who has gained by each day, by baseline grade."""
    later = _follow_up(chosen, followup_days, streams, world)
    gained = later.ais >= chosen.grades[:, None] + min_grades
    return [chosen.counts(grades, gained[:, day]) for day in range(len(followup_days))]


def improvement_probabilities(
    posterior: Posterior,
    streams: Streams,
    *,
    levels: tuple[int, int],
    grades: Sequence[AIS | int],
    baseline_days: tuple[float, float],
    followup_day: float,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    world: World | None = None,
    min_grades: int = 1,
) -> Float[ndarray, "draw grade"]:
    """Return the probability of improvement by parameter draw and baseline grade; arguments as in `improvement`."""
    found = improvement(
        posterior,
        streams,
        levels=levels,
        grades=grades,
        baseline_days=baseline_days,
        followup_days=(followup_day,),
        draws=draws,
        patients=patients,
        world=world,
        min_grades=min_grades,
    )
    return found.probability[:, :, 0]


def improvement_by_baseline_day(
    posterior: Posterior,
    streams: Streams,
    *,
    levels: tuple[int, int],
    grades: Sequence[AIS | int],
    baseline_grid: Sequence[float],
    followup_day: float,
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
    min_grades: int = 1,
) -> Float[ndarray, "draw grade baseline"]:
    """Return the probability of improvement by one day of follow-up, for baselines on each day of a grid."""
    columns = [
        improvement_probabilities(
            posterior,
            streams,
            levels=levels,
            grades=grades,
            baseline_days=(day, day),
            followup_day=followup_day,
            draws=draws,
            patients=patients,
            min_grades=min_grades,
        )
        for day in baseline_grid
    ]
    return np.stack(columns, axis=-1)


def retest_misgrading(
    posterior: Posterior,
    streams: Streams,
    *,
    levels: tuple[int, int],
    grades: Sequence[AIS | int],
    baseline_days: tuple[float, float],
    draws: int = DRAWS,
    patients: int = PATIENTS_PER_DRAW,
) -> Float[ndarray, "draw grade"]:
    """Return the probability that a second examination on the day of baseline gives a higher grade."""
    improved, selected = [], []
    for number, parameters in enumerate(posterior.draws[:draws]):
        ids = range(number * patients, (number + 1) * patients)
        chosen = _select(parameters, streams, levels, grades, baseline_days, ids)
        days = uniform_days(streams, baseline_days, chosen.patients.ids)[:, None]
        again = _examine_selected(chosen, days, ("retest",), streams, natural_world())
        improved.append(chosen.counts(grades, again.ais[:, 0] > chosen.grades))
        selected.append(chosen.counts(grades))
    return Improvement(np.array(improved)[:, :, None], np.array(selected)).probability[:, :, 0]


def _select(
    parameters: PopulationParameters,
    streams: Streams,
    levels: tuple[int, int],
    grades: Sequence[int],
    baseline_days: tuple[float, float],
    ids: range,
) -> _Selection:
    candidates = draw_patients(parameters, streams, count=len(ids), first=ids.start)
    days = uniform_days(streams, baseline_days, candidates.ids)[:, None]
    baseline = follow(candidates, days, (_BASELINE,), parameters, streams, natural_world())
    chosen = is_eligible(baseline, levels, grades)
    return _Selection(parameters, candidates[chosen], baseline.ais[chosen, 0].astype(int))


def _follow_up(chosen: _Selection, followup_days: Sequence[float], streams: Streams, world: World) -> Outcomes:
    days = np.broadcast_to(np.asarray(followup_days, float), (len(chosen.patients), len(followup_days)))
    return _examine_selected(chosen, days, tuple(f"day-{day:g}" for day in followup_days), streams, world)


def _examine_selected(
    chosen: _Selection, days: ndarray, labels: Sequence[str], streams: Streams, world: World
) -> Outcomes:
    return follow(chosen.patients, days, labels, chosen.parameters, streams, world)
