"""What was found in animals and people, as bands that a right model keeps: perturbations and time courses."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.tables import Row
from cordwise.experiment.tables import table


@dataclass(frozen=True, slots=True)
class Band:
    """One finding: its row, its lowest and highest value, its source, and whether rates were fitted to it."""

    row: str
    low: float
    high: float
    unit: str
    in_fit: bool
    source: str
    status: str

    def holds(self, value: float | Float[ndarray, "*set"]) -> Bool[ndarray, "*set"]:
        """Tell whether a value lies in the band."""
        return np.asarray((value >= self.low) & (value <= self.high))


@dataclass(frozen=True, slots=True)
class Fact:
    """A perturbation fact: a band, and what to take from which conditions of which experiment.

    `conditions` may end in `*`: all whose name begins so, but the one compared `against`.  `against` names one
    condition or, for a ratio of paired differences, two or three, apart by `; `; one that is read on another day than
    `day` is written `name @ day`, so that a condition can be compared with itself.
    """

    band: Band
    fact: str
    experiment: str
    conditions: str
    against: str
    readout: str
    day: float
    statistic: str
    direction: str
    expected: str

    @property
    def compared(self) -> tuple[tuple[str, float], ...]:
        """Name and day of every condition that this one is compared with."""
        said = [each.split(" @ ") for each in self.against.split("; ") if each]
        return tuple((name, float(day[0]) if day else self.day) for name, *day in said)


@cache
def perturbation_facts() -> tuple[Fact, ...]:
    """Return the perturbation facts, T1 to T11 and those named by their evidence row; each row is one number."""
    return tuple(
        Fact(
            _band(row),
            row["fact"],
            row["experiment"],
            row["condition"],
            row["against"],
            row["readout"],
            float(row["day"]),
            row["statistic"],
            row["direction"],
            row["expected"],
        )
        for row in table("facts")
    )


@dataclass(frozen=True, slots=True)
class FactConflict:
    """Two facts whose sources disagree: the fact, the one it disagrees with, and about what."""

    fact: str
    other: str
    about: str


@cache
def conflicts() -> tuple[FactConflict, ...]:
    """Return the facts whose sources are known to disagree; no model can have both right."""
    return tuple(FactConflict(row["fact"], row["other"], row["about"]) for row in table("fact_conflicts"))


def conflicts_of(fact: str) -> tuple[str, ...]:
    """Return the facts that a fact is known to disagree with."""
    pairs = [(each.fact, each.other) for each in conflicts()]
    return tuple(sorted({other for pair in pairs for fact_, other in (pair, pair[::-1]) if fact_ == fact}))


@cache
def time_course_bands() -> tuple[Band, ...]:
    """Return the bands of published time courses."""
    return tuple(_band(row) for row in table("time_courses"))


def all_bands() -> tuple[Band, ...]:
    """Return every band: perturbations first, then time courses."""
    return (*(fact.band for fact in perturbation_facts()), *time_course_bands())


@cache
def no_effect(band: Band) -> float:
    """Return the value that a row has when a change does nothing: 1 for a ratio of two conditions, else 0."""
    ratios = {fact.band.row for fact in perturbation_facts() if fact.statistic == "ratio"}
    return 1.0 if band.row in ratios else 0.0


def _band(row: Row) -> Band:
    return Band(
        row["row"],
        float(row["low"]),
        float(row["high"]),
        row["unit"],
        row["in_fit"] == "yes",
        row["source"],
        row["status"],
    )
