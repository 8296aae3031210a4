"""What a patient bank is asked for and what it holds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int, Int8, Int16
from numpy import ndarray

from cordwise.base.codec import HIDDEN, OMIT_FALSE
from cordwise.base.errors import Fault
from cordwise.isncsci import AIS
from cordwise.patient.outcomes import Outcomes
from cordwise.population.case_mix.entry_match import entry_faults
from cordwise.population.case_mix.match import CaseMixMatch
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.entry import Entry

CONTROL = "control"


@dataclass(frozen=True, slots=True)
class BankSpec:
    """Who enters and when they are examined; all days count from the injury.

    Attributes
    ----------
    grades, levels, age_years
        Entry criteria; grades and levels (numbers of `LEVELS`) are those of the simulated baseline examination.
    baseline_day
        First and last day of the baseline examination.
    visits
        Planned days of the later examinations.
    people, groups
        How many enter in each group of each parameter set. No person stands in two groups, so that what differs
        between the groups of a set tells how much the people matter.
    sets
        Parameter sets, spread evenly over those of the posterior; all of them when None.
    visit_window_days
        Half width of each visit's window: a patient's own day is even within it; empty or 0 puts all on the day.
    case_mix
        Baseline table that those who enter are weighed to resemble, then drawn so that all count alike.
    confirmed
        Whether everybody is examined twice on every day: nobody enters whose two grades at baseline differ, and the
        bank holds the grades of both examinations.
    """

    grades: tuple[int, ...]
    levels: tuple[int, int]
    age_years: tuple[float, float]
    baseline_day: tuple[float, float]
    visits: tuple[float, ...]
    people: int
    groups: int = 2
    sets: int | None = None
    visit_window_days: tuple[float, ...] = ()
    case_mix: BaselineTable | None = field(default=None, metadata=HIDDEN)
    confirmed: bool = field(default=False, metadata=OMIT_FALSE)

    @property
    def half_widths(self) -> tuple[float, ...]:
        """Return the half width of every visit's window."""
        return self.visit_window_days or (0.0,) * len(self.visits)

    @property
    def entry(self) -> Entry:
        """Return who enters, whatever their age."""
        return Entry(self.levels, tuple(map(AIS, self.grades)), self.baseline_day, self.case_mix, self.confirmed)

    def faults(self) -> Iterator[Fault]:
        """Yield what keeps the bank from being built as asked."""
        for name in ("people", "groups"):
            if getattr(self, name) < 1:
                yield Fault(f"bank, {name}", "1 or more", str(getattr(self, name)))
        if self.sets is not None and self.sets < 1:
            yield Fault("bank, sets", "1 or more", str(self.sets))
        if len(self.half_widths) != len(self.visits):
            found = f"{len(self.visit_window_days)} for {len(self.visits)} visits"
            yield Fault("bank, visit_window_days", "a half width for every visit, or none", found)
        ends = [self.baseline_day[1]]
        for day, half in zip(self.visits, self.half_widths, strict=False):
            if not (np.isfinite(half) and half >= 0):
                yield Fault("bank, visit_window_days", "days of 0 or more", f"{half:g}")
            elif half and day - half <= ends[-1]:
                wanted = f"a window that opens after day {ends[-1]:g}, when the one before has closed"
                yield Fault(f"bank, visit on day {day:g}", wanted, f"day {day - half:g}")
            ends.append(day + half)
        if self.case_mix:
            yield from entry_faults(self.case_mix, self.levels, self.grades, self.baseline_day)


