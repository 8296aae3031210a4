"""How large a bias would have to be to make the published number unsurprising."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.optimize import brentq

from cordwise.appraise.conventions import convention
from cordwise.appraise.expected_improvers import number_improved, tail
from cordwise.appraise.study import Claim
from cordwise.patient.file_types import Grade

SURPRISING_BELOW = convention("surprising_below")
LARGEST_ODDS_RATIO = convention("largest_odds_ratio")
_POINTS = 41

Chances = Float[ndarray, "draw grade"]
Biased = Callable[[Chances, float], Chances]


@dataclass(frozen=True, slots=True)
class BiasTippingPoint:
    """One bias, from none to overwhelming.

    Attributes
    ----------
    sizes, expected, p_at_least
        The bias, the number improved that it gives on average, and the probability of the published number or more.
    explains_at
        Smallest bias at which the published number is no longer surprising; None if no bias in range does that.
    matches_at
        Bias at which the published number is what is expected on average; None if out of range.
    """

    sizes: Float[ndarray, " size"]
    expected: Float[ndarray, " size"]
    p_at_least: Float[ndarray, " size"]
    explains_at: float | None
    matches_at: float | None


def misgraded(chances: Chances, rate: float) -> Chances:
    """Return the chances when a share `rate` of those who did not improve is graded up all the same."""
    return chances + (1.0 - chances) * rate


def selected(chances: Chances, odds_ratio: float) -> Chances:
    """Return the chances when people are chosen, or reported, with `odds_ratio` times the odds to improve."""
    odds = chances * odds_ratio
    return odds / (1.0 - chances + odds)


def misgrading_needed(claim: Claim, grades: tuple[Grade, ...], chances: Chances) -> BiasTippingPoint:
    """Return the tipping point of upward misgrading, as a share of those who did not improve (0 to 1)."""
    return _tipping_point(claim, grades, chances, misgraded, np.linspace(0.0, 1.0, _POINTS))


def selection_needed(claim: Claim, grades: tuple[Grade, ...], chances: Chances) -> BiasTippingPoint:
    """Return the tipping point of selection, as the ratio of the odds to improve (1 is none)."""
    return _tipping_point(claim, grades, chances, selected, np.geomspace(1.0, LARGEST_ODDS_RATIO, _POINTS))


def _tipping_point(
    claim: Claim, grades: tuple[Grade, ...], chances: Chances, bias: Biased, sizes: Float[ndarray, " size"]
) -> BiasTippingPoint:
    people = tuple(claim.baseline.get(grade, 0) for grade in grades)

    def p_at_least(size: float) -> float:
        return float(tail(number_improved(people, bias(chances, size)).mean(axis=0), claim.improved))

    def expected(size: float) -> float:
        return float((bias(chances, size) @ np.array(people)).mean())

    return BiasTippingPoint(
        sizes,
        np.array([expected(size) for size in sizes]),
        np.array([p_at_least(size) for size in sizes]),
        _crossing(p_at_least, SURPRISING_BELOW, sizes[0], sizes[-1]),
        _crossing(expected, float(claim.improved), sizes[0], sizes[-1]),
    )


def _crossing(rising: Callable[[float], float], level: float, low: float, high: float) -> float | None:
    """Return where a rising function reaches `level`: the low end if it starts there, None if it never does."""
    if rising(low) >= level:
        return float(low)
    if rising(high) < level:
        return None
    return float(brentq(lambda size: rising(size) - level, low, high, xtol=1e-6))
