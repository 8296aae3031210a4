"""How many would have improved anyway: natural recovery of patients chosen by their simulated baseline examination."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.cohort.entry_day import uniform_days, visit_label
from cordwise.cohort.outcomes import Outcomes, follow
from cordwise.cohort.posterior import Posterior
from cordwise.cohort.world import World, natural_world
from cordwise.cord.patients import VirtualPatients, draw_patients
from cordwise.cord.population_parameters import PopulationParameters
from cordwise.isncsci import AIS
from cordwise.randomness import Streams

_BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters, judged on the simulated baseline examination, and when that is; days count from the injury.

    Attributes
    ----------
    levels
        First and last neurological level, as numbers of `LEVELS`.
    grades
        Baseline grades.
    baseline_days
        First and last day of the baseline examination; each patient's day is even between them.
    """

    levels: tuple[int, int]
    grades: tuple[AIS, ...]
    baseline_days: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: parameter sets of the population, and patients examined at baseline for each."""

    draws: int
    patients: int

    def times(self, draws: float, patients: float) -> "Effort":
        """Return less effort, for what needs less."""
        return Effort(max(2, round(self.draws * draws)), round(self.patients * patients))


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


def is_eligible(baseline: Outcomes, levels: tuple[int, int], grades: Sequence[int]) -> Bool[ndarray, " patient"]:
    """Say who has a grade and a neurological level inside the entry criteria at the first visit."""
    level = baseline.neurological_level[:, 0]
    return np.isin(baseline.ais[:, 0], grades) & (level >= levels[0]) & (level <= levels[1])


def improvement(
    posterior: Posterior,
    streams: Streams,
    entry: Entry,
    followup_days: Sequence[float],
    *,
    effort: Effort,
    world: World | None = None,
    min_grades: int = 1,
) -> Improvement:
    """Count who gains at least `min_grades` from baseline to each day of follow-up, without cells by default."""
    worlds = [world or natural_world()]
    (found,) = improvement_by_world(
        posterior, streams, entry, followup_days, effort=effort, worlds=worlds, min_grades=min_grades
    )
    return found


def improvement_by_world(
    posterior: Posterior,
    streams: Streams,
    entry: Entry,
    followup_days: Sequence[float],
    *,
    effort: Effort,
    worlds: Sequence[World],
    min_grades: int = 1,
) -> list[Improvement]:
    """Count who gains in each of several worlds that part after baseline: the same patients, the same examiners.

    Parameters
    ----------
    posterior
        The fitted population; its first draws are used.
    streams
        Random streams.
    entry
        Who enters, and when.
    followup_days
        Days after injury of the follow-up examinations.
    effort
        Parameter draws, and simulated patients for each.
    worlds
        What happens to the tissue.
    min_grades
        Grades to gain.
    """
    improved, selected = [], []
    for chosen in _selections(posterior, streams, entry, effort):
        improved.append([_counts_of_gain(chosen, entry, followup_days, streams, world, min_grades) for world in worlds])
        selected.append(chosen.counts(entry.grades))
    by_world = np.moveaxis(np.array(improved), 1, 0)
    return [Improvement(np.swapaxes(counts, 1, 2), np.array(selected)) for counts in by_world]


def retest_upgrades(posterior: Posterior, streams: Streams, entry: Entry, *, effort: Effort) -> Improvement:
    """Count who gets a higher grade when examined again on the day of baseline: noise of examining, not recovery."""
    improved, selected = [], []
    for chosen in _selections(posterior, streams, entry, effort):
        days = uniform_days(streams, entry.baseline_days, chosen.patients.ids)[:, None]
        again = follow(chosen.patients, days, ("retest",), chosen.parameters, streams, natural_world())
        improved.append(chosen.counts(entry.grades, again.ais[:, 0] > chosen.grades))
        selected.append(chosen.counts(entry.grades))
    return Improvement(np.array(improved)[:, :, None], np.array(selected))


def _selections(posterior: Posterior, streams: Streams, entry: Entry, effort: Effort) -> Iterator[_Selection]:
    """Yield, for each parameter draw, the simulated patients who enter; other draws, other patients."""
    for number, parameters in enumerate(posterior.draws[: effort.draws]):
        first = number * effort.patients
        candidates = draw_patients(parameters, streams, count=effort.patients, first=first)
        days = uniform_days(streams, entry.baseline_days, candidates.ids)[:, None]
        baseline = follow(candidates, days, (_BASELINE,), parameters, streams, natural_world())
        chosen = is_eligible(baseline, entry.levels, entry.grades)
        yield _Selection(parameters, candidates[chosen], baseline.ais[chosen, 0].astype(int))


def _counts_of_gain(
    chosen: _Selection,
    entry: Entry,
    followup_days: Sequence[float],
    streams: Streams,
    world: World,
    min_grades: int,
) -> list[list[int]]:
    """Count who has gained by each day, by baseline grade."""
    days = np.broadcast_to(np.asarray(followup_days, float), (len(chosen.patients), len(followup_days)))
    labels = tuple(map(visit_label, followup_days))
    later = follow(chosen.patients, days, labels, chosen.parameters, streams, world)
    gained = later.ais >= chosen.grades[:, None] + min_grades
    return [chosen.counts(entry.grades, gained[:, day]) for day in range(len(followup_days))]
