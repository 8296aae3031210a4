"""Mixtures of beta distributions: priors and posteriors of a proportion."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import betainc, betaincinv, betaln, xlog1py, xlogy

from cordwise.stats.bayes.mixture import Mixture, Number, checked_weights


@dataclass(frozen=True, slots=True)
class BetaMixture(Mixture):
    """A mixture of Beta(`successes`, `failures`) distributions.

    Attributes
    ----------
    weights
        Weight of each component; they sum to 1.
    successes, failures
        Both shapes of each component.

    Raises
    ------
    InputError
        Weights that do not sum to 1, lists of unequal length, or a shape not above 0.

    Examples
    --------
    >>> prior = BetaMixture((0.8, 0.2), (6, 1), (14, 1))
    >>> posterior = prior.updated(4, 10)
    >>> round(posterior.mean, 3), tuple(round(weight, 3) for weight in posterior.weights)
    (0.343, (0.882, 0.118))
    """

    successes: tuple[Number, ...]
    failures: tuple[Number, ...]

    def __post_init__(self) -> None:
        weights = checked_weights("beta mixture", self.weights, successes=self.successes, failures=self.failures)
        object.__setattr__(self, "weights", weights)

    @property
    def shapes(self) -> tuple[Float[ndarray, " component"], Float[ndarray, " component"]]:
        """Return both shapes of every component."""
        return np.asarray(self.successes, float), np.asarray(self.failures, float)

    @property
    def component_means(self) -> Float[ndarray, " component"]:
        """Return the mean of each component."""
        a, b = self.shapes
        return a / (a + b)

    @property
    def component_variances(self) -> Float[ndarray, " component"]:
        """Return the variance of each component."""
        a, b = self.shapes
        return a * b / ((a + b) ** 2 * (a + b + 1))

    def component_log_density(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the log density of every component."""
        a, b = self.shapes
        return xlogy(a - 1, x[..., None]) + xlog1py(b - 1, -x[..., None]) - betaln(a, b)

    def component_cdf(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the distribution function of every component."""
        return betainc(*self.shapes, np.clip(x, 0, 1)[..., None])

    def component_quantile(self, share: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the quantile of every component."""
        return betaincinv(*self.shapes, share[..., None])

    def component_slopes(
        self, x: Float[ndarray, "*point"]
    ) -> tuple[Float[ndarray, "*point component"], Float[ndarray, "*point component"]]:
        """Return the first and second derivative of every component's log density."""
        (a, b), x = self.shapes, x[..., None]
        return (a - 1) / x - (b - 1) / (1 - x), -(a - 1) / x**2 - (b - 1) / (1 - x) ** 2

    def updated(self, successes: Number, patients: Number) -> "BetaMixture":
        """Return the posterior after `successes` of `patients`; the weights follow the components' predictions."""
        a, b = self.shapes
        after_a, after_b = a + successes, b + patients - successes
        posterior = self.reweighted(betaln(after_a, after_b) - betaln(a, b))
        return BetaMixture(posterior.weights, tuple(after_a.tolist()), tuple(after_b.tolist()))


def beta(successes: Number, failures: Number) -> BetaMixture:
    """Return one beta distribution as a mixture of one: `beta(1, 1)` is the uniform."""
    return BetaMixture((1.0,), (successes,), (failures,))
