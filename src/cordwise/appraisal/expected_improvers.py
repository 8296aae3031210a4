"""How many would have improved anyway: from the chance of each grade to the number among those who entered."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import gammaln, xlog1py, xlogy

from cordwise.appraisal.study import Claim
from cordwise.patient.file_types import Grade

INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Expectation:
    """The number of people of one arm expected to improve without cells.

    Attributes
    ----------
    by_grade
        Chance to improve for each baseline grade, mean and 95 % interval over parameter sets.
    mean, low95, high95
        Expected number, with the interval that the uncertainty of the parameters gives.
    distribution
        Probability of each number from 0 to n, chance and parameter uncertainty together.
    predictive95
        Central 95 % of that distribution, in people.
    p_at_least
        Probability of the observed number or more.
    p_at_most
        Probability of the observed number or fewer.
    p_at_least_high95
        Probability of the observed number or more under the parameter sets most favourable to natural recovery
        (97.5 % point).
    """

    by_grade: Mapping[str, tuple[float, float, float]]
    mean: float
    low95: float
    high95: float
    distribution: Float[ndarray, " number"]
    predictive95: tuple[int, int]
    p_at_least: float
    p_at_most: float
    p_at_least_high95: float


def number_improved(sizes: tuple[int, ...], chances: Float[ndarray, "draw grade"]) -> Float[ndarray, "draw number"]:
    """Return the distribution of the number improved: people of one grade share a chance, grades add up.

    Parameters
    ----------
    sizes
        People who entered with each grade.
    chances
        Chance to improve of each grade, one row a parameter set.
    """
    total = np.ones((len(chances), 1))
    for size, chance in zip(sizes, chances.T, strict=True):
        total = _convolved(total, binomial(size, chance))
    return total


def _convolved(left: Float[ndarray, "draw left"], right: Float[ndarray, "draw right"]) -> Float[ndarray, "draw number"]:
    """Return the distribution of a sum of two independent numbers, row by row."""
    out = np.zeros((len(left), left.shape[1] + right.shape[1] - 1))
    for number in range(right.shape[1]):
        out[:, number : number + left.shape[1]] += left * right[:, number : number + 1]
    return out


def binomial(size: int, chance: Float[ndarray, " draw"]) -> Float[ndarray, "draw number"]:
    """Return the probability of each number from 0 to `size`."""
    number, p = np.arange(size + 1), chance[:, None]
    ways = gammaln(size + 1) - gammaln(number + 1) - gammaln(size - number + 1)
    return np.exp(ways + xlogy(number, p) + xlog1py(size - number, -p))


def tail(distribution: Float[ndarray, "... number"], observed: int) -> Float[ndarray, "..."] | np.floating:
    """Return the probability of `observed` or more."""
    return np.clip(distribution[..., observed:].sum(axis=-1), 0.0, 1.0)


def expectation(claim: Claim, grades: tuple[Grade, ...], chances: Float[ndarray, "draw grade"]) -> Expectation:
    """Return what natural recovery gives for the people of one arm.

    Parameters
    ----------
    claim
        Who entered and how many improved.
    grades
        The grades of the columns of `chances`.
    chances
        Chance to improve without cells, one row a parameter set.
    """
    sizes = tuple(claim.baseline.get(grade, 0) for grade in grades)
    expected = chances @ np.array(sizes)
    each = number_improved(sizes, chances)
    pooled = each.mean(axis=0)
    low, high = np.quantile(expected, INTERVAL)
    return Expectation(
        by_grade={grade: _with_interval(column) for grade, column in zip(grades, chances.T, strict=True)},
        mean=float(expected.mean()),
        low95=float(low),
        high95=float(high),
        distribution=pooled,
        predictive95=_central(pooled),
        p_at_least=float(tail(pooled, claim.improved)),
        p_at_most=float(np.clip(pooled[: claim.improved + 1].sum(), 0.0, 1.0)),
        p_at_least_high95=float(np.quantile(tail(each, claim.improved), INTERVAL[1])),
    )


def _with_interval(values: Float[ndarray, " draw"]) -> tuple[float, float, float]:
    low, high = np.quantile(values, INTERVAL)
    return float(values.mean()), float(low), float(high)


def _central(distribution: Float[ndarray, " number"]) -> tuple[int, int]:
    cumulative = np.cumsum(distribution)
    low, high = (int(np.searchsorted(cumulative, level)) for level in INTERVAL)
    return low, min(high, len(distribution) - 1)
