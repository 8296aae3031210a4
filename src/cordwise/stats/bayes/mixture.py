"""What mixtures of conjugate distributions share: weights, mean, spread, tail probabilities and quantiles."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logsumexp

from cordwise.base.errors import Fault, InputError

_HALVINGS = 200  # of the bracket of a quantile; ends earlier, where the doubles do
_WEIGHT_TOLERANCE = 1e-6  # on the sum of the weights, which are then made to sum to one

Number = float | int  # counts are whole, and `float` alone excludes them when checked at run time
_Mixture = TypeVar("_Mixture", bound="Mixture")  # Self cannot be checked at run time


@dataclass(frozen=True, slots=True)
class Mixture(ABC):
    """A weighted sum of distributions of one family; hashable, so that results can be remembered by their prior."""

    weights: tuple[Number, ...]

    @property
    @abstractmethod
    def component_means(self) -> Float[ndarray, " component"]:
        """Return the mean of each component."""

    @property
    @abstractmethod
    def component_variances(self) -> Float[ndarray, " component"]:
        """Return the variance of each component."""

    @abstractmethod
    def component_log_density(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the log density of every component."""

    @abstractmethod
    def component_cdf(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the distribution function of every component."""

    @abstractmethod
    def component_quantile(self, share: Float[ndarray, "*point"]) -> Float[ndarray, "*point component"]:
        """Return the quantile of every component."""

    @abstractmethod
    def component_slopes(
        self, x: Float[ndarray, "*point"]
    ) -> tuple[Float[ndarray, "*point component"], Float[ndarray, "*point component"]]:
        """Return the first and second derivative of every component's log density."""

    @property
    def mean(self) -> float:
        """Return the mean."""
        return float(np.dot(self.weights, self.component_means))

    @property
    def variance(self) -> float:
        """Return the variance: within the components and between them."""
        between = (self.component_means - self.mean) ** 2
        return float(np.dot(self.weights, self.component_variances + between))

    @property
    def sd(self) -> float:
        """Return the standard deviation."""
        return float(np.sqrt(self.variance))

    @property
    def log_weights(self) -> Float[ndarray, " component"]:
        """Return the logs of the weights, minus infinity for none."""
        with np.errstate(divide="ignore"):
            return np.log(self.weights)

    def log_density(self, x: Number | Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return the log density."""
        return np.asarray(logsumexp(self.log_weights + self.component_log_density(np.asarray(x, float)), axis=-1))

    def cdf(self, x: Number | Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return the probability of values up to `x`."""
        return np.asarray(self.component_cdf(np.asarray(x, float)) @ np.asarray(self.weights))

    def above(self, x: Number | Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return the probability of values above `x`."""
        return np.asarray(1 - self.cdf(x))

    def quantile(self, share: float | Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return the value below which a share of the probability lies, halving between components' quantiles."""
        share = np.asarray(share, float)
        each = self.component_quantile(share)[..., np.asarray(self.weights) > 0]
        low, high = each.min(axis=-1), each.max(axis=-1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if np.all((middle <= low) | (middle >= high)):
                break
            below = self.cdf(middle) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray((low + high) / 2)

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return the equal-tailed interval that holds `1 - alpha`."""
        low, high = self.quantile(np.array([alpha / 2, 1 - alpha / 2]))
        return float(low), float(high)

    def curvature(self, x: Float[ndarray, "*point"]) -> Float[ndarray, "*point"]:
        """Return minus the second derivative of the log density: the information the prior holds at `x`."""
        first, second = self.component_slopes(x)
        share = np.exp(self.log_weights + self.component_log_density(x) - self.log_density(x)[..., None])
        slope = (share * first).sum(axis=-1)
        return np.asarray(slope**2 - (share * (second + first**2)).sum(axis=-1))

    def reweighted(self: _Mixture, log_evidence: Float[ndarray, " component"]) -> _Mixture:
        """Return the mixture with weights multiplied by what each component made of the data, and summing to one."""
        logs = self.log_weights + log_evidence
        return replace(self, weights=tuple(np.exp(logs - logsumexp(logs)).tolist()))


def checked_weights(where: str, weights: Sequence[Number], **positive: Sequence[Number]) -> tuple[float, ...]:
    """Return the weights summing to exactly one, or raise every fault in a mixture's numbers.

    Raises
    ------
    InputError
        A weight below 0, weights that do not sum to 1, lists of unequal length, or a parameter not above 0.
    """
    faults = []
    if any(not weight >= 0 for weight in weights) or abs(sum(weights) - 1) > _WEIGHT_TOLERANCE:
        faults.append(Fault(f"{where}.weights", "numbers of 0 or more that sum to 1", f"{list(weights)}"))
    for name, values in positive.items():
        if len(values) != len(weights):
            faults.append(Fault(f"{where}.{name}", f"{len(weights)} numbers, one for each weight", f"{len(values)}"))
        if any(not 0 < value < np.inf for value in values):
            faults.append(Fault(f"{where}.{name}", "finite numbers above 0", f"{list(values)}"))
    if faults:
        raise InputError(faults)
    total = sum(weights)
    return tuple(float(weight) / total for weight in weights)
