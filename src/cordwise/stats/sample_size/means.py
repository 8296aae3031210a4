"""Power and sample size of two means: noncentral t, normal approximation, and the gain from a covariate."""

from math import ceil

import numpy as np
from scipy.special import nctdtr, ndtri, stdtrit

from cordwise.base.roots import brent_root

_LARGEST_ARM = 1e7  # patients per arm at which the search for a sample size gives up
_ROUNDING = 1e-9  # a sample size this little above a whole number is that number


def t_test_power(
    difference: float,
    sd: float,
    *,
    counts: tuple[float | int, float | int],
    alpha: float,
    covariates: int = 0,
    wrong_tail: bool = True,
) -> float:
    """Return the chance that the two-sided t test of two means rejects; NaN without degrees of freedom or spread.

    Parameters
    ----------
    difference
        True difference of the means.
    sd
        Standard deviation within an arm; about the regression on the covariates where there are any.
    counts
        Patients analysed in the control arm and in the treated arm; need not be whole.
    alpha
        The two-sided level.
    covariates
        Baseline covariates in the model; each costs one degree of freedom and, by chance imbalance, a little variance.
    wrong_tail
        Whether a rejection in favour of the wrong arm counts.

    Examples
    --------
    >>> round(t_test_power(5.0, 10.0, counts=(64, 64), alpha=0.05), 4)
    0.8015
    """
    degrees = sum(counts) - 2 - covariates
    if degrees <= 1 or sd == 0:
        return float("nan")
    inflation = 1 + covariates / (degrees - 1)
    shift = abs(difference) / (sd * np.sqrt(inflation * sum(1 / count for count in counts)))
    limit = stdtrit(degrees, 1 - alpha / 2)
    against = np.nan_to_num(nctdtr(degrees, shift, -limit)) if wrong_tail else 0.0
    return float(1 - nctdtr(degrees, shift, limit) + against)


def t_test_n_per_arm(
    difference: float, sd: float, *, power: float, alpha: float, covariates: int = 0, wrong_tail: bool = True
) -> float:
    """Return the patients per arm for a power of the t test; infinite where ten million are too few.

    Parameters are those of `t_test_power`, and `power` itself; the answer need not be whole.

    Examples
    --------
    >>> round(t_test_n_per_arm(5.0, 10.0, power=0.8, alpha=0.05), 2)
    63.77
    """
    if difference == 0:
        return float("inf")

    def shortfall(n: float) -> float:
        given = {"alpha": alpha, "covariates": covariates, "wrong_tail": wrong_tail}
        return t_test_power(difference, sd, counts=(n, n), **given) - power

    fewer = more = 2.0 + covariates
    while shortfall(more) < 0:
        fewer, more = more, 2 * more
        if more > _LARGEST_ARM:
            return float("inf")
    return brent_root(shortfall, fewer, more) if more > fewer else more


def z_test_n_per_arm(difference: float, sd: float, *, power: float, alpha: float) -> float:
    """Return the patients per arm for a power of the two-sided test with known variance; need not be whole.

    Parameters
    ----------
    difference, sd
        True difference of the means, and the known standard deviation within an arm.
    power, alpha
        Power and two-sided level.
    """
    return float("inf") if difference == 0 else 2 * ((ndtri(power) - ndtri(alpha / 2)) * sd / difference) ** 2


def ancova_multiplier(correlation: float) -> float:
    """Return the share of the patients of a t test that analysis of covariance needs.

    Parameters
    ----------
    correlation
        Between baseline and outcome within an arm.

    Notes
    -----
    Source: Borm, Fransen and Lemmens 2007, Journal of Clinical Epidemiology 60:1234.

    Examples
    --------
    >>> ancova_multiplier(0.5)
    0.75
    """
    return 1 - correlation**2


def inflated_for_dropout(n: float, dropout: float) -> int:
    """Return the patients to enrol so that `n` remain when a share `dropout` is lost.

    Parameters
    ----------
    n
        Patients to be analysed.
    dropout
        Share of those enrolled who are lost, below 1.

    Examples
    --------
    >>> inflated_for_dropout(90.0, 0.1)
    100
    """
    return ceil(n / (1 - dropout) - _ROUNDING)
