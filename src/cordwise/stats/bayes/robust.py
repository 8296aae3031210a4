"""A prior that gives way: a vague component beside the informative ones, and how far the data contradict the prior."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, ndtr

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.normal_mixture import NormalMixture


@dataclass(frozen=True, slots=True)
class Conflict:
    """How the control data sit in what the prior predicted.

    Attributes
    ----------
    p
        Two-sided prior predictive tail probability: small when the data contradict the prior.
    prior_weights, posterior_weights
        Weights of the components before and after the data.
    """

    p: float
    prior_weights: tuple[Number, ...]
    posterior_weights: tuple[Number, ...]


def robustify_beta(prior: BetaMixture, *, weight: Number, mean: Number = 0.5, patients: Number = 1.0) -> BetaMixture:
    """Return the prior with a vague component of `weight` worth `patients` more than none, as Beta(1, 1) is worth one.

    The vague component has shapes `mean * (patients + 1)` and `(1 - mean) * (patients + 1)`; Schmidli et al. 2014.
    """
    _check_weight(weight)
    size = patients + 1
    return BetaMixture(
        _diluted(prior.weights, weight), (*prior.successes, mean * size), (*prior.failures, (1 - mean) * size)
    )


def robustify_normal(prior: NormalMixture, *, weight: Number, mean: Number, sd: Number) -> NormalMixture:
    """Return the prior with a vague normal component; the usual `sd` is that of one patient's outcome."""
    _check_weight(weight)
    return NormalMixture(_diluted(prior.weights, weight), (*prior.means, mean), (*prior.sds, sd))


def proportion_conflict(prior: BetaMixture, successes: int, patients: int) -> Conflict:
    """Return the conflict of a prior with `successes` of `patients`, by the mixture of beta-binomials it predicts."""
    counts = np.arange(patients + 1)[:, None]
    a, b = prior.shapes
    choose = gammaln(patients + 1) - gammaln(counts + 1) - gammaln(patients - counts + 1)
    chance = np.exp(choose + betaln(a + counts, b + patients - counts) - betaln(a, b)) @ np.asarray(prior.weights)
    p = 2 * min(chance[: successes + 1].sum(), chance[successes:].sum())
    return Conflict(min(float(p), 1.0), prior.weights, prior.updated(successes, patients).weights)


def mean_conflict(prior: NormalMixture, mean: Number, standard_error: Number) -> Conflict:
    """Return the conflict of a prior with a mean known to a standard error."""
    spread = np.sqrt(prior.component_variances + standard_error**2)
    below = float(np.dot(prior.weights, ndtr((mean - prior.component_means) / spread)))
    return Conflict(2 * min(below, 1 - below), prior.weights, prior.updated(mean, standard_error).weights)


def _diluted(weights: tuple[Number, ...], weight: Number) -> tuple[Number, ...]:
    return (*(each * (1 - weight) for each in weights), weight)


def _check_weight(weight: Number) -> None:
    if not 0 <= weight <= 1:
        raise InputError([Fault("weight", "a share between 0 and 1", f"{weight:g}")])
