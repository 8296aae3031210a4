"""Robust priors, with a vague component beside the informative ones, and the conflict between prior and data."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, ndtr

from cordwise.base.errors import Fault, InputError
from cordwise.stats.bayes.beta_mixture import BetaMixture
from cordwise.stats.bayes.mixture import Number
from cordwise.stats.bayes.normal_mixture import NormalMixture


@dataclass(frozen=True, slots=True)
class Conflict:
    """The conflict between the control data and the prior: where the data lie in the prior predictive distribution.

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
    """Return the prior with a vague component of `weight`, its shapes those of `patients` patients about a `mean`.

    Parameters
    ----------
    prior
        The informative prior.
    weight
        Share of the vague component, 0 to 1.
    mean, patients
        The vague component has shapes `mean * (patients + 1)` and `(1 - mean) * (patients + 1)`: Beta(1, 1) by default.

    Raises
    ------
    InputError
        A weight outside 0 to 1.

    Notes
    -----
    Source: Schmidli et al. 2014, Biometrics 70:1023.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta
    >>> robustify_beta(beta(6, 14), weight=0.2)
    BetaMixture(weights=(0.8, 0.2), successes=(6, 1.0), failures=(14, 1.0))
    """
    _check_weight(weight)
    size = patients + 1
    return BetaMixture(
        _diluted(prior.weights, weight), (*prior.successes, mean * size), (*prior.failures, (1 - mean) * size)
    )


def robustify_normal(prior: NormalMixture, *, weight: Number, mean: Number, sd: Number) -> NormalMixture:
    """Return the prior with a vague normal component; the usual `sd` is that of one patient's outcome.

    Parameters
    ----------
    prior
        The informative prior.
    weight
        Share of the vague component, 0 to 1.
    mean, sd
        Its mean and standard deviation, in the outcome's unit.

    Raises
    ------
    InputError
        A weight outside 0 to 1.
    """
    _check_weight(weight)
    return NormalMixture(_diluted(prior.weights, weight), (*prior.means, mean), (*prior.sds, sd))


def proportion_conflict(prior: BetaMixture, successes: int, patients: int) -> Conflict:
    """Return the conflict of a prior with `successes` of `patients`, by the mixture of beta-binomials it predicts.

    Source of the prior predictive check: Box 1980, Journal of the Royal Statistical Society A 143:383.

    Examples
    --------
    >>> from cordwise.stats.bayes import beta
    >>> round(proportion_conflict(beta(6, 14), successes=14, patients=20).p, 4)
    0.015
    """
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
