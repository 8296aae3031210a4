"""Mixtures of gamma distributions: priors and posteriors of a rate of events."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import gammainc, gammaincinv, gammaln, xlogy

from cordwise.stats.bayes.mixture import Mixture, Number, checked_weights


@dataclass(frozen=True, slots=True)
class GammaMixture(Mixture):
    """A mixture of Gamma distributions of `events` (shape) seen in an `exposure` (rate, in any unit of time).

    Attributes
    ----------
    weights
        Weight of each component; they sum to 1.
    events, exposure
        Shape and rate of each component.

    Raises
    ------
    InputError
        Weights that do not sum to 1, lists of unequal length, or a shape or rate not above 0.

    Examples
    --------
    >>> posterior = GammaMixture((1.0,), (2,), (10,)).updated(events=3, exposure=20)
    >>> round(posterior.mean, 4)
    0.1667
    """

    events: tuple[Number, ...]
    exposure: tuple[Number, ...]

    def __post_init__(self) -> None:
        weights = checked_weights("gamma mixture", self.weights, events=self.events, exposure=self.exposure)
        object.__setattr__(self, "weights", weights)

    @property
    def shapes(self) -> tuple[Float[ndarray, " component"], Float[ndarray, " component"]]:
        """Return shape and rate of every component."""
        return np.asarray(self.events, float), np.asarray(self.exposure, float)

    @property
    def component_means(self) -> Float[ndarray, " component"]:
        """Return the mean of each component."""
        shape, rate = self.shapes
        return shape / rate

    @property
    def component_variances(self) -> Float[ndarray, " component"]:
        """Return the variance of each component."""
        shape, rate = self.shapes
        return shape / rate**2

    def component_log_density(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the log density of every component."""
        shape, rate = self.shapes
        x = x[..., None]
        return shape * np.log(rate) + xlogy(shape - 1, x) - rate * x - gammaln(shape)

    def component_cdf(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the distribution function of every component."""
        shape, rate = self.shapes
        return gammainc(shape, rate * np.maximum(x, 0)[..., None])

    def component_quantile(self, share: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the quantile of every component."""
        shape, rate = self.shapes
        return gammaincinv(shape, share[..., None]) / rate

    def component_slopes(
        self, x: Float[ndarray, "*point"]
    ) -> tuple[Float[ndarray, "*point component"], Float[ndarray, "*point component"]]:
        """Return the first and second derivative of every component's log density."""
        (shape, rate), x = self.shapes, x[..., None]
        return (shape - 1) / x - rate, -(shape - 1) / x**2

    def updated(self, events: Number, exposure: Number) -> "GammaMixture":
        """Return the posterior after a Poisson count of `events` in an `exposure`."""
        shape, rate = self.shapes
        after_shape, after_rate = shape + events, rate + exposure
        evidence = gammaln(after_shape) - gammaln(shape) + shape * np.log(rate) - after_shape * np.log(after_rate)
        posterior = self.reweighted(evidence)
        return GammaMixture(posterior.weights, tuple(after_shape.tolist()), tuple(after_rate.tolist()))
