"""The meta-analytic-predictive prior: what historical controls say of the next trial's, by deterministic quadrature.

Between-trial hierarchy of Neuenschwander et al. 2010, Clinical Trials 7:5: each trial's parameter is normal about a
common mean with standard deviation tau, which has a half-normal prior. The predictive distribution is a fine normal
mixture over the grid of mean and tau; nothing is sampled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit, log_expit, logit

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.normal_mixture import NormalMixture, normal_log_density
from cordwise.stats.bayes.quadrature import legendre_rule, normal_rule

_TAU_NODES, _MEAN_NODES, _STUDY_NODES, _MOMENT_NODES = 64, 81, 24, 48
_TAU_REACH = 6.0  # scales of the half-normal prior that the grid of tau covers
_MEAN_REACH = 9.0  # standard errors of the common mean that the grid covers
_NEWTON_STEPS = 12
_CLASS_TAIL = 1e-6  # probability beyond either end of the classes that stand for the distribution
_HALF_EVENT = 0.5  # added to counts where only the place and width of a grid depend on it
_NEGLIGIBLE = 1e-14  # share of the posterior that a node of the grid may lack


@dataclass(frozen=True, slots=True)
class MetaAnalyticPrior:
    """The predictive distribution of the next trial's control parameter.

    Attributes
    ----------
    link
        `logit` where the parameter is a proportion, `identity` where it is a mean.
    predictive
        The distribution on the scale of the link.
    tau, tau_weights
        Nodes of the between-trial standard deviation and their posterior probabilities.
    """

    link: Literal["logit", "identity"]
    predictive: NormalMixture
    tau: Float[ndarray, " node"]
    tau_weights: Float[ndarray, " node"]

    def nodes(self) -> tuple[Float[ndarray, " node"], Float[ndarray, " node"]]:
        """Return values of the parameter on its own scale and the probability each stands for."""
        z, weight = normal_rule(_MOMENT_NODES)
        values = self.predictive.component_means[:, None] + np.asarray(self.predictive.sds)[:, None] * z
        masses = np.asarray(self.predictive.weights)[:, None] * weight
        return self._response(values).ravel(), masses.ravel()

    @property
    def mean(self) -> float:
        """Return the mean of the parameter on its own scale."""
        values, masses = self.nodes()
        return float(np.dot(values, masses))

    @property
    def sd(self) -> float:
        """Return the standard deviation of the parameter on its own scale."""
        values, masses = self.nodes()
        return float(np.sqrt(np.dot(masses, (values - np.dot(values, masses)) ** 2)))

    def quantile(self, share: float | Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return quantiles of the parameter on its own scale."""
        return self._response(self.predictive.quantile(share))

    def classes(self, count: int) -> tuple[Float[ndarray, " value"], Float[ndarray, " value"]]:
        """Return `count` values, evenly spaced on the scale of the link, and the probability each stands for."""
        low, high = self.predictive.quantile(np.array([_CLASS_TAIL, 1 - _CLASS_TAIL]))
        edges = np.linspace(low, high, count + 1)
        masses = np.diff(self.predictive.cdf(edges))
        return self._response((edges[:-1] + edges[1:]) / 2), masses / masses.sum()

    @property
    def tau_mean(self) -> float:
        """Return the posterior mean of the between-trial standard deviation, on the scale of the link."""
        return float(np.dot(self.tau, self.tau_weights))

    def _response(self, value: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
        return expit(value) if self.link == "logit" else value


def map_proportion(
    events: Sequence[int],
    patients: Sequence[int],
    *,
    tau_scale: Number = 1.0,
    mean_prior: tuple[Number, Number] = (0.0, 2.0),
) -> MetaAnalyticPrior:
    """Return the predictive prior of a proportion from historical counts, hierarchical on the logit.

    Parameters
    ----------
    events, patients
        Counts of each historical trial.
    tau_scale
        Scale of the half-normal prior of the between-trial standard deviation of the logits.
    mean_prior
        Mean and standard deviation of the normal prior of the common logit.

    Raises
    ------
    InputError
        No trial, or counts that cannot be.

    Examples
    --------
    >>> prior = map_proportion([5, 8, 6], [20, 25, 22], tau_scale=0.5)
    >>> round(prior.mean, 3), round(prior.sd, 3)
    (0.293, 0.097)
    """
    x, n = np.asarray(events, float), np.asarray(patients, float)
    if len(x) == 0 or len(x) != len(n) or np.any(x < 0) or np.any(x > n) or np.any(n <= 0):
        found = f"{list(events)} of {list(patients)}"
        raise InputError([Fault("events", "for each historical trial a count between 0 and its patients", found)])
    centre = logit((x + _HALF_EVENT) / (n + 2 * _HALF_EVENT))
    error = np.sqrt(1 / (x + _HALF_EVENT) + 1 / (n - x + _HALF_EVENT))
    tau, mean = _grid(centre, error, tau_scale, mean_prior)
    evidence = [_binomial_evidence(one, of, mean, tau[:, None]) for one, of in zip(x, n, strict=True)]
    log_likelihood = np.sum(evidence, axis=0)
    return _prior("logit", log_likelihood, tau, mean, tau_scale, mean_prior)


def map_mean(
    means: Sequence[Number],
    standard_errors: Sequence[Number],
    *,
    tau_scale: Number,
    mean_prior: tuple[Number, Number],
) -> MetaAnalyticPrior:
    """Return the predictive prior of a mean from historical means with known standard errors.

    Parameters
    ----------
    means, standard_errors
        Of each historical trial, in the outcome's unit.
    tau_scale
        Scale of the half-normal prior of the between-trial standard deviation, in the outcome's unit.
    mean_prior
        Mean and standard deviation of the normal prior of the common mean.

    Raises
    ------
    InputError
        No trial, lists of unequal length, or a standard error not above 0.
    """
    y, error = np.asarray(means, float), np.asarray(standard_errors, float)
    if len(y) == 0 or len(y) != len(error) or np.any(error <= 0):
        found = f"{len(y)} means and {len(error)} errors"
        raise InputError([Fault("standard_errors", "one above 0 for each historical mean", found)])
    tau, mean = _grid(y, error, tau_scale, mean_prior)
    spread = error[:, None, None] ** 2 + tau[:, None] ** 2
    log_likelihood = normal_log_density(y[:, None, None], mean, spread).sum(axis=0)
    return _prior("identity", log_likelihood, tau, mean, tau_scale, mean_prior)


def _grid(
    centre: Float[ndarray, " study"],
    error: Float[ndarray, " study"],
    tau_scale: Number,
    mean_prior: tuple[Number, Number],
) -> tuple[Float[ndarray, " tau"], Float[ndarray, "tau mean"]]:
    """Return the nodes of tau and, around where the data and the prior put it at each tau, those of the mean."""
    tau = _TAU_REACH * tau_scale * legendre_rule(_TAU_NODES)[0]
    precision = 1 / (error**2 + tau[:, None] ** 2)
    own = 1 / mean_prior[1] ** 2
    total = precision.sum(axis=1) + own
    middle = ((precision * centre).sum(axis=1) + own * mean_prior[0]) / total
    steps = np.linspace(-_MEAN_REACH, _MEAN_REACH, _MEAN_NODES)
    return tau, middle[:, None] + steps / np.sqrt(total)[:, None]


def _prior(
    link: Literal["logit", "identity"],
    log_likelihood: Float[ndarray, "tau mean"],
    tau: Float[ndarray, " tau"],
    mean: Float[ndarray, "tau mean"],
    tau_scale: Number,
    mean_prior: tuple[Number, Number],
) -> MetaAnalyticPrior:
    log_width = np.log(legendre_rule(_TAU_NODES)[1])[:, None] + np.log(mean[:, 1] - mean[:, 0])[:, None]
    log_prior = -((tau / tau_scale) ** 2)[:, None] / 2 + normal_log_density(
        mean, np.asarray(mean_prior[0], float), np.asarray(mean_prior[1] ** 2, float)
    )
    logs = log_likelihood + log_prior + log_width
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    kept = weights > _NEGLIGIBLE
    spreads = np.broadcast_to(tau[:, None], weights.shape)[kept]
    share = weights[kept] / weights[kept].sum()
    predictive = NormalMixture(tuple(share.tolist()), tuple(mean[kept].tolist()), tuple(spreads.tolist()))
    return MetaAnalyticPrior(link, predictive, tau, weights.sum(axis=1))


def _binomial_evidence(
    events: float, patients: float, mean: Float[ndarray, "tau mean"], tau: Float[ndarray, "tau 1"]
) -> Float[ndarray, "tau mean"]:
    """Return the log chance of one trial's count, its logit integrated out by Hermite nodes around the mode."""
    mode = mean
    for _ in range(_NEWTON_STEPS):
        share = expit(mode)
        slope = events - patients * share - (mode - mean) / tau**2
        mode = mode + slope / (patients * share * (1 - share) + 1 / tau**2)
    width = 1 / np.sqrt(patients * expit(mode) * expit(-mode) + 1 / tau**2)
    z, weight = normal_rule(_STUDY_NODES)
    theta = mode[..., None] + width[..., None] * z
    logs = (
        events * log_expit(theta)
        + (patients - events) * log_expit(-theta)
        + normal_log_density(theta, mean[..., None], tau[..., None] ** 2)
        + z**2 / 2
        + np.log(weight)
    )
    top = logs.max(axis=-1)
    return top + np.log(np.exp(logs - top[..., None]).sum(axis=-1)) + np.log(width)
