"""A few conjugate components in place of a predictive distribution, by expectation and maximisation on its nodes."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import digamma, logsumexp, polygamma

from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.meta_analytic import MetaAnalyticPrior
from cordwise.stats.bayes.normal_mixture import NormalMixture

Fitted = TypeVar("Fitted", BetaMixture, NormalMixture)

_CLASSES = 400  # that stand for the distribution
_ROUNDS, _NEWTON_STEPS = 300, 4
_FIRST_SHARE = 0.9  # of a value's first membership that goes to its own band
_LEAST_SHAPE = 1.0  # a smaller shape would give a density without bound, and no finite ELIR


def fit_beta(prior: MetaAnalyticPrior, *, components: int = 3) -> BetaMixture:
    """Return a beta mixture close to the predictive distribution of a proportion (least Kullback-Leibler divergence).

    Parameters
    ----------
    prior
        What `map_proportion` returns.
    components
        Number of components.

    Examples
    --------
    >>> from cordwise.stats.bayes import map_proportion
    >>> prior = map_proportion([5, 8, 6], [20, 25, 22], tau_scale=0.5)
    >>> fitted = fit_beta(prior, components=2)
    >>> round(fitted.mean, 3), round(fitted.sd, 3)
    (0.293, 0.097)
    """
    return _fit(*prior.classes(_CLASSES), components, _beta_components)


def fit_normal(prior: MetaAnalyticPrior, *, components: int = 3) -> NormalMixture:
    """Return a normal mixture close to the predictive distribution of a mean (least Kullback-Leibler divergence).

    Parameters
    ----------
    prior
        What `map_mean` returns.
    components
        Number of components.
    """
    return _fit(*prior.classes(_CLASSES), components, _normal_components)


def _fit(
    values: Float[ndarray, " value"],
    masses: Float[ndarray, " value"],
    components: int,
    maximise: Callable[[Float[ndarray, " value"], Float[ndarray, "value component"]], Fitted],
) -> Fitted:
    fitted = maximise(values, _first_shares(masses, components) * masses[:, None])
    for _ in range(_ROUNDS):
        logs = fitted.log_weights + fitted.component_log_density(values)
        fitted = maximise(values, np.exp(logs - logsumexp(logs, axis=1, keepdims=True)) * masses[:, None])
    return fitted


def _first_shares(masses: Float[ndarray, " value"], components: int) -> Float[ndarray, "value component"]:
    """Return first memberships: nested bands about the median, so that components differ in spread first."""
    depth = np.abs(2 * np.cumsum(masses) - 1)
    bands = np.minimum((depth * components).astype(int), components - 1)
    own = bands[:, None] == np.arange(components)
    return np.where(own, _FIRST_SHARE, (1 - _FIRST_SHARE) / max(components - 1, 1))


def _normal_components(values: Float[ndarray, " value"], shares: Float[ndarray, "value component"]) -> NormalMixture:
    total = shares.sum(axis=0)
    means = values @ shares / total
    variances = ((values[:, None] - means) ** 2 * shares).sum(axis=0) / total
    return NormalMixture(*_columns(total / total.sum(), means, np.sqrt(variances)))


def _beta_components(values: Float[ndarray, " value"], shares: Float[ndarray, "value component"]) -> BetaMixture:
    total = shares.sum(axis=0)
    log_yes, log_no = np.log(values) @ shares / total, np.log1p(-values) @ shares / total
    means = values @ shares / total
    variances = ((values[:, None] - means) ** 2 * shares).sum(axis=0) / total
    size = np.maximum(means * (1 - means) / variances - 1, 2 * _LEAST_SHAPE)
    a, b = means * size, (1 - means) * size
    for _ in range(_NEWTON_STEPS):
        a, b = _beta_step(a, b, log_yes, log_no)
    return BetaMixture(*_columns(total / total.sum(), np.maximum(a, _LEAST_SHAPE), np.maximum(b, _LEAST_SHAPE)))


def _beta_step(
    a: Float[ndarray, " component"],
    b: Float[ndarray, " component"],
    log_yes: Float[ndarray, " component"],
    log_no: Float[ndarray, " component"],
) -> tuple[Float[ndarray, " component"], Float[ndarray, " component"]]:
    """Return both shapes after one Newton step of the likelihood equations, never less than halved."""
    both = digamma(a + b)
    wanting_a, wanting_b = digamma(a) - both - log_yes, digamma(b) - both - log_no
    cross = -polygamma(1, a + b)
    own_a, own_b = polygamma(1, a) + cross, polygamma(1, b) + cross
    determinant = own_a * own_b - cross**2
    step_a = (own_b * wanting_a - cross * wanting_b) / determinant
    step_b = (own_a * wanting_b - cross * wanting_a) / determinant
    return np.maximum(a - step_a, a / 2), np.maximum(b - step_b, b / 2)


def _columns(*arrays: Float[ndarray, " component"]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(array.tolist()) for array in arrays)
