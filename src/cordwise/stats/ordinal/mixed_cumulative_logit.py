"""The cumulative logit model with one random intercept, by Laplace's approximation of the likelihood."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray
from scipy.special import expit

from cordwise.stats.ordinal.cumulative_logit import fit_cumulative_logit

_MODE_ITERATIONS = 100
_MODE_LIMIT = 1e-12  # largest step of a random effect at which its mode counts as found
_GRADIENT_LIMIT = 1e-6
_DIFFERENCE = 1e-4  # step of the second differences, in the parameters' own units


@dataclass(frozen=True, slots=True)
class MixedCumulativeLogit:
    """A fitted model: logit P(outcome <= k) = threshold k - design x coefficients - effect of the group.

    Attributes
    ----------
    thresholds, coefficients
        Given the random effect.
    random_sd
        Standard deviation of the random intercepts, on the logit scale.
    standard_errors
        Of thresholds, coefficients and `random_sd`, in this order.
    log_likelihood
        By Laplace's approximation.
    """

    thresholds: Float[ndarray, " threshold"]
    coefficients: Float[ndarray, " covariate"]
    random_sd: float
    standard_errors: Float[ndarray, " parameter"]
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Grouped:
    design: Float[ndarray, "row covariate"]
    category: Int[ndarray, " row"]
    group: Int[ndarray, " row"]
    thresholds: int


def fit_mixed_cumulative_logit(
    design: Num[ndarray, "row covariate"], outcome: Num[ndarray, " row"], group: ndarray
) -> MixedCumulativeLogit:
    """Fit a cumulative logit model with a normal random intercept of each group.

    Parameters
    ----------
    design
        Covariates, at least one, without an intercept.
    outcome
        Ordered categories.
    group
        Any labels; rows with the same label share an intercept.

    Notes
    -----
    Agrees with R's `ordinal::clmm` (Laplace).
    """
    from scipy.optimize import minimize  # slow to import, and trials do not need it

    fixed = fit_cumulative_logit(design, outcome)
    category = np.unique(outcome, return_inverse=True)[1]
    labels = np.unique(group, return_inverse=True)[1]
    data = _Grouped(np.asarray(design, np.float64), category, labels, len(fixed.thresholds))
    start = np.concatenate((fixed.thresholds[:1], np.log(np.diff(fixed.thresholds)), fixed.coefficients, [0.0]))
    found = minimize(
        lambda free: -_laplace(data, _natural(free, data.thresholds)), start, options={"gtol": _GRADIENT_LIMIT}
    )
    best = _natural(found.x, data.thresholds)
    information = -_second_differences(lambda parameters: _laplace(data, parameters), best)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    return MixedCumulativeLogit(
        best[: data.thresholds], best[data.thresholds : -1], float(best[-1]), errors, -float(found.fun)
    )


def _natural(free: Float[ndarray, " parameter"], thresholds: int) -> Float[ndarray, " parameter"]:
    """Return thresholds, coefficients and standard deviation from first threshold, log distances and log deviation."""
    steps = np.concatenate((free[:1], np.exp(free[1:thresholds])))
    return np.concatenate((np.cumsum(steps), free[thresholds:-1], np.exp(free[-1:])))


def _laplace(data: _Grouped, parameters: Float[ndarray, " parameter"]) -> float:
    """Return the log-likelihood, each group's integral approximated about the mode of its standard normal effect."""
    bounds = np.concatenate(([-np.inf], parameters[: data.thresholds], [np.inf]))
    fixed = data.design @ parameters[data.thresholds : -1]
    sd = parameters[-1]
    groups = int(data.group.max()) + 1
    effect = np.zeros(groups)
    curvature = np.ones(groups)
    above = below = np.zeros(len(fixed))
    for _ in range(_MODE_ITERATIONS):
        centre = fixed + sd * effect[data.group]
        above, below = expit(centre - bounds[data.category + 1]), expit(bounds[data.category] - centre)
        gradient = sd * np.bincount(data.group, below - above, groups) - effect
        spread = above * (1 - above) + below * (1 - below)
        curvature = 1 + sd**2 * np.bincount(data.group, spread, groups)
        effect = effect + gradient / curvature
        if np.abs(gradient / curvature).max() < _MODE_LIMIT:
            break
    distance = np.diff(bounds)[data.category]
    rows = np.log((1 - above) * (1 - below)) + np.log(-np.expm1(-distance))
    return float(rows.sum() - (effect**2).sum() / 2 - np.log(curvature).sum() / 2)


def _second_differences(
    value: Callable[[Float[ndarray, " parameter"]], float], at: Float[ndarray, " parameter"]
) -> Float[ndarray, "parameter parameter"]:
    size = len(at)
    steps = _DIFFERENCE * np.eye(size)
    second = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            signs = [(a, b, a * b) for a in (1, -1) for b in (1, -1)]
            total = sum(sign * value(at + a * steps[i] + b * steps[j]) for a, b, sign in signs)
            second[i, j] = second[j, i] = total / (4 * _DIFFERENCE**2)
    return second
