"""Slow twins of the rank, win and stratified analyses: one trial at a time, pair by pair or table by table."""

from itertools import combinations, product
from math import comb, factorial, prod

import numpy as np
from scipy import stats


def wins_of_one_trial(components, treated, thresholds):
    """Return wins, losses, pairs, and for every patient wins less losses against all others."""
    score = [sum(_compare(one, other, thresholds) for other in components) for one in components]
    results = [_compare(one, other, thresholds) for one in components[treated] for other in components[~treated]]
    return results.count(1), results.count(-1), len(results), score


def net_benefit_variance(components, treated, thresholds):
    """Return the plug-in variance of the net benefit from the matrix of all pairs."""
    matrix = np.array([[_compare(a, b, thresholds) for b in components[~treated]] for a in components[treated]])
    return matrix.mean(axis=1).var() / matrix.shape[0] + matrix.mean(axis=0).var() / matrix.shape[1]


def stratified_rank_sum_of_one_trial(outcome, treated, stratum, weight):
    """Return the statistic, its mean and its variance from mid-ranks within strata; `weight(N)` weighs a stratum."""
    statistic = expected = variance = 0.0
    for each in np.unique(stratum):
        seen = stratum == each
        ranks, arm = stats.rankdata(outcome[seen]), treated[seen]
        size, number, w = len(ranks), arm.sum(), weight(len(ranks))
        if size < 2:
            continue
        statistic += w * ranks[arm].sum()
        expected += w * number * (size + 1) / 2
        variance += w**2 * number * (size - number) / size * ranks.var(ddof=1)
    return statistic, expected, variance


def exact_rank_sum_of_one_trial(first, second):
    """Return the share of all allocations whose rank sum is as far from its mean as the one seen."""
    ranks = stats.rankdata([*first, *second])
    mean, seen = len(first) * (len(ranks) + 1) / 2, sum(ranks[: len(first)])
    sums = [sum(chosen) for chosen in combinations(ranks, len(first))]
    return sum(abs(each - mean) >= abs(seen - mean) - 1e-9 for each in sums) / comb(len(ranks), len(first))


def freeman_halton_of_one_table(table):
    """Return the p value by listing every table with these margins, cell by cell."""
    table = np.array(table)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    seen, p, total = _weight(table), 0.0, 0.0
    for cells in product(*[range(min(r, c) + 1) for r in rows[:-1] for c in columns[:-1]]):
        inner = np.array(cells).reshape(len(rows) - 1, -1)
        full = np.column_stack([inner, rows[:-1] - inner.sum(axis=1)])
        full = np.vstack([full, columns - full.sum(axis=0)])
        if (full >= 0).all():
            total += _weight(full)
            p += _weight(full) * (_weight(full) <= seen * (1 + 1e-7))
    return p / total


def cmh_of_one_trial(outcome, treated, stratum):
    """Return the Mantel-Haenszel risk difference and the p value of the CMH test, stratum by stratum."""
    above = below = apart = variance = 0.0
    for each in np.unique(stratum):
        y, arm = outcome[stratum == each], treated[stratum == each]
        size, number, ones = len(y), arm.sum(), y.sum()
        if 0 < number < size:
            weight = number * (size - number) / size
            above += weight * (y[arm].mean() - y[~arm].mean())
            below += weight
            apart += y[arm].sum() - number * ones / size
            variance += number * (size - number) * ones * (size - ones) / (size**2 * (size - 1))
    return above / below, float(stats.chi2.sf(apart**2 / variance, 1))


def _compare(one, other, thresholds):
    for a, b, threshold in zip(one, other, thresholds, strict=True):
        if a != b and abs(a - b) >= threshold:
            return 1 if a > b else -1
    return 0


def _weight(table):
    return 1 / prod(factorial(int(cell)) for cell in table.ravel())
