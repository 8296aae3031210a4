"""Single-arm trials against a benchmark proportion, batched: the exact test and Simon's two-stage decision.

Only treated patients are used; the estimate is their share of ones less the benchmark.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from scipy.special import bdtr, gammaln

from cordwise.stats.single_arm.design import TwoStage, upper_tail
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.exact_proportions import binomial_chances
from cordwise.stats.two_arm.intervals import clopper_pearson_interval
from cordwise.stats.two_arm.sufficient_statistics import TREATED, binary_counts
from cordwise.stats.two_arm.trials import Trials

_HALVINGS = 50  # of the search for an exact limit: to 1e-15


def single_arm_exact(trials: Trials, *, alpha: float, benchmark: float) -> Estimates:
    """Return the treated share of ones less the benchmark, with the doubled binomial tail and Clopper-Pearson limits.

    So p is at most `alpha` exactly where the interval excludes 0, and p/2 is the one-sided exact p value.

    Parameters
    ----------
    trials
        Outcomes 0 or 1; only treated patients are used.
    alpha
        Two-sided level of the interval.
    benchmark
        The proportion to compare with.

    Examples
    --------
    >>> trials = Trials.from_arms(control=[], treated=[1, 1, 1, 0, 1, 1, 0, 1, 1, 1])
    >>> found = single_arm_exact(trials, alpha=0.05, benchmark=0.4)
    >>> found.estimate.round(3).tolist(), found.p.round(4).tolist()
    ([0.4], [0.0246])
    """
    ones, count = (sums[:, 0, TREATED] for sums in binary_counts(trials))
    share = np.divide(ones, count, out=np.full_like(count, np.nan), where=count > 0)
    low, high = clopper_pearson_interval(ones, count, alpha=alpha)
    tail = np.minimum(upper_tail(ones, count, benchmark), bdtr(ones, count.astype(np.int64), benchmark))
    p = np.where(count > 0, np.minimum(2 * tail, 1.0), 1.0)
    empty = np.where(count > 0, 0.0, np.nan) - benchmark
    return Estimates(share - benchmark, low + empty, high + empty, p)


def simon_two_stage(trials: Trials, *, alpha: float, benchmark: float, design: TwoStage) -> Estimates:
    """Return the analysis of a two-stage trial in order of entry: first-stage data where it stops, else all `n`.

    The estimate is unbiased; p doubles the exact tail of the stage-wise ordering, so `p / 2` is at most the design's
    `alpha` exactly where the design rejects.  Trials short of the patients of their stage are not analysed.

    Parameters
    ----------
    trials
        Outcomes 0 or 1; only treated patients are used.
    alpha
        Two-sided level of the interval.
    benchmark
        The proportion to compare with.
    design
        The two-stage design, as `simon_designs` finds it.

    Notes
    -----
    Sources: Jung and Kim 2004, Statistics in Medicine 23:881; Koyama and Chen 2008, Statistics in Medicine 27:3145.
    """
    used = trials.analysed & trials.treated
    entered = np.cumsum(used, axis=1)
    ones = used & (trials.outcome > 0)
    first = (ones & (entered <= design.first_n)).sum(axis=1)
    total = (ones & (entered <= design.n)).sum(axis=1)
    stopped = first <= design.first_most_failing
    reached = entered[:, -1] >= np.where(stopped, design.first_n, design.n)
    outcome = np.where(reached, np.where(stopped, first, total), 0)
    table = _two_stage_table(design, benchmark, alpha)
    estimate, low, high, p = (np.where(reached, column[outcome], np.nan) for column in table)
    return Estimates(estimate - benchmark, low - benchmark, high - benchmark, np.where(reached, p, 1.0))


@lru_cache(maxsize=32)
def _two_stage_table(design: TwoStage, benchmark: float, alpha: float) -> tuple[Float[ndarray, " outcome"], ...]:
    """Return estimate, limits and p of every outcome: the ones counted, in the order of the evidence.

    Up to `first_most_failing` ones the trial stopped early; beyond, it went on to `n`, so the count tells the stage.
    """
    chance = _outcome_chances(design, np.array([benchmark]))[0]
    upward, downward = np.cumsum(chance[::-1])[::-1], np.cumsum(chance)
    p = np.minimum(2 * np.minimum(upward, downward), 1.0)
    low = _limit(design, alpha / 2, upper=True)
    high = _limit(design, alpha / 2, upper=False)
    return _unbiased(design), low, high, p


def _outcome_chances(design: TwoStage, shares: Float[ndarray, " share"]) -> Float[ndarray, "share outcome"]:
    first = binomial_chances(design.first_n, shares)
    rest = binomial_chances(design.n - design.first_n, shares)
    chances = np.zeros((len(shares), design.n + 1))
    stop = design.first_most_failing + 1
    chances[:, :stop] = first[:, :stop]
    for ones in range(stop, design.first_n + 1):
        chances[:, ones : ones + rest.shape[1]] += first[:, [ones]] * rest
    return chances


def _limit(design: TwoStage, tail: float, *, upper: bool) -> Float[ndarray, " outcome"]:
    """Return for each outcome the share at which its upper (or lower) tail has the chance `tail`."""
    outcome = np.arange(design.n + 1)
    low, high = np.zeros(design.n + 1), np.ones(design.n + 1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        chances = _outcome_chances(design, middle)
        summed = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1] if upper else np.cumsum(chances, axis=1)
        too_low = (summed[outcome, outcome] < tail) == upper
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return low if upper else high


def _unbiased(design: TwoStage) -> Float[ndarray, " outcome"]:
    """Return the share of ones of the first stage, averaged over the ways to reach the outcome."""
    outcome = np.arange(design.n + 1.0)
    later, first_n = design.n - design.first_n, design.first_n
    first = np.arange(design.first_most_failing + 1, first_n + 1)[:, None]
    rest = outcome - first
    possible = (rest >= 0) & (rest <= later)
    ways = np.where(possible, _choose(first_n, first) * _choose(later, np.clip(rest, 0, later)), 0.0)
    total = ways.sum(axis=0)
    averaged = np.divide((ways * first).sum(axis=0), total * first_n, out=outcome / first_n, where=total > 0)
    return np.where(outcome <= design.first_most_failing, outcome / first_n, averaged)


def _choose(count: int, ones: Num[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.exp(gammaln(count + 1.0) - gammaln(ones + 1.0) - gammaln(count - ones + 1.0))
