"""Maximum likelihood of the cumulative logit model by Newton's method, all replicates together."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.stats.ordinal.likelihood import Likelihood, Parameters, likelihood
from cordwise.stats.ordinal.newton_step import NewtonStep, newton_step
from cordwise.stats.ordinal.rows import OrdinalRows

_Bundle = TypeVar("_Bundle", Parameters, Likelihood, NewtonStep)
_ITERATIONS = 40  # a fit without separation takes 4 to 7
_HALVINGS = 20
_STEP_LIMIT = 1e-5  # of the first slope; the step is still taken, so its square is what remains
_DECREMENT_LIMIT = 1e-8  # twice the log-likelihood still to gain
_DECREMENT_SHARE = 1e-10  # the same as a share of the log-likelihood, which decides in data sets of thousands
_SLACK = 1e-9  # relative loss of log-likelihood that is rounding


@dataclass(frozen=True, slots=True)
class LogitFit:
    """Maximum-likelihood fits of a batch; NaN where a fit has not converged.

    Attributes
    ----------
    thresholds, slopes
        Estimates; thresholds beyond the last of a replicate are infinite.
    value
        Log-likelihood.
    threshold_lever, slope_lever
        Row of the inverse information that belongs to the first slope: how its estimate moves with the gradient.
    converged
        False where the first slope has no estimate: separation, collinear covariates, fewer than two categories.
    """

    thresholds: Float[ndarray, "replicate threshold"]
    slopes: Float[ndarray, "replicate covariate"]
    value: Float[ndarray, " replicate"]
    threshold_lever: Float[ndarray, "replicate threshold"]
    slope_lever: Float[ndarray, "replicate covariate"]
    converged: Bool[ndarray, " replicate"]

    @property
    def parameters(self) -> Parameters:
        """Return the estimates."""
        return Parameters(self.thresholds, self.slopes)

    @property
    def variance(self) -> Float[ndarray, " replicate"]:
        """Return the variance of the first slope from the observed information."""
        return self.slope_lever[:, 0]


def fit_rows(rows: OrdinalRows) -> LogitFit:
    """Fit every replicate; those that have converged are set aside while the others go on.

    A replicate has converged when the first slope has settled and no likelihood is left to gain, so another slope that
    runs to infinity (a stratum all in one category) does not stand in the way.
    """
    fit = _no_fit(rows)
    left = (rows.categories > 1) & (rows.weight.sum(axis=1) > 0)
    if not left.any():
        return fit
    open_fits, rows = np.flatnonzero(left), rows.of(left)
    at = _start(rows)
    seen = likelihood(rows, at)
    for _ in range(_ITERATIONS):
        step = newton_step(seen, rows.squares)
        little = np.maximum(_DECREMENT_LIMIT, _DECREMENT_SHARE * np.abs(seen.value))
        settled = (np.abs(step.slopes[:, 0]) < _STEP_LIMIT) & (step.decrement < little) & step.solved
        _store(fit, open_fits[settled], settled, at, seen, step)
        left = step.solved & ~settled
        if not left.any():
            break
        if not left.all():
            open_fits, rows = open_fits[left], rows.of(left)
            at, seen, step = _of(at, left), _of(seen, left), _of(step, left)
        at, seen = _line_search(rows, at, seen, step)
    return fit


def _start(rows: OrdinalRows) -> Parameters:
    """Return the thresholds of the pooled categories, without slopes."""
    through = np.cumsum(rows.cell_sums(rows.weight[None])[0], axis=1)[:, :-1]
    is_used = np.arange(rows.width - 1) < rows.categories[:, None] - 1
    odds = through / np.where(is_used, rows.weight.sum(axis=1)[:, None] - through, 1.0)
    thresholds = np.where(is_used, np.log(np.where(is_used, odds, 1.0)), np.inf)
    return Parameters(thresholds, np.zeros(rows.design.shape[:2]))


def _line_search(
    rows: OrdinalRows, at: Parameters, seen: Likelihood, step: NewtonStep
) -> tuple[Parameters, Likelihood]:
    """Return the point after the step, halved in the replicates in which the likelihood would fall."""
    share = np.ones((len(seen.value), 1))
    floor = seen.value - _SLACK * np.abs(seen.value)
    trial, look = at, seen
    for _ in range(_HALVINGS):
        trial = Parameters(at.thresholds + share * step.thresholds, at.slopes + share * step.slopes)
        look = likelihood(rows, trial)
        worse = ~(look.value >= floor)
        if not worse.any():
            break
        share[worse] /= 2
    return trial, look


def _no_fit(rows: OrdinalRows) -> LogitFit:
    replicates, covariates, _ = rows.design.shape
    thresholds, slopes = np.full((replicates, rows.width - 1), np.nan), np.full((replicates, covariates), np.nan)
    value, converged = np.full(replicates, np.nan), np.zeros(replicates, bool)
    return LogitFit(thresholds, slopes, value, thresholds.copy(), slopes.copy(), converged)


def _store(
    fit: LogitFit,
    where: ndarray,
    settled: Bool[ndarray, " replicate"],
    at: Parameters,
    seen: Likelihood,
    step: NewtonStep,
) -> None:
    """Write the settled replicates into the fit, their last step taken."""
    fit.thresholds[where] = (at.thresholds + step.thresholds)[settled]
    fit.slopes[where] = (at.slopes + step.slopes)[settled]
    fit.value[where] = (seen.value + step.decrement / 2)[settled]
    fit.threshold_lever[where] = step.threshold_lever[settled]
    fit.slope_lever[where] = step.slope_lever[settled]
    fit.converged[where] = True


def _of(bundle: _Bundle, chosen: Bool[ndarray, " replicate"]) -> _Bundle:
    return type(bundle)(*(getattr(bundle, each.name)[chosen] for each in fields(bundle)))
