"""Analyses that impute: pooled over imputations, and the delta at which the conclusion tips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.random import Generator
from scipy.special import stdtrit

from cordwise.stats.missing.cases import only_complete
from cordwise.stats.missing.imputation import Imputations, MissingMethod, impute
from cordwise.stats.missing.rubin import Pooled, pool_estimates
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.means import ancova
from cordwise.stats.two_arm.trials import Trials


@dataclass(frozen=True, slots=True)
class DeltaTippingPoint:
    """The pooled analysis as what was drawn in the treated arm is made worse, and where its conclusion changes.

    Attributes
    ----------
    deltas
        Points added to the drawn visits of treated patients.
    estimates, p
        Pooled estimate and two-sided p value at each delta.
    tipping
        The first delta at which the difference is no longer significant; NaN if it is at all of them.
    """

    deltas: Float[ndarray, " delta"]
    estimates: Float[ndarray, "delta replicate"]
    p: Float[ndarray, "delta replicate"]
    tipping: Float[ndarray, " replicate"]


def complete_case(trials: Trials, analysis: Callable[..., Estimates] = ancova, *, alpha: float) -> Estimates:
    """Return the analysis of the patients whose last visit was seen.

    Parameters
    ----------
    trials
        With `visits`.
    analysis
        The analysis of covariance unless another is given.
    alpha
        Two-sided; sets the interval.

    Raises
    ------
    InputError
        The trials have no visits.
    """
    return analysis(only_complete(trials), alpha=alpha)


def multiple_imputation(
    trials: Trials,
    analysis: Callable[..., Estimates] = ancova,
    *,
    alpha: float,
    imputations: int,
    generator: Generator,
    method: MissingMethod = "multiple_imputation",
    delta: float = 0.0,
    limits: tuple[float, float] | None = None,
    df: float | None = None,
) -> Estimates:
    """Return an analysis of the last visit, pooled over imputations of the visits that were not seen.

    Parameters
    ----------
    trials
        With `visits`.  Every analysed patient is completed and counts.
    analysis
        What is done to each completed set of trials; the analysis of covariance unless another is given.
    alpha
        Two-sided; sets the intervals.
    imputations, generator
        Number of draws and where they come from.
    method
        What is assumed of the visits after the last one seen (see `impute`).
    delta, limits
        Points added to what is drawn in the treated arm, and the ends of the scale to which drawn values are held.
    df
        Degrees of freedom of the analysis when nothing is missing; those of the analysis of covariance unless given.
        The standard error is half the analysis's interval over the t quantile with these degrees of freedom.  That is
        exact for the analysis of covariance, and for Wald intervals if the degrees are infinite; for intervals that are
        not symmetric it is an approximation.

    Raises
    ------
    InputError
        The trials have no visits.
    """
    drawn = impute(trials, imputations=imputations, generator=generator, method=method)
    return pooled_analysis(drawn.shifted(delta, limits), analysis, alpha=alpha, df=df).tested(alpha=alpha)


def pooled_analysis(
    imputed: Imputations, analysis: Callable[..., Estimates] = ancova, *, alpha: float, df: float | None = None
) -> Pooled:
    """Return the analysis of every completed set of trials, pooled by Rubin's rules.

    Parameters
    ----------
    imputed
        What `impute` returns.
    analysis, df
        As in `multiple_imputation`.
    alpha
        Two-sided level of the interval from which the standard error is read.
    """
    degrees = _covariance_degrees(imputed.trials) if df is None else np.full(len(imputed.trials.analysed), df)
    quantile = stdtrit(degrees, 1 - alpha / 2)
    parts = [analysis(imputed.completed(draw), alpha=alpha) for draw in range(len(imputed.values))]
    errors = np.stack([(part.high - part.low) / 2 / quantile for part in parts])
    return pool_estimates(np.stack([part.estimate for part in parts]), errors**2, degrees)


def _covariance_degrees(trials: Trials) -> Float[ndarray, " replicate"]:
    """Return the degrees of freedom of the analysis of covariance: patients less two means, less a slope if any."""
    least = np.where(trials.analysed, trials.baseline, np.inf).min(axis=1, initial=np.inf)
    most = np.where(trials.analysed, trials.baseline, -np.inf).max(axis=1, initial=-np.inf)
    return np.maximum(trials.analysed.sum(axis=1) - 2.0 - (most > least), 1.0)


def tipping_point(
    trials: Trials,
    deltas: Sequence[float],
    analysis: Callable[..., Estimates] = ancova,
    *,
    alpha: float,
    imputations: int,
    generator: Generator,
    method: MissingMethod = "multiple_imputation",
    limits: tuple[float, float] | None = None,
    df: float | None = None,
) -> DeltaTippingPoint:
    """Return the pooled analysis at each delta, in the order given; the same draws serve all of them.

    Parameters
    ----------
    trials
        With `visits`.
    deltas
        Points added to what is drawn in the treated arm, from the first to be tried to the last.
    analysis, alpha, imputations, generator, method, limits, df
        As in `multiple_imputation`.

    Raises
    ------
    InputError
        The trials have no visits.

    Notes
    -----
    Source: Permutt 2016, Statistics in Medicine 35:2876.
    """
    drawn = impute(trials, imputations=imputations, generator=generator, method=method)
    results = [
        pooled_analysis(drawn.shifted(delta, limits), analysis, alpha=alpha, df=df).tested(alpha=alpha)
        for delta in deltas
    ]
    p = np.stack([result.p for result in results])
    lost = p >= alpha
    first = np.asarray(deltas, np.float64)[np.argmax(lost, axis=0)]
    tipping = np.where(lost.any(axis=0), first, np.nan)
    return DeltaTippingPoint(np.asarray(deltas, np.float64), np.stack([each.estimate for each in results]), p, tipping)
