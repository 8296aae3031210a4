"""The proportional-odds model of a two-arm trial by maximum likelihood, batched over replicates."""

from dataclasses import replace
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.ordinal.blocks import in_blocks
from cordwise.stats.ordinal.categories import category_codes
from cordwise.stats.ordinal.covariates import centred, level_columns, standardised
from cordwise.stats.ordinal.inference import likelihood_ratio_p, score_p, wald_estimates
from cordwise.stats.ordinal.newton import fit_rows
from cordwise.stats.ordinal.rows import OrdinalRows, ordinal_rows
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials

Covariates = Literal["baseline", "none"]
OddsTest = Literal["wald", "likelihood_ratio", "score"]
_ROWS_AT_ONCE = 1 << 15


def proportional_odds(
    trials: Trials,
    *,
    alpha: float,
    covariates: Covariates = "baseline",
    strata: bool = False,
    test: OddsTest = "wald",
) -> Estimates:
    """Return the log odds ratio of a better outcome under treatment, by maximum likelihood.

    Every distinct outcome is a category, so the model serves few categories and sum scores alike.  The interval is
    Wald's; p is Wald's unless another test is asked for.  Empty or separated arms have a NaN estimate and p = 1.

    Parameters
    ----------
    trials
        The trials; the outcome may be any ordered score.
    alpha
        Two-sided level of the interval.
    covariates
        Whether the baseline enters, linearly on the logit scale.
    strata
        Whether the strata of the randomisation enter, as additive levels.
    test
        Where p comes from: Wald's statistic, the likelihood ratio, or the score with its empirical variance.

    Notes
    -----
    Where few patients share a category, as with sum scores, Wald's and the likelihood ratio test are anticonservative
    in small trials (simulated with 40 categories: 7 and 8 % instead of 5 % at 20 patients, 6 % at 60); the score test
    keeps its size.
    Sources: McCullagh 1980, Journal of the Royal Statistical Society B 42:109; doi 10.1186/s12874-020-00984-2, which
    adjusts sum scores for their baseline.

    Examples
    --------
    >>> trials = Trials.from_arms(control=[0, 0, 1, 1, 2, 0, 1, 0], treated=[1, 2, 2, 1, 2, 0, 2, 1])
    >>> found = proportional_odds(trials, alpha=0.05, covariates="none")
    >>> found.estimate.round(3).tolist(), found.p.round(3).tolist()
    ([1.946], [0.064])
    """

    def analyse(block: Trials) -> Estimates:
        rows = _rows(block, covariates, strata)
        fit = fit_rows(rows)
        estimates = wald_estimates(fit.slopes[:, 0], fit.variance, alpha)
        if test == "wald":
            return estimates
        p = score_p(rows) if test == "score" else likelihood_ratio_p(rows, fit)
        return replace(estimates, p=np.where(np.isfinite(estimates.estimate) & np.isfinite(p), p, 1.0))

    return in_blocks(analyse, trials, _ROWS_AT_ONCE // max(trials.treated.shape[1], 1))


def _rows(trials: Trials, covariates: Covariates, strata: bool) -> OrdinalRows:
    codes, count = category_codes(trials.outcome, trials.analysed)
    weight = trials.analysed.astype(np.float64)
    return ordinal_rows(codes, weight, _design(trials, weight, covariates, strata), count)


def _design(
    trials: Trials, weight: Float[ndarray, "replicate patient"], covariates: Covariates, strata: bool
) -> Float[ndarray, "covariate replicate patient"]:
    columns = [centred(trials.treated.astype(np.float64), weight)]
    if covariates == "baseline":
        columns.append(standardised(trials.baseline.astype(np.float64), weight))
    if strata:
        columns += level_columns(trials.stratum, weight)
    return np.stack(columns)
