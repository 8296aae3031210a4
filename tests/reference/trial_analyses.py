"""Slow twins of the batched analyses: one trial at a time, in plain Python and least squares."""

from math import comb

import numpy as np
from scipy import stats


def ancova_of_one_trial(baseline, outcome, treated, alpha):
    """Return estimate, low, high and p of the least-squares fit outcome ~ 1 + arm + baseline."""
    design = np.column_stack((np.ones(len(outcome)), treated, baseline))
    coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    residual = outcome - design @ coefficients
    degrees = len(outcome) - 3
    covariance = residual @ residual / degrees * np.linalg.inv(design.T @ design)
    error = np.sqrt(covariance[1, 1])
    reach = stats.t.ppf(1 - alpha / 2, degrees) * error
    p = 2 * stats.t.sf(abs(coefficients[1] / error), degrees)
    return coefficients[1], coefficients[1] - reach, coefficients[1] + reach, p


def n_minus_1_chi_square_of_one_table(control_ones, control, treated_ones, treated):
    """Return the p value from expected counts, cell by cell."""
    total, ones = control + treated, control_ones + treated_ones
    if ones in (0, total):
        return 1.0
    statistic = 0.0
    for seen, count in ((control_ones, control), (treated_ones, treated)):
        for observed, margin in ((seen, ones), (count - seen, total - ones)):
            expected = count * margin / total
            statistic += (observed - expected) ** 2 / expected
    return float(stats.chi2.sf(statistic * (total - 1) / total, 1))


def newcombe_of_one_table(control_ones, control, treated_ones, treated, alpha):
    """Return the interval of the difference from the two roots of each arm's score equation."""
    low0, high0 = _wilson(control_ones, control, alpha)
    low1, high1 = _wilson(treated_ones, treated, alpha)
    share0, share1 = control_ones / control, treated_ones / treated
    difference = share1 - share0
    down = ((share1 - low1) ** 2 + (high0 - share0) ** 2) ** 0.5
    up = ((high1 - share1) ** 2 + (share0 - low0) ** 2) ** 0.5
    return difference - down, difference + up


def exact_fisher_power(n, control, treated, alpha):
    """Return the power of Fisher's test with `n` in each arm, by SciPy's test on every table."""
    power = 0.0
    for a in range(n + 1):
        for b in range(n + 1):
            if stats.fisher_exact([[a, n - a], [b, n - b]]).pvalue <= alpha:
                power += _binomial(a, n, control) * _binomial(b, n, treated)
    return power


def _binomial(k, n, p):
    return comb(n, k) * p**k * (1 - p) ** (n - k)


def _wilson(ones, count, alpha):
    """Return the shares p at which (ones/count - p)^2 = z^2 p (1 - p)/count."""
    z2, share = stats.norm.ppf(alpha / 2) ** 2, ones / count
    roots = np.roots([1 + z2 / count, -(2 * share + z2 / count), share**2])
    return float(roots.min()), float(roots.max())


def least_squares_of_one_trial(outcome, treated, covariates, stratum, alpha):
    """Return estimate, low, high and p of outcome ~ arm + covariates + stratum, by the pseudo-inverse."""
    blocks = (stratum[:, None] == np.unique(stratum)).astype(float)
    design = np.column_stack([treated.astype(float), *covariates, blocks])
    coefficients = np.linalg.lstsq(design, outcome, rcond=None)[0]
    residual = outcome - design @ coefficients
    degrees = len(outcome) - np.linalg.matrix_rank(design)
    error = np.sqrt(residual @ residual / degrees * np.linalg.inv(design.T @ design)[0, 0])
    reach = stats.t.ppf(1 - alpha / 2, degrees) * error
    p = 2 * stats.t.sf(abs(coefficients[0] / error), degrees)
    return coefficients[0], coefficients[0] - reach, coefficients[0] + reach, p


def boschloo_of_one_table(control_ones, control, treated_ones, treated):
    """Return Boschloo's p value by a fine search over the common proportion, table by table."""

    def fisher(a, b):
        return stats.fisher_exact([[a, control - a], [b, treated - b]]).pvalue

    seen = fisher(control_ones, treated_ones)
    tables = [(a, b) for a in range(control + 1) for b in range(treated + 1) if fisher(a, b) <= seen * (1 + 1e-7)]
    shares = np.linspace(0, 1, 4001)
    return max(sum(_binomial(a, control, p) * _binomial(b, treated, p) for a, b in tables) for p in shares)
