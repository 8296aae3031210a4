"""Fixed quadrature rules and the expectation of a function under a mixture."""

from collections.abc import Callable
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.polynomial.hermite_e import hermegauss
from numpy.polynomial.legendre import leggauss

from cordwise.stats.bayes.mixture import Mixture

_TAIL = 1e-12  # probability left out beyond either end
_PANELS, _ORDER = 60, 12  # of the composite rule: exact to rounding for mixtures whose spreads differ a hundredfold


@cache
def legendre_rule(order: int) -> tuple[Float[ndarray, " node"], Float[ndarray, " node"]]:
    """Return nodes and weights on the unit interval; the weights sum to 1."""
    nodes, weights = leggauss(order)
    return (nodes + 1) / 2, weights / 2


@cache
def normal_rule(order: int) -> tuple[Float[ndarray, " node"], Float[ndarray, " node"]]:
    """Return nodes and weights of the standard normal distribution; the weights sum to 1."""
    nodes, weights = hermegauss(order)
    return nodes, weights / weights.sum()


def expectation(of: Callable[[Float[ndarray, " node"]], Float[ndarray, " node"]], under: Mixture) -> float:
    """Return the expectation of a function of one variable under a mixture, by a composite Legendre rule."""
    nodes, weights = mass_nodes(under)
    return float(np.dot(weights, of(nodes)))


def mass_nodes(under: Mixture) -> tuple[Float[ndarray, " node"], Float[ndarray, " node"]]:
    """Return nodes that cover a mixture and the probability each stands for."""
    shares = np.linspace(0, 1, _PANELS + 1)[1:-1]
    edges = np.concatenate(
        [under.quantile(np.array([_TAIL])), under.quantile(shares), under.quantile(np.array([1 - _TAIL]))]
    )
    edges = np.unique(np.concatenate([edges, np.linspace(edges[0], edges[-1], _PANELS + 1)]))
    unit, weight = legendre_rule(_ORDER)
    nodes = edges[:-1, None] + np.diff(edges)[:, None] * unit
    masses = np.diff(edges)[:, None] * weight * np.exp(under.log_density(nodes))
    return nodes.ravel(), masses.ravel()
