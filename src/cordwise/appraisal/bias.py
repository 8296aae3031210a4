"""How large a bias would have to be to make the published number unsurprising."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.appraisal.conventions import convention
from cordwise.appraisal.expected_improvers import number_improved, tail
from cordwise.appraisal.study import Claim
from cordwise.base.roots import brent_root
from cordwise.patient.file_types import Grade

SURPRISING_BELOW = convention("surprising_below")
LARGEST_ODDS_RATIO = convention("largest_odds_ratio")
_POINTS = 41

Chances = Float[ndarray, "draw grade"]
Biased = Callable[[Chances, float], Chances]
Point = TypeVar("Point")


@dataclass(frozen=True, slots=True)
class MisgradingPoint:
    """A share of those who did not improve that is graded up, the number improved expected then, and its tail."""

    rate: float
    expected: float
    p_at_least: float


@dataclass(frozen=True, slots=True)
class SelectionPoint:
    """A ratio of the odds to improve by which people are chosen, the number improved expected then, and its tail."""

    odds_ratio: float
    expected: float
    p_at_least: float


@dataclass(frozen=True, slots=True)
class BiasTippingPoint(Generic[Point]):
    """One bias, from none to overwhelming.

    Attributes
    ----------
    explains_at
        Smallest bias at which the published number is no longer surprising; None if no bias in range does that.
    matches_at
        Bias at which the published number is what is expected on average; None if out of range.
    curve
        Sizes of the bias, none first, each with the number improved that it gives on average and the probability of
        the published number or more.
    """

    explains_at: float | None
    matches_at: float | None
    curve: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class TippingPoints:
    """The tipping point of each bias, alone."""

    misgrading: BiasTippingPoint[MisgradingPoint]
    selection: BiasTippingPoint[SelectionPoint]


def misgraded(chances: Chances, rate: float) -> Chances:
    """Return the chances when a share `rate` of those who did not improve is graded up all the same."""
    return chances + (1.0 - chances) * rate


def selected(chances: Chances, odds_ratio: float) -> Chances:
    """Return the chances when people are chosen, or reported, with `odds_ratio` times the odds to improve."""
    odds = chances * odds_ratio
    return odds / (1.0 - chances + odds)


def tipping_points(claim: Claim, grades: tuple[Grade, ...], chances: Chances) -> TippingPoints:
    """Return at which size each bias explains the published number of one arm.

    Parameters
    ----------
    claim
        Who entered and how many improved.
    grades, chances
        Chance of each grade to improve without cells, one row a parameter set.
    """
    return TippingPoints(misgrading_needed(claim, grades, chances), selection_needed(claim, grades, chances))


def misgrading_needed(claim: Claim, grades: tuple[Grade, ...], chances: Chances) -> BiasTippingPoint[MisgradingPoint]:
    """Return the tipping point of upward misgrading, as a share of those who did not improve (0 to 1)."""
    return _tipping_point(claim, grades, chances, misgraded, np.linspace(0.0, 1.0, _POINTS), MisgradingPoint)


def selection_needed(claim: Claim, grades: tuple[Grade, ...], chances: Chances) -> BiasTippingPoint[SelectionPoint]:
    """Return the tipping point of selection, as the ratio of the odds to improve (1 is none)."""
    sizes = np.geomspace(1.0, LARGEST_ODDS_RATIO, _POINTS)
    return _tipping_point(claim, grades, chances, selected, sizes, SelectionPoint)


def _tipping_point(
    claim: Claim,
    grades: tuple[Grade, ...],
    chances: Chances,
    bias: Biased,
    sizes: Float[ndarray, " size"],
    point: Callable[[float, float, float], Point],
) -> BiasTippingPoint[Point]:
    people = tuple(claim.baseline.get(grade, 0) for grade in grades)

    def p_at_least(size: float) -> float:
        return float(tail(number_improved(people, bias(chances, size)).mean(axis=0), claim.improved))

    def expected(size: float) -> float:
        return float((bias(chances, size) @ np.array(people)).mean())

    return BiasTippingPoint(
        _crossing(p_at_least, SURPRISING_BELOW, sizes[0], sizes[-1]),
        _crossing(expected, float(claim.improved), sizes[0], sizes[-1]),
        tuple(point(float(size), expected(size), p_at_least(size)) for size in sizes),
    )


def _crossing(rising: Callable[[float], float], level: float, low: float, high: float) -> float | None:
    """Return where a rising function reaches `level`: the low end if it starts there, None if it never does."""
    if rising(low) >= level:
        return float(low)
    if rising(high) < level:
        return None
    return brent_root(lambda size: rising(size) - level, low, high, tolerance=1e-6)
