"""The proportional-odds model of a two-arm trial by maximum likelihood, batched over replicates."""

from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import chdtrc, ndtr, ndtri

from cordwise.trial.analysis.estimates import Estimates
from cordwise.trial.analysis.ordinal.categories import category_codes, ranks_present
from cordwise.trial.analysis.ordinal.newton import Fit, fit_rows
from cordwise.trial.analysis.ordinal.rows import OrdinalRows, ordinal_rows
from cordwise.trial.analysis.trials import Trials

_ROWS_AT_ONCE = 1 << 15  # rows of replicates fitted together: few enough to stay in a core's cache


def proportional_odds(
    trials: Trials,
    *,
    alpha: float,
    covariates: Literal["baseline", "none"] = "baseline",
    strata: bool = False,
    test: Literal["wald", "likelihood_ratio"] = "wald",
) -> Estimates:
    """Return the log odds ratio of a better outcome under treatment, by maximum likelihood.

    Every distinct outcome is a category, so the model serves grades and sum scores alike.  The interval is Wald's; p is
    Wald's unless the likelihood ratio is asked for.  Arms that are empty or separated have a NaN estimate and p = 1.

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
        Where p comes from.
    """
    codes, count = category_codes(trials.outcome, trials.analysed)
    weight = trials.analysed.astype(np.float64)
    design = _design(trials, weight, covariates, strata)
    at_once = max(1, _ROWS_AT_ONCE // max(codes.shape[1], 1))
    parts = []
    for at in range(0, len(codes), at_once):
        block = slice(at, at + at_once)
        rows = ordinal_rows(codes[block], weight[block], design[:, block], count)
        fit = fit_rows(rows)
        p = _likelihood_ratio_p(rows, fit) if test == "likelihood_ratio" else None
        parts.append(wald_estimates(fit.slopes[:, 0], fit.variance, alpha, p))
    return _joined(parts)


def wald_estimates(
    estimate: Float[ndarray, " replicate"],
    variance: Float[ndarray, " replicate"],
    alpha: float,
    p: Float[ndarray, " replicate"] | None = None,
) -> Estimates:
    """Return Wald's interval, and Wald's p unless one is given; NaN and p = 1 without an estimate."""
    known = np.isfinite(estimate) & (variance > 0)
    error = np.sqrt(np.where(known, variance, 1.0))
    estimate = np.where(known, estimate, np.nan)
    reach = -ndtri(alpha / 2) * error
    p = 2 * ndtr(-np.abs(estimate) / error) if p is None else p
    return Estimates(estimate, estimate - reach, estimate + reach, np.where(known & np.isfinite(p), p, 1.0))


def _likelihood_ratio_p(rows: OrdinalRows, fit: Fit) -> Float[ndarray, " replicate"]:
    gain = fit.value - fit_rows(rows.without_first_covariate()).value
    return chdtrc(1, 2 * np.maximum(gain, 0.0))


def _design(
    trials: Trials, weight: Float[ndarray, "replicate patient"], covariates: str, strata: bool
) -> Float[ndarray, "covariate replicate patient"]:
    """Return the arm, the baseline in standard deviations and the strata, each about its mean in the replicate."""
    columns = [trials.treated.astype(np.float64)]
    if covariates == "baseline":
        columns.append(trials.baseline.astype(np.float64))
    if strata:
        levels, _ = ranks_present(trials.stratum, trials.analysed, int(trials.stratum.max(initial=0)) + 1)
        columns += [(levels == level).astype(np.float64) for level in range(1, int(levels.max(initial=0)) + 1)]
    design = np.stack([_centred(column, weight) for column in columns])
    if covariates == "baseline":
        spread = np.sqrt((weight * design[1] ** 2).sum(axis=1) / np.maximum(weight.sum(axis=1), 1))
        design[1] /= np.where(spread > 0, spread, 1.0)[:, None]
    return design


def _centred(
    column: Float[ndarray, "replicate patient"], weight: Float[ndarray, "replicate patient"]
) -> Float[ndarray, "replicate patient"]:
    """Return the column about its mean over the analysed, and exactly 0 where it does not vary or is not analysed."""
    low, high = (np.where(weight > 0, column, edge) for edge in (np.inf, -np.inf))
    varies = low.min(axis=1, initial=np.inf) < high.max(axis=1, initial=-np.inf)
    mean = (column * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
    return np.where(varies[:, None] & (weight > 0), column - mean[:, None], 0.0)


def _joined(parts: list[Estimates]) -> Estimates:
    names = ("estimate", "low", "high", "p")
    return Estimates(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
