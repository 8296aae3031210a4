"""How many would have improved anyway: natural recovery of people chosen by their simulated baseline examination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.bank.confirmation import confirmed, is_confirmed_at_baseline, second_grades
from cordwise.bank.entrants import joined_entrants, who_enter
from cordwise.bank.people import People, drawn_people, joined_people
from cordwise.base.batches import joined
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual, without_cells
from cordwise.patient.outcomes import BASELINE, Outcomes, VisitNoise, assess, draw_visit_noise
from cordwise.patient.parameters import PopulationParameters
from cordwise.population.case_mix.entry_match import EntryMatch, entry_match, weigh_entrants
from cordwise.population.entry import Entry, is_eligible
from cordwise.population.examination_day import uniform_days, visit_label
from cordwise.stats.random_effects import intraclass_correlation, without_sampling_noise

_MORE_TO_WEIGH = 2  # times the people where a case mix is to choose among them


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: parameter sets of the population, and people examined at baseline for each."""

    draws: int
    patients: int


@dataclass(frozen=True, slots=True)
class Improvement:
    """Simulated people improved: how many, of how many, for each parameter set, baseline grade and day.

    Under a case mix the numbers are sums of weights, `effective` says how many people of equal weight they are worth,
    and `match` how well the table is met; parameter sets that cannot be weighed to it are left out.
    """

    improved: Float[ndarray, "draw grade day"]
    selected: Float[ndarray, "draw grade"]
    effective: Float[ndarray, "draw grade"]
    match: EntryMatch | None = None

    @property
    def probability(self) -> Float[ndarray, "draw grade day"]:
        """Chance to improve under each parameter set; the noise of the few people behind each is taken out."""
        return self.chances(None)

    @property
    def correlation(self) -> Float[ndarray, "grade day"]:
        """How far parameter sets differ in the chance to improve: the intraclass correlation."""
        return intraclass_correlation(self.observed_chances, self._effective)

    def chances(self, correlation: Float[ndarray, "grade 1"] | None) -> Float[ndarray, "draw grade day"]:
        """Return the chance to improve where the correlation is known better than from these people."""
        return without_sampling_noise(self.observed_chances, self._effective, correlation)

    @property
    def observed_chances(self) -> Float[ndarray, "draw grade day"]:
        """Share that improved under each parameter set, as it came out; 0 where nobody was selected."""
        count = np.broadcast_to(self.selected[:, :, None], self.improved.shape)
        return np.divide(self.improved, count, out=np.zeros(count.shape), where=count > 0)

    @property
    def _effective(self) -> Float[ndarray, "draw grade day"]:
        return np.broadcast_to(self.effective[:, :, None], self.improved.shape)

    @property
    def pooled_mcse(self) -> Float[ndarray, "grade day"]:
        """Standard error of the mean over parameter sets that comes from the number of simulated people."""
        mean, people = self.probability.mean(axis=0), self.effective.sum(axis=0)[:, None]
        return np.sqrt(mean * (1 - mean) / np.maximum(people, 1))


@dataclass(frozen=True, slots=True)
class CountedEntrants:
    """People who enter, with their baseline grade and the weight that a case mix gives them."""

    people: People
    grades: tuple[int, ...]
    grade: Int[ndarray, " patient"]
    weight: Float[ndarray, " patient"]
    match: EntryMatch | None

    def __getitem__(self, chosen: ndarray | slice) -> "CountedEntrants":
        """Return some of them."""
        return CountedEntrants(self.people[chosen], self.grades, self.grade[chosen], self.weight[chosen], self.match)

    def first(self, share: float, effort: Effort) -> "CountedEntrants":
        """Return those who were among the first so many drawn of each parameter set, for what needs fewer people."""
        place = self.people.patients.ids // len(self.people.parameters.sets)
        return self[place < max(1, round(share * effort.patients))]

    def alike(self) -> "CountedEntrants":
        """Return the same people, who were weighed to a case mix, all counting alike."""
        return CountedEntrants(self.people, self.grades, self.grade, np.ones_like(self.weight), None)

    def improvement(self, seen: Outcomes, min_grades: int = 1) -> Improvement:
        """Count who has gained at least `min_grades` at each of the examinations."""
        gained = seen.ais >= self.grade[:, None] + min_grades
        selected, squares = self._summed(self.weight), self._summed(self.weight**2)
        effective = np.divide(selected**2, squares, out=np.zeros(selected.shape), where=squares > 0)
        improved = np.stack([self._summed(self.weight * gained[:, day]) for day in range(gained.shape[1])], axis=2)
        used = self.match.used if self.match else slice(None)  # sets that cannot be weighed say nothing
        return Improvement(improved[used], selected[used], effective[used], self.match)

    def _summed(self, values: Float[ndarray, " patient"]) -> Float[ndarray, "draw grade"]:
        sets, grades = len(self.people.parameters.sets), len(self.grades)
        column_of = np.zeros(len(AIS), int)
        column_of[list(self.grades)] = np.arange(grades)
        places = self.people.set_number * grades + column_of[self.grade]
        sums = np.bincount(places, weights=values, minlength=sets * grades)
        return sums.reshape(sets, grades).astype(float)  # of nobody, NumPy counts in whole numbers


def entrants(
    sets: Sequence[PopulationParameters], streams: Streams, entry: Entry, *, people_of_each: int
) -> CountedEntrants:
    """Draw people of every parameter set and return those who enter.

    Raises
    ------
    InputError
        Hardly anybody resembles the case mix.
    """
    count = people_of_each * (_MORE_TO_WEIGH if entry.case_mix else 1)
    everybody = np.arange(len(sets))
    found = drawn_people(sets, streams, everybody, 0, count, lambda people: who_enter(people, entry, streams))
    who = joined_entrants(found)
    return _counted(who.people, entry, who.baseline, *_weights(who.people, who.baseline, entry))


