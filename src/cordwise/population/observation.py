"""How a registry looks at its patients: who is examined when, which examination sets the grade, who is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.batches import joined
from cordwise.base.randomness import Streams
from cordwise.base.tables import RawTable, packaged_table
from cordwise.evidence import Target, packaged_targets, raw_table
from cordwise.isncsci import AIS
from cordwise.patient.outcomes import BASELINE, Outcomes
from cordwise.population.examination_day import uniform_days


class Viewing(StrEnum):
    """Ways of looking; the first three are read off the sources, the last is what a table states of itself."""

    EMSCI = "EMSCI"
    EMSCI_ENTRY = "EMSCI entry"
    SYGEN = "Sygen"
    STATED = "stated"


_SYGEN = "Sygen"
_REGISTRY_OF = {Viewing.EMSCI: "EMSCI", Viewing.EMSCI_ENTRY: "EMSCI", Viewing.SYGEN: _SYGEN, Viewing.STATED: None}
_SYGEN_GRADING_VISIT = "week-1"


@dataclass(frozen=True, slots=True)
class Visit:
    """One examination of a schedule: a name, the day that tables print, and the days on which it takes place."""

    label: str
    nominal_day: float
    first_day: float
    last_day: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """The examinations that one group of targets needs; targets with the same schedule share one simulation."""

    registry: str | None
    visits: tuple[Visit, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the visits, which name their random streams."""
        return tuple(visit.label for visit in self.visits)

    def days(self, streams: Streams, ids: Int[ndarray, " patient"]) -> Float[ndarray, "patient time"]:
        """Draw the day of every patient's examinations."""
        return np.column_stack([_visit_days(visit, streams, ids) for visit in self.visits])

    def as_examined(
        self, days: Float[ndarray, "patient time"], power: Float[ndarray, " patient"] | float
    ) -> Float[ndarray, "patient time"]:
        """Return the days when a registry without visits of its own examines early or late in the stated window.

        `power` is that of the share of the window; 1 leaves the days even within it.
        """
        first, last = self.visits[0].first_day, self.visits[0].last_day
        if self.registry or last <= first:
            return days
        moved = days.copy()
        moved[:, 0] = first + (last - first) * ((days[:, 0] - first) / (last - first)) ** power
        return moved

    @property
    def key(self) -> tuple[str | None, float, float]:
        """Return what decides who looks when: the registry, or else the window of the baseline examination."""
        return self.registry, *((0.0, 0.0) if self.registry else (self.visits[0].first_day, self.visits[0].last_day))

    def nearest(self, day: float) -> int:
        """Return the visit whose printed day is nearest, the first of equals."""
        return int(np.argmin([abs(visit.nominal_day - day) for visit in self.visits]))


def _visit_days(visit: Visit, streams: Streams, ids: Int[ndarray, " patient"]) -> Float[ndarray, " patient"]:
    window = (visit.first_day, visit.last_day)
    if visit.label == BASELINE:
        return uniform_days(streams, window, ids)
    share = streams(f"visit-day/{visit.label}").uniforms(1, ids)[:, 0]
    return window[0] + (window[1] - window[0]) * share


@cache
def registry_visits(registry: str) -> tuple[Visit, ...]:
    """Return the visits of a registry that has a schedule of its own."""
    rows = [row for row in table("visit_windows") if row["registry"] == registry]
    return tuple(
        Visit(row["visit"], float(row["nominal_day"]), float(row["first_day"]), float(row["last_day"])) for row in rows
    )


def viewing_of(target: Target) -> Viewing:
    """Say how the source of a target looked at its patients."""
    for row in table("viewings"):
        latest = float(row["baseline_day_max"] or np.inf)
        if row["source_pattern"] in target.source and target.baseline_day_max <= latest:
            return Viewing(row["viewing"])
    return Viewing.STATED


def is_home(target: Target) -> bool:
    """Say whether a target comes from the registry to which the case mix is fitted."""
    return viewing_of(target) in (Viewing.EMSCI, Viewing.EMSCI_ENTRY)


def plan_schedules(targets: Sequence[Target]) -> Mapping[Schedule, tuple[int, ...]]:
    """Group targets by the simulation they need; return their places in `targets`."""
    members: dict[tuple[str | None, float, float], list[int]] = {}
    for place, target in enumerate(targets):
        members.setdefault(_key(target), []).append(place)
    return {
        Schedule(registry, _visits(registry, (low, high), [targets[place].followup_day for place in places])): tuple(
            places
        )
        for (registry, low, high), places in members.items()
    }


def share_schedules(targets: Sequence[Target], schedules: Iterable[Schedule]) -> Mapping[Schedule, tuple[int, ...]]:
    """Group targets by the schedule, out of those planned for them and others, that serves each."""
    by_key = {schedule.key: schedule for schedule in schedules}
    members: dict[Schedule, list[int]] = {}
    for place, target in enumerate(targets):
        members.setdefault(by_key[_key(target)], []).append(place)
    return {schedule: tuple(places) for schedule, places in members.items()}


