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

    `conditions` may end in `*`: all whose name begins so, but the one compared `against`.
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


@cache
def perturbation_facts() -> tuple[Fact, ...]:
    """Return the perturbation facts T1 to T11, each row of which is one number."""
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
