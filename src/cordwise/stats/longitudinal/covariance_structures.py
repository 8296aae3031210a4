"""Covariances of a subject's observations as functions of parameters, with their first and second derivatives."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray


@dataclass(frozen=True, slots=True)
class CovarianceParts:
    """A covariance and its derivatives with respect to the parameters."""

    value: Float[ndarray, "observation observation"]
    first: Float[ndarray, "parameter observation observation"]
    second: Float[ndarray, "parameter parameter observation observation"]


@runtime_checkable
class Structure(Protocol):
    """How the observations of a subject covary, given their layout: visit numbers, or a design of random effects."""

    def start(self, variance: float, layouts: list[Num[ndarray, "..."]]) -> Float[ndarray, " parameter"]:
        """Return parameters to begin with, given the variance about the least-squares fit."""
        ...

    def parts(
        self, parameters: Float[ndarray, " parameter"], layout: Num[ndarray, "observation ..."]
    ) -> CovarianceParts:
        """Return the covariance of observations with this layout."""
        ...


@dataclass(frozen=True, slots=True)
class Unstructured:
    """Any covariance of the visits, `L L'` with `L = D U`.

    Parameters: the logarithms of the diagonal matrix D, then row by row what lies below the unit diagonal of U.
    """

    visits: int

    def start(self, variance: float, layouts: list[Num[ndarray, " _"]]) -> Float[ndarray, " parameter"]:
        """Return independent visits of equal variance."""
        below = self.visits * (self.visits - 1) // 2
        return np.concatenate([np.full(self.visits, 0.5 * np.log(variance)), np.zeros(below)])

    def parts(self, parameters: Float[ndarray, " parameter"], layout: Num[ndarray, " observation"]) -> CovarianceParts:
        """Return the covariance of the visits in `layout`."""
        scale, first, second = self._factors(parameters)
        cross = first @ scale.T
        mixed = np.einsum("kab,lcb->klac", first, first) + second @ scale.T
        return _part(scale @ scale.T, cross + cross.swapaxes(-1, -2), mixed + mixed.swapaxes(-1, -2), layout)

    def _factors(
        self, parameters: Float[ndarray, " parameter"]
    ) -> tuple[
        Float[ndarray, "visit visit"],
        Float[ndarray, "parameter visit visit"],
        Float[ndarray, "parameter parameter visit visit"],
    ]:
        """Return the Cholesky factor and its derivatives; a parameter of row `a` moves only row `a`."""
        visits = self.visits
        rows, columns = np.tril_indices(visits, -1)
        unit = np.eye(visits)
        unit[rows, columns] = parameters[visits:]
        sizes = np.exp(parameters[:visits])
        scale = sizes[:, None] * unit
        first = np.zeros((len(parameters), visits, visits))
        second = np.zeros((len(parameters), len(parameters), visits, visits))
        every = np.arange(visits)
        first[every, every] = scale
        second[every, every, every] = scale
        below = visits + np.arange(len(rows))
        first[below, rows, columns] = sizes[rows]
        second[rows, below, rows, columns] = second[below, rows, rows, columns] = sizes[rows]
        return scale, first, second


@dataclass(frozen=True, slots=True)
class Autoregressive:
    """First-order autoregression over visit numbers, one variance.

    Parameters: the logarithm of the standard deviation, and t with correlation `t / sqrt(1 + t^2)`.
    """

    visits: int

    def start(self, variance: float, layouts: list[Num[ndarray, " _"]]) -> Float[ndarray, " parameter"]:
        """Return independent visits."""
        return np.array([0.5 * np.log(variance), 0.0])

    def parts(self, parameters: Float[ndarray, " parameter"], layout: Num[ndarray, " observation"]) -> CovarianceParts:
        """Return the covariance of the visits in `layout`."""
        variance, free = np.exp(2 * parameters[0]), parameters[1]
        correlation = free / np.sqrt(1 + free**2)
        slope, bend = (1 + free**2) ** -1.5, -3 * free * (1 + free**2) ** -2.5
        lag = np.abs(np.subtract.outer(np.arange(self.visits), np.arange(self.visits)))
        value = variance * correlation**lag
        by_correlation = variance * lag * correlation ** np.maximum(lag - 1, 0)
        curvature = variance * lag * np.maximum(lag - 1, 0) * correlation ** np.maximum(lag - 2, 0)
        first = np.stack([2 * value, by_correlation * slope])
        mixed = 2 * first[1]
        second = np.stack([[4 * value, mixed], [mixed, curvature * slope**2 + by_correlation * bend]])
        return _part(value, first, second, layout)


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """Random effects of a subject and independent errors of one variance: `Z D Z' + s^2 I`.

    Parameters: the lower triangle of D, row by row, then s^2; the covariance is linear in them.
    """

    effects: int

    def start(self, variance: float, layouts: list[Num[ndarray, "_ effect"]]) -> Float[ndarray, " parameter"]:
        """Return half the variance as error and the rest shared by uncorrelated effects."""
        size = np.mean(np.concatenate(layouts) ** 2, axis=0)
        share = np.diag(0.5 * variance / (self.effects * size))
        return np.append(share[np.tril_indices(self.effects)], 0.5 * variance)

    def parts(
        self, parameters: Float[ndarray, " parameter"], layout: Num[ndarray, "observation effect"]
    ) -> CovarianceParts:
        """Return the covariance of observations with the random-effects design `layout`."""
        rows, columns = np.tril_indices(self.effects)
        pattern = np.zeros((len(rows), self.effects, self.effects))
        pattern[np.arange(len(rows)), rows, columns] = pattern[np.arange(len(rows)), columns, rows] = 1.0
        first = np.concatenate([layout @ pattern @ layout.T, np.eye(len(layout))[None]])
        value = np.tensordot(parameters, first, axes=1)
        return CovarianceParts(value, first, np.zeros((len(first), len(first), *value.shape)))

    def covariance(self, parameters: Float[ndarray, " parameter"]) -> Float[ndarray, "effect effect"]:
        """Return the covariance of the random effects."""
        out = np.zeros((self.effects, self.effects))
        rows, columns = np.tril_indices(self.effects)
        out[rows, columns] = out[columns, rows] = parameters[:-1]
        return out


def _part(
    value: Float[ndarray, "visit visit"],
    first: Float[ndarray, "parameter visit visit"],
    second: Float[ndarray, "parameter parameter visit visit"],
    visits: Num[ndarray, " observation"],
) -> CovarianceParts:
    """Return the rows and columns of some visits."""
    chosen = np.ix_(visits, visits)
    return CovarianceParts(value[chosen], first[:, *chosen], second[:, :, *chosen])
