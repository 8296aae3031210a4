"""Difference of two means: analysis of covariance on one baseline covariate, and the plain t test, in closed form."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import stdtr, stdtrit

from cordwise.trial.analysis.estimates import Estimates
from cordwise.trial.analysis.moments import CONTROL, TREATED, Moments


def ancova(moments: Moments, *, alpha: float) -> Estimates:
    """Return the difference in outcome at equal baseline: common slope, common variance, t with N - 3 degrees.

    Closed form of the least-squares fit `outcome ~ arm + baseline`; where the baseline does not vary the slope is 0.
    """
    sxx = _within(moments.xx, moments.x, moments.x, moments.count)
    sxy = _within(moments.xy, moments.x, moments.y, moments.count)
    syy = _within(moments.yy, moments.y, moments.y, moments.count)
    slope = _ratio(sxy, sxx)
    apart = _difference(moments.x, moments.count)
    estimate = _difference(moments.y, moments.count) - slope * apart
    spread = _inverse_counts(moments.count) + _ratio(apart**2, sxx)
    return _t_estimates(estimate, syy - slope * sxy, spread, moments.count.sum(axis=-1) - 3, alpha)


def two_sample_t(moments: Moments, *, alpha: float) -> Estimates:
    """Return the difference of the mean outcomes with their common variance: Student's t with N - 2 degrees."""
    syy = _within(moments.yy, moments.y, moments.y, moments.count)
    estimate = _difference(moments.y, moments.count)
    return _t_estimates(estimate, syy, _inverse_counts(moments.count), moments.count.sum(axis=-1) - 2, alpha)


def _t_estimates(
    estimate: Float[ndarray, "*trial"],
    residual_sum: Float[ndarray, "*trial"],
    spread: Float[ndarray, "*trial"],
    degrees: Float[ndarray, "*trial"],
    alpha: float,
) -> Estimates:
    usable = (degrees >= 1) & np.isfinite(estimate)
    degrees = np.where(usable, degrees, 1.0)
    error = np.sqrt(np.maximum(residual_sum, 0.0) / degrees * spread)
    statistic = np.divide(estimate, error, out=np.zeros_like(estimate), where=usable & (error > 0))
    reach = stdtrit(degrees, 1 - alpha / 2) * error
    p = np.where(usable, 2 * stdtr(degrees, -np.abs(statistic)), 1.0)
    estimate = np.where(usable, estimate, np.nan)
    return Estimates(estimate, estimate - reach, estimate + reach, p)


def _within(
    product: Float[ndarray, "*trial arm"],
    first: Float[ndarray, "*trial arm"],
    second: Float[ndarray, "*trial arm"],
    count: Float[ndarray, "*trial arm"],
) -> Float[ndarray, "*trial"]:
    """Return the sum of products about the arm means, over both arms."""
    return (product - first * second / np.maximum(count, 1)).sum(axis=-1)


def _difference(total: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return mean[..., TREATED] - mean[..., CONTROL]


def _inverse_counts(count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    return (1 / np.maximum(count, 1)).sum(axis=-1)


def _ratio(top: Float[ndarray, "*trial"], bottom: Float[ndarray, "*trial"]) -> Float[ndarray, "*trial"]:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