def _weights(
    who: People, baseline: Outcomes, entry: Entry
) -> tuple[Float[ndarray, " patient"] | None, EntryMatch | None]:
    """Weigh the people of each parameter set to the case mix, if there is one."""
    if entry.case_mix is None:
        return None, None
    weight, weighed = np.empty(len(who)), []
    for number in range(len(who.parameters.sets)):
        own = np.flatnonzero(who.set_number == number)
        weighed.append(weigh_entrants(entry.case_mix, baseline[own]))
        weight[own] = weighed[-1].weights
    return weight, entry_match(entry.case_mix, weighed)


def followed(
    who: CountedEntrants,
    days: Sequence[float],
    streams: Streams,
    worlds: Mapping[str, Counterfactual],
    *,
    twice: bool = False,
) -> dict[str, Outcomes]:
    """Examine entrants on later days in several worlds: the same people, the same examiners.

    Examined twice on each day, everybody has the lower of the two grades.
    """
    on = np.broadcast_to(np.asarray(days, float), (len(who.people), len(days)))
    return _graded(who.people, worlds, on, tuple(map(visit_label, days)), streams, twice=twice)


def _graded(
    people: People,
    worlds: Mapping[str, Counterfactual],
    on: Float[ndarray, "patient time"],
    labels: Sequence[str],
    streams: Streams,
    *,
    twice: bool,
) -> dict[str, Outcomes]:
    seen = people.examined_in(worlds, on, labels, streams)
    if not twice:
        return seen
    second = second_grades(people, worlds, on, labels, streams)
    return {name: confirmed(each, second[name]) for name, each in seen.items()}


def retest_upgrades(who: CountedEntrants, streams: Streams, entry: Entry) -> Improvement:
    """Count who gets a higher grade when examined again on the day of baseline: noise of examining, not recovery."""
    days = uniform_days(streams, entry.baseline_days, who.people.patients.ids)[:, None]
    again = _graded(who.people, {"": without_cells()}, days, ("retest",), streams, twice=entry.confirmed)
    return who.improvement(again[""])


def improvement_by_baseline_day(
    sets: Sequence[PopulationParameters],
    streams: Streams,
    entries: Sequence[Entry],
    followup_day: float,
    *,
    people_of_each: int,
    min_grades: int,
) -> list[Improvement]:
    """Count who gains by one day of follow-up had the baseline been on each of several days: one follow-up for all.

    The entries differ in the day of baseline only, which is one day for everybody, and have no case mix.
    """

    def those_who_enter(people: People) -> list[tuple[CountedEntrants, Outcomes]]:
        seen = _on_each_day(people, [entry.baseline_days[0] for entry in entries], streams)
        may = [_may_enter(people, each, entry, streams) for each, entry in zip(seen, entries, strict=True)]
        anybody = np.flatnonzero(np.any(may, axis=0))
        on = np.full((len(anybody), 1), float(followup_day))
        label, twice = (visit_label(followup_day),), entries[0].confirmed
        after = _graded(people[anybody], {"": without_cells()}, on, label, streams, twice=twice)[""]
        return [
            (_counted(people[np.flatnonzero(who)], entry, baseline[who]), after[np.flatnonzero(who[anybody])])
            for entry, who, baseline in zip(entries, may, seen, strict=True)
        ]

    found = drawn_people(sets, streams, np.arange(len(sets)), 0, people_of_each, those_who_enter)
    return [
        _together([who for who, _ in parts]).improvement(joined([seen for _, seen in parts]), min_grades)
        for parts in zip(*found, strict=True)
    ]


def _counted(
    people: People,
    entry: Entry,
    baseline: Outcomes,
    weight: Float[ndarray, " patient"] | None = None,
    match: EntryMatch | None = None,
) -> CountedEntrants:
    """Return people with the grade of their baseline; all count alike without weights."""
    grade = baseline.ais[:, 0].astype(int)
    return CountedEntrants(
        people, tuple(map(int, entry.grades)), grade, np.ones(len(grade)) if weight is None else weight, match
    )


def _on_each_day(people: People, days: Sequence[float], streams: Streams) -> list[Outcomes]:
    """Examine everybody on each of several days, always by the same examiners."""
    once = draw_visit_noise(streams, (BASELINE,), people.patients.ids)
    noise = VisitNoise(np.repeat(once.examination, len(days), axis=1), np.repeat(once.function, len(days), axis=1))
    on = np.tile(np.asarray(days, float), (len(people), 1))
    seen = assess(people.patients, on, people.parameters, noise, without_cells())
    return [seen.of_visits([day]) for day in range(len(days))]


def _may_enter(people: People, baseline: Outcomes, entry: Entry, streams: Streams) -> Bool[ndarray, " patient"]:
    """Say who meets the criteria of an entry on one day for everybody, and is graded alike twice where it asks that."""
    may = is_eligible(baseline, entry.levels, entry.grades)
    if entry.confirmed:
        some = np.flatnonzero(may)
        days = np.full(len(some), float(entry.baseline_days[0]))
        may[some] = is_confirmed_at_baseline(people[some], days, baseline[some], streams)
    return may


def _together(parts: Sequence[CountedEntrants]) -> CountedEntrants:
    """Return several batches of entrants, who have no case mix, as one."""
    grade, weight = (np.concatenate([getattr(part, name) for part in parts]) for name in ("grade", "weight"))
    return CountedEntrants(joined_people([part.people for part in parts]), parts[0].grades, grade, weight, None)
