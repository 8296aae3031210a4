"""Whitehead's score test of the proportional-odds model, from counts of patients by arm and category."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.ordinal.categories import category_codes
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED
from cordwise.stats.two_arm.trials import Trials

ScoreVariance = Literal["information", "permutation"]


def score_test(
    trials: Trials, *, alpha: float, strata: bool = False, variance: ScoreVariance = "information"
) -> Estimates:
    """Return the score estimate Z/V of the log odds ratio, its interval and the two-sided p of Z/sqrt(V).

    Positive means higher categories under treatment.  Z is the efficient score at no effect and V Fisher's information;
    with `strata` both are summed over the strata of the randomisation.  Z/V approximates the maximum-likelihood
    estimate for log odds ratios up to about 1 and is shrunk towards 0 beyond.

    Parameters
    ----------
    trials, alpha
        As in every analysis; the outcome may be any ordered score.
    strata
        Whether Z and V are summed over the strata.
    variance
        Whether p takes Whitehead's information for the variance of Z, or its variance over permutations of the arms.

    Notes
    -----
    Over all permutations of the arms the variance of Z is V n/(n - 1) in each stratum.  Whitehead's V is therefore
    slightly too small in small trials and in small strata; `variance="permutation"` takes p from the larger one, which
    makes it the tie-corrected (stratified) Wilcoxon test without continuity correction.
    Source: Whitehead 1993, Statistics in Medicine 12:2257.

    Examples
    --------
    >>> trials = Trials.from_arms(control=[0, 0, 1, 1, 2, 0, 1, 0], treated=[1, 2, 2, 1, 2, 0, 2, 1])
    >>> found = score_test(trials, alpha=0.05)
    >>> found.estimate.round(3).tolist(), found.p.round(3).tolist()
    ([1.855], [0.058])
    """
    sizes = [trials.analysed.shape[1]]
    looks = score_test_at_sizes(trials, alpha=alpha, sizes=sizes, strata=strata, variance=variance)
    return Estimates(looks.estimate[:, 0], looks.low[:, 0], looks.high[:, 0], looks.p[:, 0])


def score_test_at_sizes(
    trials: Trials,
    *,
    alpha: float,
    sizes: Sequence[int],
    strata: bool = False,
    variance: ScoreVariance = "information",
) -> Estimates:
    """Return the score test "replicate look" on the first `sizes` patients, the same numbers as look by look.

    Parameters
    ----------
    trials
        The trials with all their patients.
    alpha
        Two-sided level of the intervals.
    sizes
        Patients enrolled at each look, rising.
    strata
        Whether Z and V are summed over the strata.
    variance
        Whether p takes Whitehead's information for the variance of Z, or its variance over permutations of the arms.
    """
    counts = _counts_at(trials, sizes, strata)
    score, information = score_and_information(counts)
    spread = information
    if variance == "permutation":
        n = counts.sum(axis=(-2, -1))
        spread = information * n / np.maximum(n - 1, 1)
    return score_estimates(score.sum(axis=-1), information.sum(axis=-1), alpha, spread=spread.sum(axis=-1))


def score_and_information(
    counts: Float[ndarray, "*trial arm category"],
) -> tuple[Float[ndarray, "*trial"], Float[ndarray, "*trial"]]:
    """Return the efficient score Z for a higher category under treatment, and its information V.

    V is 0 where an arm is empty or all patients share one category.

    Parameters
    ----------
    counts
        Patients by arm (the control first) and category.

    Examples
    --------
    >>> score, information = score_and_information(np.array([[[10.0, 6.0, 4.0], [5.0, 7.0, 8.0]]]))
    >>> score.round(3).tolist(), information.round(3).tolist()
    ([2.927], [2.811])
    """
    control, treated = counts[..., CONTROL, :], counts[..., TREATED, :]
    total = control + treated
    n = total.sum(axis=-1)
    through = np.cumsum(control, axis=-1)
    above_less_below = through[..., -1:] + control - 2 * through
    score = -(treated * above_less_below).sum(axis=-1) / (n + 1)
    arms = control.sum(axis=-1) * treated.sum(axis=-1)
    spread = n**3 - (total**3).sum(axis=-1)
    information = arms * spread / (3 * np.maximum(n, 1) ** 2 * (n + 1) ** 2)
    return score, information


def score_estimates(
    score: Float[ndarray, "*trial"],
    information: Float[ndarray, "*trial"],
    alpha: float,
    *,
    spread: Float[ndarray, "*trial"],
) -> Estimates:
    """Return Z/V with its Wald interval and p of Z against the variance `spread`; NaN and p = 1 without information."""
    known = information > 0
    safe, spread = np.where(known, information, 1.0), np.where(known, spread, 1.0)
    estimate = np.where(known, score / safe, np.nan)
    reach = -ndtri(alpha / 2) * np.sqrt(spread) / safe
    p = np.where(known, 2 * ndtr(-np.abs(score) / np.sqrt(spread)), 1.0)
    return Estimates(estimate, estimate - reach, estimate + reach, p)


def _counts_at(
    trials: Trials, sizes: Sequence[int], strata: bool
) -> Float[ndarray, "replicate look stratum arm category"]:
    codes, categories = category_codes(trials.outcome, trials.analysed)
    groups = int(trials.stratum.max(initial=0)) + 1 if strata else 1
    keys = codes + categories * trials.treated
    if strata:
        keys = keys + 2 * categories * trials.stratum
    cells = groups * 2 * categories
    keys = np.where(trials.analysed, keys + cells * np.arange(len(keys))[:, None], cells * len(keys))
    starts = [0, *sizes[:-1]]
    blocks = [_tally(keys[:, at:to], cells) for at, to in zip(starts, sizes, strict=True)]
    return np.cumsum(np.stack(blocks, axis=1), axis=1).reshape(len(keys), len(sizes), groups, 2, categories)


def _tally(keys: Int[ndarray, "replicate patient"], cells: int) -> Float[ndarray, "replicate cell"]:
    """Return how often each key occurs; the last key, of patients who are not analysed, is dropped."""
    tallied = np.bincount(keys.ravel(), minlength=cells * len(keys) + 1)[:-1]
    return tallied.reshape(len(keys), cells).astype(np.float64)
