"""Rank tests of two arms: Wilcoxon's rank-sum test and its stratified forms, batched; the exact test of one trial."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.pairwise_counts import PairwiseCounts, pairwise_counts_by_order
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED
from cordwise.stats.two_arm.trials import Trials

StratumWeights = Literal["van_elteren", "rank_sum"]
Alternative = Literal["two-sided", "greater", "less"]
_TIE = 1 - 1e-9  # a deviation as large but for rounding counts as equally large


@dataclass(frozen=True, slots=True)
class RankSums:
    """The stratified rank-sum statistic of every replicate, by the ranks of the treated patients.

    Attributes
    ----------
    statistic, expected, variance
        The weighted sum over strata of the treated patients' mid-ranks, and its mean and variance over permutations
        within strata, given the ties.
    estimate
        Weighted mean over strata of P(treated better) - P(control better).
    estimate_variance
        Variance of the estimate from the placements, without assuming equal arms.
    pairs
        Weighted number of pairs of a treated and a control patient.
    """

    statistic: Float[ndarray, " replicate"]
    expected: Float[ndarray, " replicate"]
    variance: Float[ndarray, " replicate"]
    estimate: Float[ndarray, " replicate"]
    estimate_variance: Float[ndarray, " replicate"]
    pairs: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class ExactRankSum:
    """The Mann-Whitney statistic of one trial (pairs won by the first arm, ties by half) and its exact p value."""

    pairs_won: float
    p: float


def rank_sum(trials: Trials, *, alpha: float) -> Estimates:
    """Return P(treated better) - P(control better), with the p value of Wilcoxon's rank-sum test.

    Normal approximation with the variance corrected for ties, without continuity correction.  The interval does not
    assume equal distributions (variance of Brunner and Munzel 2000, Biometrical Journal 42:17); it is symmetric on the
    scale of the log win odds, so that it stays within -1 and 1.

    Examples
    --------
    >>> from cordwise.stats.two_arm import Trials
    >>> found = rank_sum(Trials.from_arms(control=[3, 5, 4, 6], treated=[6, 7, 5, 9]), alpha=0.05)
    >>> found.estimate.tolist(), found.p.round(4).tolist()
    ([0.75], [0.0796])
    """
    return _estimates(rank_sums(pairwise_counts_by_order(trials, [trials.outcome])), alpha)


def stratified_rank_sum(trials: Trials, *, alpha: float, weights: StratumWeights = "van_elteren") -> Estimates:
    """Return the stratified P(treated better) - P(control better), with a rank test within strata.

    Parameters
    ----------
    trials, alpha
        As in every analysis.
    weights
        `van_elteren` weighs the rank sum of a stratum of N patients by 1/(N + 1), `rank_sum` by 1.

    Notes
    -----
    Source: van Elteren 1960, Bulletin of the International Statistical Institute 37:351.
    """
    return _estimates(
        rank_sums(pairwise_counts_by_order(trials, [trials.outcome], strata=True), weights=weights), alpha
    )


def rank_sums(pairwise_counts: PairwiseCounts, *, weights: StratumWeights = "rank_sum") -> RankSums:
    """Return the weighted rank-sum statistic with its permutation moments, and the estimate with its own variance.

    Parameters
    ----------
    pairwise_counts
        What `pairwise_counts_by_order` returns, within strata or not.
    weights
        As in `stratified_rank_sum`.
    """
    count = pairwise_counts.counts
    total = count.sum(axis=-1)
    weight = 1 / (total + 1) if weights == "van_elteren" else np.ones_like(total)
    ahead = pairwise_counts.below.sum(axis=1) - pairwise_counts.above.sum(axis=1)
    net = pairwise_counts.total(
        pairwise_counts.members[:, TREATED] * (pairwise_counts.below - pairwise_counts.above)[:, CONTROL]
    )
    pairs = count[..., TREATED] * count[..., CONTROL]
    variance = (
        _ratio(pairs, total * (total - 1)) * pairwise_counts.total(pairwise_counts.members.sum(axis=1) * ahead**2) / 4
    )
    parts = _placement_variance(pairwise_counts, count, net) * (weight * pairs)[..., None] ** 2
    all_pairs = (weight * pairs).sum(axis=1)
    expected = (weight * count[..., TREATED] * (total + 1) / 2).sum(axis=1)
    return RankSums(
        statistic=expected + (weight * net).sum(axis=1) / 2,
        expected=expected,
        variance=(weight**2 * variance).sum(axis=1),
        estimate=_ratio((weight * net).sum(axis=1), all_pairs),
        estimate_variance=_ratio(parts.sum(axis=(1, 2)), all_pairs**2),
        pairs=all_pairs,
    )


def exact_rank_sum(first: ArrayLike, second: ArrayLike, *, alternative: Alternative = "two-sided") -> ExactRankSum:
    """Return the exact permutation test of the rank sum, given the ties, for one trial of up to some hundred patients.

    Parameters
    ----------
    first, second
        Outcomes of the two arms; `pairs_won` counts the pairs in which the first is larger, ties by half.
    alternative
        `greater` asks whether the first tends to be larger.

    Notes
    -----
    Without ties `scipy.stats.mannwhitneyu` with `method="exact"` gives the same; with ties its exact method does not
    hold, and this one does.

    Examples
    --------
    >>> exact_rank_sum([6, 7, 5, 9], [3, 5, 4, 6])
    ExactRankSum(pairs_won=14.0, p=0.14285714285714288)
    """
    first, second = np.asarray(first), np.asarray(second)
    pooled = np.concatenate([first, second])
    ordered = np.sort(pooled)
    doubled = np.searchsorted(ordered, pooled) + np.searchsorted(ordered, pooled, side="right") + 1
    seen = int(doubled[: len(first)].sum())
    chance = _doubled_rank_sum_chances(doubled, len(first))
    at = np.arange(len(chance))
    mean = len(first) * (len(pooled) + 1)
    tail = {
        "greater": at >= seen,
        "less": at <= seen,
        "two-sided": np.abs(at - mean) >= abs(seen - mean) * _TIE,
    }[alternative]
    won = (seen - len(first) * (len(first) + 1)) / 2
    return ExactRankSum(won, float(min(chance[tail].sum(), 1.0)))


def _estimates(sums: RankSums, alpha: float) -> Estimates:
    usable = sums.variance > 0
    z = _ratio(sums.statistic - sums.expected, np.sqrt(sums.variance))
    estimate = np.where(usable, sums.estimate, np.nan)
    under_null = 4 * _ratio(sums.variance, sums.pairs**2)
    variance = np.where(sums.estimate_variance > 0, sums.estimate_variance, under_null)
    most = sums.pairs / (sums.pairs + 1)  # keeps complete separation from an interval of one point
    inner = np.clip(estimate, -most, most)
    centre, reach = np.arctanh(inner), -ndtri(alpha / 2) * np.sqrt(variance) / (1 - inner**2)
    low, high = np.minimum(np.tanh(centre - reach), estimate), np.maximum(np.tanh(centre + reach), estimate)
    return Estimates(estimate, low, high, np.where(usable, 2 * ndtr(-np.abs(z)), 1.0))


def _placement_variance(
    pairwise_counts: PairwiseCounts,
    count: Float[ndarray, "replicate stratum arm"],
    net: Float[ndarray, "replicate stratum"],
) -> Float[ndarray, "replicate stratum arm"]:
    """Return the variance of the mean placement of each arm in the other; 0 for an arm of one patient."""
    parts = []
    for arm, other in ((CONTROL, TREATED), (TREATED, CONTROL)):
        squares = pairwise_counts.total(
            pairwise_counts.members[:, arm] * (pairwise_counts.below - pairwise_counts.above)[:, other] ** 2
        )
        about_mean = np.maximum(squares - _ratio(net**2, count[..., arm]), 0.0)
        parts.append(_ratio(_ratio(about_mean, count[..., other] ** 2), count[..., arm] * (count[..., arm] - 1)))
    return np.stack(parts, axis=-1)


def _doubled_rank_sum_chances(doubled: Num[ndarray, " patient"], chosen: int) -> Float[ndarray, " sum"]:
    """Return the chance of every sum of `chosen` of the doubled ranks, by adding one patient at a time."""
    largest = int(np.sort(doubled)[len(doubled) - chosen :].sum())
    chance = np.zeros((chosen + 1, largest + 1))
    chance[0, 0] = 1.0
    for number, rank in enumerate(doubled.tolist()):
        left = len(doubled) - number
        take = np.clip((chosen - np.arange(chosen + 1)) / left, 0.0, 1.0)[:, None]
        taken = chance * take
        chance = chance - taken
        chance[1:, rank:] += taken[:-1, : largest + 1 - rank]
    return chance[chosen]


def _ratio(top: Float[ndarray, "..."], bottom: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.divide(top, bottom, out=np.zeros(np.broadcast_shapes(np.shape(top), np.shape(bottom))), where=bottom > 0)
