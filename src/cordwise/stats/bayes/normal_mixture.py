"""Mixtures of normal distributions: priors and posteriors of a mean."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.bayes.mixture import Mixture, Number, checked_weights


@dataclass(frozen=True, slots=True)
class NormalMixture(Mixture):
    """A mixture of normal distributions with means `means` and standard deviations `sds`.

    Attributes
    ----------
    weights
        Weight of each component; they sum to 1.
    means, sds
        Mean and standard deviation of each component, in the outcome's unit.

    Raises
    ------
    InputError
        Weights that do not sum to 1, lists of unequal length, or a standard deviation not above 0.

    Examples
    --------
    >>> posterior = NormalMixture((0.8, 0.2), (0.0, 0.0), (1.0, 10.0)).updated(mean=3.0, standard_error=1.0)
    >>> round(posterior.mean, 3), tuple(round(weight, 3) for weight in posterior.weights)
    (1.856, (0.758, 0.242))
    """

    means: tuple[Number, ...]
    sds: tuple[Number, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", checked_weights("normal mixture", self.weights, sds=self.sds))

    @property
    def component_means(self) -> Float[ndarray, " component"]:
        """Return the mean of each component."""
        return np.asarray(self.means, float)

    @property
    def component_variances(self) -> Float[ndarray, " component"]:
        """Return the variance of each component."""
        return np.asarray(self.sds, float) ** 2

    def component_log_density(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the log density of every component."""
        return normal_log_density(x[..., None], self.component_means, self.component_variances)

    def component_cdf(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the distribution function of every component."""
        return ndtr((x[..., None] - self.component_means) / np.asarray(self.sds))

    def component_quantile(self, share: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the quantile of every component."""
        return self.component_means + np.asarray(self.sds) * ndtri(share)[..., None]

    def component_slopes(
        self, x: Float[ndarray, "*point"]
    ) -> tuple[Float[ndarray, "*point component"], Float[ndarray, "*point component"]]:
        """Return the first and second derivative of every component's log density."""
        first = (self.component_means - x[..., None]) / self.component_variances
        return first, np.broadcast_to(-1 / self.component_variances, first.shape)

    def updated(self, mean: Number, standard_error: Number) -> "NormalMixture":
        """Return the posterior after an estimate with a known standard error."""
        before, error = self.component_variances, standard_error**2
        after = 1 / (1 / before + 1 / error)
        means = after * (self.component_means / before + mean / error)
        posterior = self.reweighted(normal_log_density(np.asarray(mean, float), self.component_means, before + error))
        return NormalMixture(posterior.weights, tuple(means.tolist()), tuple(np.sqrt(after).tolist()))


def normal(mean: Number, sd: Number) -> NormalMixture:
    """Return one normal distribution as a mixture of one."""
    return NormalMixture((1.0,), (mean,), (sd,))


def probability_mean_greater(treated: NormalMixture, control: NormalMixture, *, margin: Number = 0.0) -> float:
    """Return P(treated - control > margin) of two independent means with mixture posteriors.

    Parameters
    ----------
    treated, control
        Posteriors of the two means.
    margin
        By how much the treated mean must exceed the control's.

    Examples
    --------
    >>> round(probability_mean_greater(normal(1.0, 1.0), normal(0.0, 1.0)), 4)
    0.7602
    """
    apart = treated.component_means[:, None] - control.component_means
    spread = np.sqrt(treated.component_variances[:, None] + control.component_variances)
    return float(np.asarray(treated.weights) @ ndtr((apart - margin) / spread) @ np.asarray(control.weights))


def normal_log_density(
    x: Float[ndarray, "..."], mean: Float[ndarray, "..."], variance: Float[ndarray, "..."]
) -> Float[ndarray, "..."]:
    """Return the log density of a normal distribution."""
    return -((x - mean) ** 2) / (2 * variance) - np.log(2 * np.pi * variance) / 2
