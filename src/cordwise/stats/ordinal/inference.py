"""From fitted treatment slopes to intervals and p values."""

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from cordwise.stats.ordinal.likelihood import influence, likelihood
from cordwise.stats.ordinal.newton import LogitFit, fit_rows
from cordwise.stats.ordinal.newton_step import newton_step
from cordwise.stats.ordinal.rows import OrdinalRows
from cordwise.stats.two_arm.estimates import Estimates


def wald_estimates(
    estimate: Float[ndarray, " replicate"],
    variance: Float[ndarray, " replicate"],
    alpha: float,
    degrees: Num[ndarray, " replicate"] | None = None,
) -> Estimates:
    """Return Wald's interval and p, by Student's t where degrees are given; NaN and p = 1 without an estimate."""
    known = np.isfinite(estimate) & (variance > 0)
    if degrees is not None:
        known, degrees = known & (degrees >= 1), np.maximum(degrees, 1)
    error = np.sqrt(np.where(known, variance, 1.0))
    estimate = np.where(known, estimate, np.nan)
    statistic = -np.abs(np.where(known, estimate, 0.0)) / error
    tail, quantile = (
        (ndtr(statistic), ndtri(alpha / 2))
        if degrees is None
        else (
            stdtr(degrees, statistic),
            stdtrit(degrees, alpha / 2),
        )
    )
    reach = -quantile * error
    return Estimates(estimate, estimate - reach, estimate + reach, np.where(known, 2 * tail, 1.0))


def likelihood_ratio_p(rows: OrdinalRows, fit: LogitFit) -> Float[ndarray, " replicate"]:
    """Return p of the likelihood lost without treatment; NaN without a fit."""
    lost = fit.value - fit_rows(rows.without_first_covariate()).value
    return chdtrc(1, 2 * np.maximum(lost, 0.0))


def score_p(rows: OrdinalRows) -> Float[ndarray, " replicate"]:
    """Return p of the efficient score of treatment at no effect, against its spread over the patients.

    The other parameters are those of the fit without treatment.  The variance is n/(n - 1 - covariates) times the sum
    of the patients' squared scores: unlike the information it does not shrink when as many thresholds are fitted as
    there are patients, which keeps the size of the test in small trials with sum scores.
    """
    null = fit_rows(rows.without_first_covariate())
    step = newton_step(likelihood(rows, null.parameters), rows.squares)
    each = influence(rows, null.parameters, step.threshold_lever, step.slope_lever)
    n, covariates = rows.weight.sum(axis=1), (rows.squares[:, 1:] > 0).sum(axis=1)
    degrees = n - 1 - covariates
    variance = (rows.weight * each**2).sum(axis=1) * n / np.maximum(degrees, 1)
    known = (degrees >= 1) & (variance > 0)
    score = (rows.weight * each).sum(axis=1) / np.sqrt(np.where(known, variance, np.nan))
    return 2 * ndtr(-np.abs(score))
