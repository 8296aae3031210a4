"""Bayesian analysis of two means, batched over simulated trials, with or without borrowed controls.

Both arms share an unknown variance with the usual 1/variance prior, and the treated mean has a flat one. Without
borrowing the posterior of the difference is then Student's t, and p that of the t test. With a control prior the
posterior is, for each node of the variance, a mixture of normals in closed form.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import gammainccinv, gammaincinv, ndtr, ndtri, stdtr, stdtrit

from cordwise.stats.bayes.normal_mixture import NormalMixture, normal_log_density
from cordwise.stats.bayes.quadrature import normal_rule
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials

_VARIANCE_NODES = 24
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class _Arms:
    """What the analysis needs of each trial: counts, means and the common residual sum of squares."""

    controls: Float[ndarray, " trial"]
    treated: Float[ndarray, " trial"]
    control_mean: Float[ndarray, " trial"]
    treated_mean: Float[ndarray, " trial"]
    residual: Float[ndarray, " trial"]

    @property
    def degrees(self) -> Float[ndarray, " trial"]:
        return self.controls + self.treated - 2


def normal_posterior(trials: Trials, *, alpha: float, control_prior: NormalMixture | None = None) -> Estimates:
    """Return the posterior difference of the mean outcomes, treated minus control, in the outcome's unit.

    The estimate is the posterior mean, the interval is credible (equal-tailed, `1 - alpha`), and p is twice the smaller
    of P(difference > 0) and P(difference < 0). Without a `control_prior` this is the t test; with one that borrows from
    history p claims no type I error. The baseline is not used.

    Parameters
    ----------
    trials
        Outcomes in any unit.
    alpha
        One minus the probability of the interval.
    control_prior
        Prior of the control mean: historical controls as a mixture, in the outcome's unit.
    """
    arms = _arms(trials)
    usable = (arms.controls > 0) & (arms.treated > 0) & (arms.degrees >= 1) & (arms.residual > 0)
    kept = _Arms(*(getattr(arms, name)[usable] for name in _Arms.__dataclass_fields__))
    found = _without_borrowing(kept, alpha) if control_prior is None else _borrowing(kept, control_prior, alpha)
    columns = [np.full(len(usable), empty) for empty in (np.nan, np.nan, np.nan, 1.0)]
    for column, values in zip(columns, found, strict=True):
        column[usable] = values
    return Estimates(*columns)


Columns = tuple[Float[ndarray, " trial"], Float[ndarray, " trial"], Float[ndarray, " trial"], Float[ndarray, " trial"]]


def _arms(trials: Trials) -> _Arms:
    parts = [(trials.analysed & (trials.treated == treated)).astype(np.float64) for treated in (False, True)]
    counts = [part.sum(axis=1) for part in parts]
    means = [
        (part * trials.outcome).sum(axis=1) / np.maximum(count, 1) for part, count in zip(parts, counts, strict=True)
    ]
    residual = sum(
        (part * (trials.outcome - mean[:, None]) ** 2).sum(axis=1) for part, mean in zip(parts, means, strict=True)
    )
    return _Arms(counts[0], counts[1], means[0], means[1], np.asarray(residual))


def _without_borrowing(arms: _Arms, alpha: float) -> Columns:
    error = np.sqrt(arms.residual / arms.degrees * (1 / arms.controls + 1 / arms.treated))
    estimate = arms.treated_mean - arms.control_mean
    reach = stdtrit(arms.degrees, 1 - alpha / 2) * error
    return estimate, estimate - reach, estimate + reach, 2 * stdtr(arms.degrees, -np.abs(estimate) / error)


def _borrowing(arms: _Arms, prior: NormalMixture, alpha: float) -> Columns:
    weights, means, sds = _difference(arms, prior)
    estimate = (weights * means).sum(axis=1)
    below = _below(np.zeros(len(estimate)), weights, means, sds)
    low, high = (_quantile(share, weights, means, sds) for share in (alpha / 2, 1 - alpha / 2))
    return estimate, low, high, np.clip(2 * np.minimum(below, 1 - below), 0.0, 1.0)


def _difference(
    arms: _Arms, prior: NormalMixture
) -> tuple[Float[ndarray, "trial part"], Float[ndarray, "trial part"], Float[ndarray, "trial part"]]:
    """Return the posterior difference of each trial as a normal mixture over nodes of the variance and components."""
    variance, log_node = _variance_nodes(arms)
    own = (variance / arms.controls[:, None])[..., None]
    history, spread = prior.component_means, prior.component_variances
    mean = arms.control_mean[:, None, None]
    logs = log_node + prior.log_weights + normal_log_density(mean, history, spread + own)
    weights = np.exp(logs - logs.max(axis=(1, 2), keepdims=True))
    after = 1 / (1 / spread + 1 / own)
    control = after * (history / spread + mean / own)
    total = after + (variance / arms.treated[:, None])[..., None]
    flat = (len(weights), -1)
    return (
        (weights / weights.sum(axis=(1, 2), keepdims=True)).reshape(flat),
        (arms.treated_mean[:, None, None] - control).reshape(flat),
        np.sqrt(total).reshape(flat),
    )


def _variance_nodes(arms: _Arms) -> tuple[Float[ndarray, "trial node"], Float[ndarray, "node one"]]:
    """Return nodes of the scaled inverse chi-square posterior of the variance, and the log of their weights."""
    z, weight = normal_rule(_VARIANCE_NODES)
    half = arms.degrees[:, None] / 2
    chi_square = 2 * np.where(z < 0, gammaincinv(half, ndtr(z)), gammainccinv(half, ndtr(-z)))
    return arms.residual[:, None] / chi_square, np.log(weight)[:, None]


def _below(
    limit: Float[ndarray, " trial"],
    weights: Float[ndarray, "trial part"],
    means: Float[ndarray, "trial part"],
    sds: Float[ndarray, "trial part"],
) -> Float[ndarray, " trial"]:
    return (weights * ndtr((limit[:, None] - means) / sds)).sum(axis=1)


def _quantile(
    share: float,
    weights: Float[ndarray, "trial part"],
    means: Float[ndarray, "trial part"],
    sds: Float[ndarray, "trial part"],
) -> Float[ndarray, " trial"]:
    """Return a quantile of each mixture by halving between the extreme quantiles of its parts."""
    each = means + sds * ndtri(share)
    low, high = each.min(axis=1), each.max(axis=1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        under = _below(middle, weights, means, sds) < share
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2
