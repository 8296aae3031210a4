"""The cumulative logit model of one data set, with any covariates and with counts, and its standard errors."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray

from cordwise.stats.ordinal.categories import category_codes
from cordwise.stats.ordinal.likelihood import Likelihood, likelihood
from cordwise.stats.ordinal.newton import fit_rows
from cordwise.stats.ordinal.rows import ordinal_rows


@dataclass(frozen=True, slots=True)
class CumulativeLogit:
    """A fitted cumulative logit model: logit P(outcome <= category k) = threshold k - design x coefficients.

    NaN throughout where there is no finite estimate.

    Attributes
    ----------
    thresholds
        One fewer than the categories, rising.
    coefficients
        Log odds ratio of a higher category for one unit of each covariate.
    covariance
        Of the thresholds, then the coefficients; inverse of the observed information.
    log_likelihood
        At the estimates.
    """

    thresholds: Float[ndarray, " threshold"]
    coefficients: Float[ndarray, " covariate"]
    covariance: Float[ndarray, "parameter parameter"]
    log_likelihood: float

    @property
    def standard_errors(self) -> Float[ndarray, " parameter"]:
        """Return the standard errors, thresholds first, from the observed information."""
        return np.sqrt(np.diag(self.covariance))


def fit_cumulative_logit(
    design: Num[ndarray, "row covariate"],
    outcome: Num[ndarray, " row"],
    weights: Num[ndarray, " row"] | None = None,
) -> CumulativeLogit:
    """Fit a cumulative logit (proportional odds) model to one data set by maximum likelihood.

    Parameters
    ----------
    design
        Covariates, at least one, without an intercept.
    outcome
        Ordered categories; values that do not occur (or with weight 0) are no categories.
    weights
        How many times each row counts; once by default.

    Notes
    -----
    Agrees with R's `MASS::polr` and `ordinal::clm`.  Source: McCullagh 1980, Journal of the Royal Statistical Society B
    42:109.

    Examples
    --------
    >>> arm, category = np.array([[0], [0], [0], [1], [1], [1]]), np.array([0, 1, 2, 0, 1, 2])
    >>> fit = fit_cumulative_logit(arm, category, weights=np.array([10, 6, 4, 5, 7, 8]))
    >>> fit.coefficients.round(3).tolist(), fit.standard_errors.round(3).tolist()
    ([1.047], [0.436, 0.497, 0.603])
    """
    weight = np.ones(len(outcome)) if weights is None else np.asarray(weights, np.float64)
    codes, count = category_codes(np.asarray(outcome, np.float64)[None], weight[None] > 0)
    columns = np.asarray(design, np.float64)
    mean = np.average(columns, axis=0, weights=weight)
    rows = ordinal_rows(codes, weight[None], (columns - mean).T[:, None, :], count)
    fit = fit_rows(rows)
    slopes, shift = fit.slopes[0], mean @ fit.slopes[0]
    information = _information(likelihood(rows, fit.parameters))
    covariance = np.full_like(information, np.nan) if not fit.converged[0] else np.linalg.inv(information)
    back = np.eye(len(information))
    back[: len(fit.thresholds[0]), len(fit.thresholds[0]) :] = mean  # a threshold at design 0, not at its mean
    return CumulativeLogit(fit.thresholds[0] + shift, slopes, back @ covariance @ back.T, float(fit.value[0]))


def _information(seen: Likelihood) -> Float[ndarray, "parameter parameter"]:
    """Return the observed information of the first replicate as one matrix, thresholds first."""
    off_diagonal = seen.off_diagonal[0, :-1]
    corner = np.diag(seen.diagonal[0]) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1)
    return np.block([[corner, seen.border[0]], [seen.border[0].T, seen.dense[0]]])
