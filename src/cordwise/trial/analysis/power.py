"""Power and sample size from theory: exact for proportions by enumeration, noncentral t for means."""

import numpy as np
from scipy.optimize import brentq
from scipy.special import bdtr, ndtri, stdtrit
from scipy.stats import nct

from cordwise.trial.analysis.moments import CONTROL, TREATED, Moments
from cordwise.trial.analysis.proportions import ProportionTest, risk_difference

_LARGEST_ARM = 1e7  # patients per arm at which the search for a sample size gives up


def proportion_power(
    control: float, treated: float, *, counts: tuple[int, int], alpha: float, test: ProportionTest
) -> float:
    """Return the exact chance that the two-sided test rejects, over all tables.

    Parameters
    ----------
    control, treated
        True proportions.
    counts
        Patients analysed in the control arm and in the treated arm.
    alpha, test
        The two-sided level and the test.
    """
    ones = [np.arange(count + 1) for count in counts]
    tables = np.stack(np.meshgrid(*ones, indexing="ij"), axis=-1).astype(np.float64)
    totals = np.broadcast_to(np.asarray(counts, dtype=np.float64), tables.shape)
    empty = np.zeros_like(tables)
    p = risk_difference(Moments(totals, empty, tables, empty, empty, tables), alpha=alpha, test=test).p
    chances = [_binomial(count, share) for count, share in zip(counts, (control, treated), strict=True)]
    return float(np.einsum("i,j,ij->", chances[CONTROL], chances[TREATED], p <= alpha))


def mean_power(
    difference: float, sd: float, *, counts: tuple[float, float], alpha: float, covariates: int = 0
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
    """
    degrees = sum(counts) - 2 - covariates
    if degrees <= 1 or sd == 0:
        return float("nan")
    inflation = 1 + covariates / (degrees - 1)
    shift = abs(difference) / (sd * np.sqrt(inflation * sum(1 / count for count in counts)))
    limit = stdtrit(degrees, 1 - alpha / 2)
    against = np.nan_to_num(nct.cdf(-limit, degrees, shift))  # SciPy gives NaN once this tail is below 1e-23
    return float(nct.sf(limit, degrees, shift) + against)


def proportion_n_per_arm(control: float, treated: float, *, power: float, alpha: float) -> float:
    """Return the patients per arm for a power by the normal approximation with the pooled variance under the null."""
    pooled = (control + treated) / 2
    under_null = np.sqrt(2 * pooled * (1 - pooled))
    under_effect = np.sqrt(control * (1 - control) + treated * (1 - treated))
    return float(((-ndtri(alpha / 2) * under_null + ndtri(power) * under_effect) / (treated - control)) ** 2)


def mean_n_per_arm(difference: float, sd: float, *, power: float, alpha: float, covariates: int = 0) -> float:
    """Return the patients per arm for a power of the t test; infinite where ten million are too few."""
    if difference == 0:
        return float("inf")

    def shortfall(n: float) -> float:
        return mean_power(difference, sd, counts=(n, n), alpha=alpha, covariates=covariates) - power

    fewer = more = 2.0 + covariates
    while shortfall(more) < 0:
        fewer, more = more, 2 * more
        if more > _LARGEST_ARM:
            return float("inf")
    return float(brentq(shortfall, fewer, more)) if more > fewer else more


def _binomial(count: int, share: float) -> np.ndarray:
    return np.diff(bdtr(np.arange(count + 1), count, share), prepend=0.0)
