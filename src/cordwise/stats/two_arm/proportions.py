"""Difference of two proportions with Newcombe's interval, and the tests that go with it."""

from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import chdtrc, ndtr

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.exact_proportions import boschloo_exact_p, fisher_exact_p
from cordwise.stats.two_arm.intervals import newcombe_interval
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED, binary_counts
from cordwise.stats.two_arm.trials import Trials

ProportionTest = Literal["n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo", "z_unpooled"]


def risk_difference_test(trials: Trials, *, alpha: float, test: ProportionTest = "n_minus_1_chi_square") -> Estimates:
    """Return the difference of the shares of ones, treated minus control, with Newcombe's interval.

    Parameters
    ----------
    trials
        Outcomes 0 or 1.
    alpha
        Two-sided level of the interval.
    test
        Where p comes from.  The default chi-square statistic carries the factor (N - 1)/N and no continuity correction,
        which keeps the size near its nominal value in small trials (Campbell 2007, Statistics in Medicine 26:3661).

    Examples
    --------
    >>> from cordwise.stats.two_arm import Trials
    >>> trials = Trials.from_arms(control=[0, 0, 1, 0, 0, 1, 0, 0], treated=[1, 1, 0, 1, 1, 1, 1, 0])
    >>> found = risk_difference_test(trials, alpha=0.05, test="fisher_exact")
    >>> found.estimate.tolist(), found.p.round(4).tolist()
    ([0.5], [0.1319])
    """
    ones, count = (sums[:, 0] for sums in binary_counts(trials))
    return _estimates(ones, count, alpha, test)


def proportions_p(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"], test: ProportionTest
) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of a test of two proportions by its name; 1 where an arm is empty.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    test
        One of the tests of this module, or an exact one.
    """
    tests = {
        "n_minus_1_chi_square": n_minus_1_chi_square_p,
        "chi_square": chi_square_p,
        "fisher_exact": fisher_exact_p,
        "boschloo": boschloo_exact_p,
        "z_unpooled": z_unpooled_p,
    }
    return tests[test](ones, count)


def n_minus_1_chi_square_p(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]
) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of the 'N - 1' chi-square test; 1 where the table has an empty margin.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    """
    total = count.sum(axis=-1)
    return chdtrc(1, (total - 1) * _squared_correlation(ones, count))


def chi_square_p(ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of Pearson's chi-square test, uncorrected; 1 where the table has an empty margin.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    """
    return chdtrc(1, count.sum(axis=-1) * _squared_correlation(ones, count))


def z_unpooled_p(ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of the Wald test, whose variance does not assume equal proportions.

    Where that variance is 0 (each arm all ones or all zeros) p is 0 if the arms differ and 1 if they do not.  The axis
    `arm` has the control first.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    """
    share = np.divide(ones, count, out=np.zeros_like(count), where=count > 0)
    variance = np.divide(share * (1 - share), count, out=np.zeros_like(count), where=count > 0).sum(axis=-1)
    difference = np.where((count > 0).all(axis=-1), share[..., TREATED] - share[..., CONTROL], 0.0)
    sure = np.where(difference == 0, 0.0, np.inf)
    return 2 * ndtr(-np.divide(np.abs(difference), np.sqrt(variance), out=sure, where=variance > 0))


def _estimates(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"], alpha: float, test: ProportionTest
) -> Estimates:
    share = np.divide(ones, count, out=np.full_like(count, np.nan), where=count > 0)
    low, high = newcombe_interval(ones, count, alpha=alpha)
    return Estimates(share[..., TREATED] - share[..., CONTROL], low, high, proportions_p(ones, count, test))


def _squared_correlation(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]
) -> Float[ndarray, "*trial"]:
    total, total_ones = count.sum(axis=-1), ones.sum(axis=-1)
    cross = ones[..., TREATED] * count[..., CONTROL] - ones[..., CONTROL] * count[..., TREATED]
    margins = count[..., TREATED] * count[..., CONTROL] * total_ones * (total - total_ones)
    return np.divide(cross**2, margins, out=np.zeros_like(total), where=margins > 0)