def _key(target: Target) -> tuple[str | None, float, float]:
    registry = _REGISTRY_OF[viewing_of(target)]
    return registry, *((0.0, 0.0) if registry else (target.baseline_day_min, target.baseline_day_max))


def _visits(registry: str | None, window: tuple[float, float], days: Sequence[float]) -> tuple[Visit, ...]:
    # A result inside the window of the baseline examination is a result of that examination.
    own = registry_visits(registry) if registry else (Visit(BASELINE, window[1], *window),)
    latest = max(visit.last_day for visit in own)
    further = sorted({day for day in days if day > latest})
    return (*own, *(Visit(f"day-{day:g}", day, day, day) for day in further))


@dataclass(frozen=True, slots=True)
class View:
    """What a table shows of a simulated population: who is in it at a visit, and their baseline visit."""

    baseline_visit: Int[ndarray, " patient"]
    has_baseline: Bool[ndarray, " patient"]
    is_shown: Bool[ndarray, "patient time"]


@dataclass(frozen=True, slots=True)
class ExaminedPatients:
    """A simulated population at the visits of one schedule."""

    schedule: Schedule
    outcomes: Outcomes
    attendance: Float[ndarray, " patient"]  # a uniform number that decides which of EMSCI's first two visits took place

    def __getitem__(self, chosen: ndarray | slice) -> "ExaminedPatients":
        """Return some of the patients."""
        return ExaminedPatients(self.schedule, self.outcomes[chosen], self.attendance[chosen])

    def view(self, viewing: Viewing) -> View:
        """Return what a table made in the given way shows."""
        if viewing is Viewing.EMSCI:
            return self._registry_view()
        if viewing is Viewing.EMSCI_ENTRY:
            return self._first_visit_view(~self._missed_first())
        if viewing is Viewing.SYGEN:
            view = self._fixed_view(self.schedule.labels.index(_SYGEN_GRADING_VISIT))
            return replace(view, has_baseline=self._meets_entry_limits())
        return self._fixed_view(0)

    def _missed_first(self) -> Bool[ndarray, " patient"]:
        first_only, second_only = first_visit_pattern()
        return (self.attendance >= first_only) & (self.attendance < first_only + second_only)

    def _meets_entry_limits(self) -> Bool[ndarray, " patient"]:
        meets = np.ones(len(self.attendance), bool)
        for row in table("entry_limits"):
            if row["registry"] == self.schedule.registry:
                scores = getattr(self.outcomes, row["score"])[:, self.schedule.labels.index(row["visit"])]
                meets &= scores <= float(row["limit"])
        return meets

    def _registry_view(self) -> View:
        shown = self.outcomes.ais < AIS.E
        shown[:, 0] &= ~self._missed_first()
        shown[:, 1] &= self.attendance >= first_visit_pattern()[0]
        baseline = np.where(shown[:, 0], 0, 1)
        has_baseline = shown[:, 0] | shown[:, 1]
        return View(baseline, has_baseline, shown & has_baseline[:, None])

    def _first_visit_view(self, attended: Bool[ndarray, " patient"]) -> View:
        everyone = np.ones(self.outcomes.ais.shape, bool)
        has_baseline = attended & (self.outcomes.ais[:, 0] < AIS.E)
        return View(np.zeros(len(attended), int), has_baseline, everyone)

    def _fixed_view(self, visit: int) -> View:
        everyone = np.ones(self.outcomes.ais.shape, bool)
        return View(np.full(len(everyone), visit), everyone[:, 0], everyone)


def joined_examined(parts: Sequence[ExaminedPatients]) -> ExaminedPatients:
    """Return several batches of the patients of a schedule as one."""
    outcomes = joined([part.outcomes for part in parts])
    return ExaminedPatients(parts[0].schedule, outcomes, np.concatenate([part.attendance for part in parts]))


@cache
def first_visit_pattern() -> tuple[float, float]:
    """Return the shares of EMSCI's patients seen in week 2 only and in week 4 only, from the printed numbers.

    The tables of LEMS give how many were examined at each visit, table 2 of the same paper how many at either.
    """
    counts = {"measure": "baseline_AIS_A", "source_short": "Bourguignon2022"}
    everyone = next(float(row["n"]) for row in raw_table("natural_history") if counts.items() <= row.cells.items())
    rows = [row for row in packaged_targets() if row.measure == "lems" and viewing_of(row) is Viewing.EMSCI]
    visits = registry_visits("EMSCI")
    seen = [sum(row.n for row in rows if row.followup_day == visit.nominal_day) / everyone for visit in visits[:2]]
    return 1 - seen[1], 1 - seen[0]


def table(name: str) -> RawTable:
    """Return the table `data/<name>.csv` of the population."""
    return packaged_table("cordwise.population", name)