_OF_EACH_PATIENT = (
    "ids", "age_years", "sex", "neurological_level", "baseline_ais", "baseline_day", "parameter_draw",
    "examination_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatientBank:
    """Simulated patients with potential outcomes: the same person and the same examiners, without cells and with them.

    Rows come set by set, in a set group by group, each set and group with the same number of people.

    Attributes
    ----------
    days
        The middle of the baseline window, then the planned visits.
    ids, age_years, sex, neurological_level, baseline_ais, baseline_day, parameter_draw
        Who they are. In a bank drawn to a case mix a patient may stand in several rows.
    examination_day
        Each patient's own days.
    dose_day, outcomes
        By the name of the counterfactual, `CONTROL` without cells: day of the first dose, NaN for a patient who gets
        none, and the examinations, that at baseline first.
    sets, groups
        Parameter sets in the bank, and groups of people in each; with a case mix, the sets that can be weighed to it.
    case_mix
        How well those who enter meet the baseline table that they are weighed to; None without one.
    second_ais
        By the name of the counterfactual, the grades of the second examination on each day; empty where nobody is
        examined twice.
    parent_draw
        From which draw of what registries have in common each one's parameter set comes; None where that is not known.
    """

    days: tuple[float, ...]
    ids: Int[ndarray, " patient"]
    age_years: Float[ndarray, " patient"]
    sex: ndarray
    neurological_level: Int8[ndarray, " patient"]
    baseline_ais: Int8[ndarray, " patient"]
    baseline_day: Float[ndarray, " patient"]
    parameter_draw: Int16[ndarray, " patient"]
    examination_day: Float[ndarray, "patient time"]
    dose_day: Mapping[str, Float[ndarray, " patient"]]
    outcomes: Mapping[str, Outcomes]
    sets: int = 1
    groups: int = 1
    case_mix: CaseMixMatch | None = None
    second_ais: Mapping[str, Int8[ndarray, "patient time"]] = field(default_factory=dict)
    parent_draw: Int16[ndarray, " patient"] | None = None

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.age_years)

    @property
    def distinct_patients(self) -> int:
        """Return how many persons the patients are."""
        return len(np.unique(self.ids))

    @property
    def people(self) -> int:
        """Return the number of people in one group of one parameter set."""
        return len(self) // (self.sets * self.groups)

    @property
    def rows(self) -> Int[ndarray, "set group person"]:
        """Return the rows of the people of every group of every parameter set."""
        return np.arange(len(self)).reshape(self.sets, self.groups, self.people)

    @property
    def set_numbers(self) -> tuple[int, ...]:
        """Return the number in the posterior of each of its parameter sets."""
        return tuple(self.parameter_draw[self.rows[:, 0, 0]].tolist())

    @property
    def parents(self) -> Int[ndarray, " set"] | None:
        """Return from which draw of what registries have in common each of its parameter sets comes."""
        return None if self.parent_draw is None else self.parent_draw[self.rows[:, 0, 0]].astype(int)

    def of_sets(self, numbers: Collection[int]) -> "PatientBank":
        """Return the bank with the people of some of its parameter sets only."""
        kept = [number in numbers for number in self.set_numbers]
        if all(kept):
            return self
        rows = self.rows[kept].ravel()
        people = {name: getattr(self, name)[rows] for name in _OF_EACH_PATIENT}
        days = MappingProxyType({name: each[rows] for name, each in self.dose_day.items()})
        outcomes = MappingProxyType({name: each[rows] for name, each in self.outcomes.items()})
        parent = None if self.parent_draw is None else self.parent_draw[rows]
        return replace(self, **people, dose_day=days, outcomes=outcomes, sets=sum(kept), parent_draw=parent)

    def at_visits(self, days: tuple[float, ...]) -> "PatientBank":
        """Return the bank with some of its visits only."""
        if self.days[1:] == days:
            return self
        columns = [0, *(self.days.index(day, 1) for day in days)]
        outcomes = {name: each.of_visits(columns) for name, each in self.outcomes.items()}
        return replace(
            self,
            days=tuple(self.days[column] for column in columns),
            examination_day=self.examination_day[:, columns],
            outcomes=MappingProxyType(outcomes),
            second_ais=MappingProxyType({name: each[:, columns] for name, each in self.second_ais.items()}),
        )
