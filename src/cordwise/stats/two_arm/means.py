"""Difference of two means: t tests, and analysis of covariance on the baseline and the strata, in closed form."""

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import stdtr, stdtrit

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED, arm_sums, own_stratum
from cordwise.stats.two_arm.trials import Trials

_ROUNDING = 1e-12  # a sum of squares below this share of its terms is rounding, not spread


def t_test(trials: Trials, *, alpha: float) -> Estimates:
    """Return the difference of the mean outcomes with their common variance: Student's t with N - 2 degrees of freedom.

    Estimate and interval are in the outcome's unit.

    Examples
    --------
    >>> from cordwise.stats.two_arm import Trials
    >>> found = t_test(Trials.from_arms(control=[3, 5, 4, 6], treated=[6, 7, 5, 9]), alpha=0.05)
    >>> found.estimate.round(2).tolist(), found.p.round(4).tolist()
    ([2.25], [0.0803])
    """
    return _least_squares(trials, alpha, covariate=False, strata=False)


def ancova(trials: Trials, *, alpha: float, strata: bool = False) -> Estimates:
    """Return the difference in outcome at equal baseline by least squares, `outcome ~ arm + baseline (+ stratum)`.

    Fitted in closed form: the mean of each stratum is swept out of arm, baseline and outcome first.  A baseline that
    does not vary beyond arm and stratum is left out of the model, as are empty strata.

    Parameters
    ----------
    trials
        The outcome may be a final score or a change from baseline; the estimate is the same.
    alpha
        Two-sided level of the interval.
    strata
        Whether the strata of the randomisation enter, as additive levels.
    """
    return _least_squares(trials, alpha, covariate=True, strata=strata)


def welch_t(trials: Trials, *, alpha: float) -> Estimates:
    """Return the difference of the mean outcomes with a variance for each arm and Satterthwaite's degrees of freedom.

    Source: Welch 1947, Biometrika 34:28.
    """
    count, total = arm_sums(trials)[:, 0], arm_sums(trials, trials.outcome)[:, 0]
    mean = _ratio(total, count)
    own_mean = np.where(trials.treated, mean[:, [TREATED]], mean[:, [CONTROL]])
    squares = arm_sums(trials, (trials.outcome - own_mean) ** 2)[:, 0]
    of_mean = _ratio(_ratio(squares, count - 1), count)
    variance = of_mean.sum(axis=1)
    degrees = _ratio(variance**2, _ratio(of_mean**2, count - 1).sum(axis=1))
    scale = _ratio(arm_sums(trials, trials.outcome**2)[:, 0], count).max(axis=1)
    usable = (count >= 2).all(axis=1) & (variance > _ROUNDING * scale)
    return _t_estimates(mean[:, TREATED] - mean[:, CONTROL], np.sqrt(variance), degrees, usable, alpha)


def _least_squares(trials: Trials, alpha: float, *, covariate: bool, strata: bool) -> Estimates:
    arm = _swept(trials, trials.treated.astype(np.float64), strata)
    y = _swept(trials, trials.outcome, strata)
    aa, ay, yy = _dot(arm, arm), _dot(arm, y), _dot(y, y)
    slope, spread, ax, xy, fitted = (np.zeros_like(aa) for _ in range(5))
    if covariate:
        x = _swept(trials, trials.baseline, strata)
        ax, xy, xx = _dot(arm, x), _dot(x, y), _dot(x, x)
        beyond_arm = xx - _ratio(ax**2, aa)
        fitted = (beyond_arm > _ROUNDING * _dot(trials.analysed, trials.baseline**2)).astype(np.float64)
        slope = fitted * _ratio(xy - _ratio(ax * ay, aa), beyond_arm)
        spread = fitted * _ratio(_ratio(ax, aa) ** 2, beyond_arm)
    estimate = _ratio(ay - slope * ax, aa)
    residual = yy - estimate * ay - slope * xy
    filled = (arm_sums(trials, strata=strata).sum(axis=2) > 0).sum(axis=1)
    degrees = trials.analysed.sum(axis=1) - filled - 1 - fitted
    usable = (aa > 0) & (degrees >= 1) & (residual > _ROUNDING * _dot(trials.analysed, trials.outcome**2))
    error = np.sqrt(np.where(usable, _ratio(residual, degrees) * (_ratio(np.ones_like(aa), aa) + spread), 0.0))
    return _t_estimates(estimate, error, degrees, usable, alpha)


def _swept(
    trials: Trials, values: Float[ndarray, "replicate patient"], strata: bool
) -> Float[ndarray, "replicate patient"]:
    """Return the values about the mean of their stratum (or trial), 0 for patients not analysed."""
    count = arm_sums(trials, strata=strata).sum(axis=2)
    mean = arm_sums(trials, values, strata=strata).sum(axis=2) / np.maximum(count, 1)
    own = np.take_along_axis(mean, own_stratum(trials), axis=1) if strata else mean
    return (values - own) * trials.analysed


def _t_estimates(
    estimate: Float[ndarray, " replicate"],
    error: Float[ndarray, " replicate"],
    degrees: Float[ndarray, " replicate"],
    usable: Bool[ndarray, " replicate"],
    alpha: float,
) -> Estimates:
    degrees, error = np.where(usable, degrees, 1.0), np.where(usable, error, 1.0)
    estimate = np.where(usable, estimate, np.nan)
    reach = stdtrit(degrees, 1 - alpha / 2) * error
    p = np.where(usable, 2 * stdtr(degrees, -np.abs(estimate / error)), 1.0)
    return Estimates(estimate, estimate - reach, estimate + reach, p)


def _dot(first: ndarray, second: Float[ndarray, "replicate patient"]) -> Float[ndarray, " replicate"]:
    return np.einsum("rp,rp->r", first, second)


def _ratio(top: Float[ndarray, "..."], bottom: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=bottom > 0)
