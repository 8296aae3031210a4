"""Rubin's rules: one estimate from several imputations, batched."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import stdtr, stdtrit

from cordwise.stats.two_arm.estimates import Estimates


@dataclass(frozen=True, slots=True)
class Pooled:
    """Estimates pooled over imputations.

    Attributes
    ----------
    estimate
        Mean of the estimates.
    variance
        Mean variance plus (1 + 1/m) times the variance between imputations.
    df
        Degrees of freedom of Barnard and Rubin (1999), Biometrika 86:948; those of the complete data where the
        imputations do not differ.
    df_rubin
        Rubin's degrees of freedom for complete data without end.
    missing_share
        Share of the variance that comes from the missing values.
    """

    estimate: Float[ndarray, "*trial"]
    variance: Float[ndarray, "*trial"]
    df: Float[ndarray, "*trial"]
    df_rubin: Float[ndarray, "*trial"]
    missing_share: Float[ndarray, "*trial"]

    def tested(self, *, alpha: float) -> Estimates:
        """Return estimate, t interval and two-sided p value."""
        usable = np.isfinite(self.estimate) & (self.variance > 0) & (self.df > 0)
        error = np.sqrt(np.where(usable, self.variance, 1.0))
        df, estimate = np.where(usable, self.df, 1.0), np.where(usable, self.estimate, np.nan)
        reach = stdtrit(df, 1 - alpha / 2) * error
        p = np.where(usable, 2 * stdtr(df, -np.abs(np.where(usable, estimate, 0.0) / error)), 1.0)
        return Estimates(estimate, estimate - reach, estimate + reach, p)


def pool_estimates(
    estimates: Float[ndarray, "imputation ..."],
    variances: Float[ndarray, "imputation ..."],
    df_complete: Float[ndarray, "*trial"] | float = np.inf,
) -> Pooled:
    """Return the estimates pooled over the first axis.

    Parameters
    ----------
    estimates, variances
        Estimate and squared standard error of each imputation.
    df_complete
        Degrees of freedom the analysis has when nothing is missing.

    Notes
    -----
    Source: Rubin 1987, Multiple Imputation for Nonresponse in Surveys, chapter 3.

    Examples
    --------
    >>> found = pool_estimates(np.array([[1.0], [1.4], [0.9]]), np.array([[0.25], [0.3], [0.2]]), 40.0)
    >>> found.estimate.round(3).tolist(), found.variance.round(4).tolist(), found.df.round(2).tolist()
    ([1.1], [0.3433], [13.71])
    """
    count = len(estimates)
    between = (1 + 1 / count) * (estimates.var(axis=0, ddof=1) if count > 1 else np.zeros(estimates.shape[1:]))
    between = np.where(np.ptp(estimates, axis=0) > 0, between, 0.0)
    total = variances.mean(axis=0) + between
    share = np.divide(between, total, out=np.zeros_like(total), where=total > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        df_rubin = (count - 1) / share**2
        kept = np.where(np.isinf(df_complete), 1.0, (df_complete + 1) / (df_complete + 3))
        df_seen = kept * df_complete * (1 - share)
        df = np.where(share > 0, 1 / (1 / df_rubin + 1 / df_seen), df_complete)
    return Pooled(estimates.mean(axis=0), total, df, df_rubin, share)
