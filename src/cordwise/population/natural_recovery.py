"""How many would have improved anyway: natural recovery of patients chosen by their simulated baseline examination."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcomes import Outcomes, follow
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients, draw_patients
from cordwise.population.case_mix.entry_match import EntryMatch, Weighed, entry_match, equal_weights, weigh_entrants
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.examination_day import uniform_days, visit_label
from cordwise.population.posterior import Posterior
from cordwise.population.prediction import effective_count

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
    case_mix
        Baseline table that those who enter are weighed to resemble, one parameter set at a time.
    """

    levels: tuple[int, int]
    grades: tuple[AIS, ...]
    baseline_days: tuple[float, float]
    case_mix: BaselineTable | None = None


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
    """Simulated patients improved: how many, of how many, for each parameter draw, baseline grade and day.

    Under a case mix the numbers are sums of weights, `effective` says how many patients of equal weight they are worth,
    and `match` how well the table is met.
    """

    improved: Float[ndarray, "draw grade day"]
    selected: Float[ndarray, "draw grade"]
    effective: Float[ndarray, "draw grade"]
    match: EntryMatch | None = None

    @property
    def probability(self) -> Float[ndarray, "draw grade day"]:
        """Share improved; a draw without a patient of the grade takes the share over all draws."""
        everyone = self.selected.sum(axis=0)[:, None]
        pooled = _share(self.improved.sum(axis=0), everyone)
        count = self.selected[:, :, None]
        return np.where(count > 0, _share(self.improved, count), pooled)

    @property
    def mcse(self) -> Float[ndarray, "draw grade day"]:
        """Monte Carlo standard error of each share."""
        count = np.maximum(self.effective[:, :, None], 1)
        return np.sqrt(self.probability * (1 - self.probability) / count)

    @property
    def pooled_mcse(self) -> Float[ndarray, "grade day"]:
        """Monte Carlo standard error of the mean over draws."""
        return np.sqrt((self.mcse**2).sum(axis=0)) / len(self.selected)


def _share(part: Float[ndarray, "*batch"], whole: Float[ndarray, "*#batch"]) -> Float[ndarray, "*batch"]:
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


@dataclass(frozen=True, slots=True)
class _Selection:
    """Patients of one parameter draw who meet the entry criteria at their simulated baseline examination."""

    parameters: PopulationParameters
    patients: VirtualPatients
    grades: Int[ndarray, " patient"]
    weighed: Weighed

    def counts(self, grades: Sequence[int], chosen: Bool[ndarray, " patient"] | None = None) -> list[float]:
        """Add up the weights of patients by baseline grade, all or the chosen ones."""
        weights = self.weighed.weights if chosen is None else self.weighed.weights * chosen
        return [float(weights[self.grades == grade].sum()) for grade in grades]

    def effective(self, grades: Sequence[int]) -> list[float]:
        """Return how many patients of equal weight each baseline grade is worth."""
        return [effective_count(self.weighed.weights[self.grades == grade]) for grade in grades]


class _Tally:
    """What is counted draw by draw, and made into an improvement once all draws are through.

    A case mix that hardly anybody resembles is refused at the first draw that says so.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.selected: list[list[float]] = []
        self.effective: list[list[float]] = []
        self.weighed: list[Weighed] = []
        self.match: EntryMatch | None = None

    def add(self, chosen: _Selection) -> None:
        """Count one draw's patients."""
        self.selected.append(chosen.counts(self.entry.grades))
        self.effective.append(chosen.effective(self.entry.grades))
        self.weighed.append(chosen.weighed)
        if self.entry.case_mix:
            self.match = entry_match(self.entry.case_mix, self.weighed)

    def improvement(self, improved: Float[ndarray, "draw grade day"]) -> Improvement:
        """Return the improvement, with the match to the case mix if there is one."""
        return Improvement(improved, np.array(self.selected), np.array(self.effective), self.match)


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
    world: Counterfactual | None = None,
    min_grades: int = 1,
) -> Improvement:
    """Count who gains at least `min_grades` from baseline to each day of follow-up, without cells by default."""
    worlds = [world or without_cells()]
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
    worlds: Sequence[Counterfactual],
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
    improved, tally = [], _Tally(entry)
    for chosen in _selections(posterior, streams, entry, effort):
        improved.append([_counts_of_gain(chosen, entry, followup_days, streams, world, min_grades) for world in worlds])
        tally.add(chosen)
    by_world = np.moveaxis(np.array(improved), 1, 0)
    return [tally.improvement(np.swapaxes(counts, 1, 2)) for counts in by_world]


def retest_upgrades(posterior: Posterior, streams: Streams, entry: Entry, *, effort: Effort) -> Improvement:
    """Count who gets a higher grade when examined again on the day of baseline: noise of examining, not recovery."""
    improved, tally = [], _Tally(entry)
    for chosen in _selections(posterior, streams, entry, effort):
        days = uniform_days(streams, entry.baseline_days, chosen.patients.ids)[:, None]
        again = follow(chosen.patients, days, ("retest",), chosen.parameters, streams, without_cells())
        improved.append(chosen.counts(entry.grades, again.ais[:, 0] > chosen.grades))
        tally.add(chosen)
    return tally.improvement(np.array(improved)[:, :, None])


def _selections(posterior: Posterior, streams: Streams, entry: Entry, effort: Effort) -> Iterator[_Selection]:
    """Yield, for each parameter draw, the simulated patients who enter; other draws, other patients."""
    for number, parameters in enumerate(posterior.draws[: effort.draws]):
        first = number * effort.patients
        candidates = draw_patients(parameters, streams, count=effort.patients, first=first)
        days = uniform_days(streams, entry.baseline_days, candidates.ids)[:, None]
        baseline = follow(candidates, days, (_BASELINE,), parameters, streams, without_cells())
        chosen = is_eligible(baseline, entry.levels, entry.grades)
        entrants = baseline[chosen]
        weighed = weigh_entrants(entry.case_mix, entrants) if entry.case_mix else equal_weights(len(entrants.ais))
        yield _Selection(parameters, candidates[chosen], entrants.ais[:, 0].astype(int), weighed)


def _counts_of_gain(
    chosen: _Selection,
    entry: Entry,
    followup_days: Sequence[float],
    streams: Streams,
    world: Counterfactual,
    min_grades: int,
) -> list[list[float]]:
    """Count who has gained by each day, by baseline grade."""
    days = np.broadcast_to(np.asarray(followup_days, float), (len(chosen.patients), len(followup_days)))
    labels = tuple(map(visit_label, followup_days))
    later = follow(chosen.patients, days, labels, chosen.parameters, streams, world)
    gained = later.ais >= chosen.grades[:, None] + min_grades
    return [chosen.counts(entry.grades, gained[:, day]) for day in range(len(followup_days))]
