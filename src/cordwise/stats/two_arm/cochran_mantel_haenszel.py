"""Stratified two-by-two tables and scores: Cochran-Mantel-Haenszel tests, common risk difference and odds ratio."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, ndtri

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.pairwise_counts import mid_ranks
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED, arm_sums, binary_counts
from cordwise.stats.two_arm.trials import Trials


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """The Cochran-Mantel-Haenszel test of one set of tables and the common odds ratio with its interval.

    Attributes
    ----------
    chi_square, p
        The statistic, on one degree of freedom, and its p value.
    corrected_chi_square, corrected_p
        The same with continuity correction.
    odds_ratio, low, high
        Mantel and Haenszel's common odds ratio and its limits.
    """

    chi_square: float
    p: float
    corrected_chi_square: float
    corrected_p: float
    odds_ratio: float
    low: float
    high: float


def cmh(trials: Trials, *, alpha: float) -> Estimates:
    """Return the Mantel-Haenszel risk difference over the strata, with the p value of the CMH test, uncorrected.

    The interval has Sato's variance, consistent in few large and in many small strata.

    Parameters
    ----------
    trials
        Outcomes 0 or 1.
    alpha
        Two-sided level of the interval.

    Notes
    -----
    Sources: Mantel and Haenszel 1959, Journal of the National Cancer Institute 22:719; Sato 1989, Biometrics 45:1323.
    """
    ones, count = binary_counts(trials, strata=True)
    x0, x1, n0, n1 = ones[..., CONTROL], ones[..., TREATED], count[..., CONTROL], count[..., TREATED]
    total = np.maximum(n0 + n1, 1)
    weight = (n0 * n1 / total).sum(axis=1)
    cross = ((x1 * n0 - x0 * n1) / total).sum(axis=1)
    unused = weight == 0
    estimate = np.divide(cross, weight, out=np.full_like(weight, np.nan), where=~unused)
    by_size = (n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / total**2
    by_spread = (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * total)
    spread = np.maximum(np.nan_to_num(estimate) * by_size.sum(axis=1) + by_spread.sum(axis=1), 0.0)
    reach = -ndtri(alpha / 2) * np.divide(np.sqrt(spread), weight, out=np.zeros_like(weight), where=~unused)
    variance = _hypergeometric_variance(ones, count).sum(axis=1)
    return Estimates(estimate, estimate - reach, estimate + reach, _normal_p(cross, variance))


def linear_by_linear_test(
    trials: Trials, *, alpha: float, strata: bool = False, scores: Literal["values", "ranks"] = "values"
) -> Estimates:
    """Return the difference of the mean scores, with the p value of Mantel's linear-by-linear (mean score) test.

    Mean and variance are those over permutations of the arms, within strata if asked; strata weigh by n0 n1 / N.  The
    interval uses the permutation variance.

    Parameters
    ----------
    trials, alpha
        As in every analysis.
    strata
        Whether to compare patients within strata only.
    scores
        The outcome's values, or its mid-ranks in the whole trial (as the R package coin ranks with blocks).
    """
    if scores == "ranks":
        trials = replace(trials, outcome=mid_ranks(trials))
    count, total = arm_sums(trials, strata=strata), arm_sums(trials, trials.outcome, strata=strata)
    squares = arm_sums(trials, trials.outcome**2, strata=strata).sum(axis=2)
    size = np.maximum(count.sum(axis=2), 1)
    pairs = count[..., CONTROL] * count[..., TREATED] / size
    about_mean = np.maximum(squares - total.sum(axis=2) ** 2 / size, 0.0)
    variance = (pairs * about_mean / np.maximum(size - 1, 1)).sum(axis=1)
    cross = (total[..., TREATED] * count[..., CONTROL] - total[..., CONTROL] * count[..., TREATED]) / size
    score, weight = cross.sum(axis=1), pairs.sum(axis=1)
    usable = variance > 0
    estimate = np.divide(score, weight, out=np.full_like(weight, np.nan), where=usable)
    reach = -ndtri(alpha / 2) * np.divide(np.sqrt(variance), weight, out=np.zeros_like(weight), where=usable)
    return Estimates(estimate, estimate - reach, estimate + reach, _normal_p(score, variance))


def mantel_haenszel(tables: ArrayLike, *, alpha: float = 0.05) -> MantelHaenszel:
    """Return the CMH test of one set of tables, corrected for continuity and not, and the common odds ratio.

    Parameters
    ----------
    tables
        Counts, "stratum 2 2"; tables of fewer than two patients are left out.
    alpha
        Two-sided level of the interval, which is that of Robins, Breslow and Greenland 1986, Biometrics 42:311.

    Examples
    --------
    >>> found = mantel_haenszel([[[8, 2], [3, 7]], [[5, 5], [2, 8]]])
    >>> round(found.odds_ratio, 2), round(found.p, 4)
    (6.0, 0.0114)
    """
    tables = np.asarray(tables, np.float64)
    tables = tables[tables.sum(axis=(1, 2)) > 1]
    count, ones = tables.sum(axis=2)[:, ::-1], tables[:, ::-1, 0]
    total = count.sum(axis=1)
    apart = abs(float((tables[:, 0, 0] - count[:, 1] * ones.sum(axis=1) / total).sum()))
    variance = float(_hypergeometric_variance(ones, count).sum())
    plain, corrected = apart**2 / variance, max(apart - 0.5, 0.0) ** 2 / variance
    concordant = tables[:, 0, 0] * tables[:, 1, 1] / total
    discordant = tables[:, 0, 1] * tables[:, 1, 0] / total
    odds_ratio = concordant.sum() / discordant.sum()
    reach = np.exp(-ndtri(alpha / 2) * np.sqrt(_log_odds_variance(tables, concordant, discordant)))
    p, corrected_p = float(chdtrc(1, plain)), float(chdtrc(1, corrected))
    return MantelHaenszel(
        plain, p, corrected, corrected_p, float(odds_ratio), float(odds_ratio / reach), float(odds_ratio * reach)
    )


def _log_odds_variance(
    tables: Float[ndarray, "stratum 2 2"],
    concordant: Float[ndarray, " stratum"],
    discordant: Float[ndarray, " stratum"],
) -> float:
    total = tables.sum(axis=(1, 2))
    agree, differ = (tables[:, 0, 0] + tables[:, 1, 1]) / total, (tables[:, 0, 1] + tables[:, 1, 0]) / total
    r, s = concordant.sum(), discordant.sum()
    mixed = (agree * discordant + differ * concordant).sum()
    return (agree * concordant).sum() / (2 * r**2) + mixed / (2 * r * s) + (differ * discordant).sum() / (2 * s**2)


def _hypergeometric_variance(
    ones: Float[ndarray, "*trial stratum arm"], count: Float[ndarray, "*trial stratum arm"]
) -> Float[ndarray, "*trial stratum"]:
    """Return the variance of the treated patients' ones given all margins."""
    total, total_ones = count.sum(axis=-1), ones.sum(axis=-1)
    product = count[..., CONTROL] * count[..., TREATED] * total_ones * (total - total_ones)
    return np.divide(product, total**2 * (total - 1), out=np.zeros_like(total), where=total > 1)


def _normal_p(
    score: Float[ndarray, " replicate"], variance: Float[ndarray, " replicate"]
) -> Float[ndarray, " replicate"]:
    return 2 * ndtr(-np.divide(np.abs(score), np.sqrt(variance), out=np.zeros_like(score), where=variance > 0))
