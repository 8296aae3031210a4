"""The density of the score of the trials that go on, from look to look, by recursive numerical integration.

Between looks the score (z times the root of the information) moves by a normal step whose mean is the drift times the
information gained and whose variance is the information gained. Trials that stop leave; the density of the others is
kept at Gauss-Legendre nodes between the two limits. Armitage, McPherson and Rowe (1969); Jennison and Turnbull (2000),
chapter 19. All designs of a batch are advanced together.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri, roots_legendre

_REACH = 8.0  # standard deviations that hold all but 1e-15 of a normal
_NODES_PER_WIDTH = 1.7  # nodes for each standard deviation of the narrowest step: limits to 1e-12, with 1.3 to 1e-6
_FEWEST_NODES, _NODES_ROUNDED_TO = 48, 16
_LEAST_GAIN = 1e-3  # of the information: looks closer than this count as being this far apart
_ROUNDS, _PRECISE, _LONGEST_STEP = 60, 1e-10, 2.0  # of Newton's method for a limit, in z
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class ContinuationDensity:
    """The trials that have not stopped by a look: values of the score and the probability carried by each."""

    information: Float[ndarray, " trial"]
    score: Float[ndarray, "trial node"]
    mass: Float[ndarray, "trial node"]


def initial_density(trials: int) -> ContinuationDensity:
    """Return the density before any information: all trials at score 0."""
    return ContinuationDensity(np.zeros(trials), np.zeros((trials, 1)), np.ones((trials, 1)))


def separated_looks(information: Float[ndarray, "trial look"]) -> Float[ndarray, "trial look"]:
    """Return the information with looks that (nearly) coincide moved just far enough apart to integrate between."""
    moved = np.maximum(information, _LEAST_GAIN)
    for look in range(1, moved.shape[1]):
        moved[:, look] = np.maximum(moved[:, look], moved[:, look - 1] * (1 + _LEAST_GAIN))
    return moved


def exceeding(
    state: ContinuationDensity,
    information: Float[ndarray, " trial"],
    z: Float[ndarray, " trial"],
    drift: Float[ndarray, " trial"],
) -> Float[ndarray, " trial"]:
    """Return the probability of going on until now and having at the next look a z value above `z`."""
    return np.sum(state.mass * ndtr(-_standardised(state, information, z, drift)), axis=1)


def below(
    state: ContinuationDensity,
    information: Float[ndarray, " trial"],
    z: Float[ndarray, " trial"],
    drift: Float[ndarray, " trial"],
) -> Float[ndarray, " trial"]:
    """Return the probability of going on until now and having at the next look a z value below `z`."""
    return np.sum(state.mass * ndtr(_standardised(state, information, z, drift)), axis=1)


def advance(
    state: ContinuationDensity,
    information: Float[ndarray, " trial"],
    limits: tuple[Float[ndarray, " trial"], Float[ndarray, " trial"]],
    drift: Float[ndarray, " trial"],
    *,
    next_information: Float[ndarray, " trial"],
    beyond: float = 0.0,
) -> ContinuationDensity:
    """Return the density of those who go on at the next look, between its lower and its upper limit of z.

    Parameters
    ----------
    state, information, limits, drift
        Those who went on until now; the look's information, lower and upper limit; mean of z at information 1.
    next_information
        Information of the look after it, for which the nodes must be close enough.
    beyond
        Standard deviations to keep beyond those needed under this drift, for use under other drifts.
    """
    spread, gain = np.sqrt(information), information - state.information
    centre, reach = drift * information, _REACH + beyond
    low = np.maximum(limits[0] * spread, centre - reach * spread)
    high = np.maximum(np.minimum(limits[1] * spread, centre + reach * spread), low)
    narrowest = np.sqrt(np.minimum(gain, next_information - information))
    unit, weight = _legendre(_node_count(float(np.max((high - low) / narrowest))))
    half = (high - low)[:, None] / 2
    score = low[:, None] + half * (1 + unit)
    moved = state.score + (drift * gain)[:, None]
    deviation = (score[:, None, :] - moved[:, :, None]) / np.sqrt(gain)[:, None, None]
    density = (state.mass[:, None, :] @ np.exp(-0.5 * deviation**2))[:, 0] / np.sqrt(2 * np.pi * gain)[:, None]
    return ContinuationDensity(information, score, density * half * weight)


def level_exceeded(
    state: ContinuationDensity, information: Float[ndarray, " trial"], probability: Float[ndarray, " trial"]
) -> Float[ndarray, " trial"]:
    """Return the z value that is exceeded at the next look with this probability without a drift, by Newton's method.

    Infinite where nothing is to be spent, minus infinite where no more trials are left than are to be stopped.
    """
    left = state.mass.sum(axis=1)
    possible = (probability > 0) & (probability < left)
    target = ndtri(np.where(possible, probability / np.maximum(left, _TINY), 0.5))
    root, gain = np.sqrt(information), np.sqrt(information - state.information)
    z = -ndtri(np.where(possible, probability, 0.5))
    for _ in range(_ROUNDS):
        standardised = ((z * root)[:, None] - state.score) / gain[:, None]
        beyond = ndtri(np.maximum(np.sum(state.mass * ndtr(-standardised), axis=1) / np.maximum(left, _TINY), _TINY))
        density = np.sum(state.mass * np.exp(-0.5 * standardised**2), axis=1) * root / gain
        slope = np.maximum(density, _TINY) / np.maximum(left * np.exp(-0.5 * beyond**2), _TINY)
        step = np.clip((beyond - target) / slope, -_LONGEST_STEP, _LONGEST_STEP)
        z = z + np.where(possible, step, 0.0)
        if np.all(np.abs(step[possible]) < _PRECISE):
            break
    return np.where(possible, z, np.where(probability > 0, -np.inf, np.inf))


def level_undercut(
    state: ContinuationDensity,
    information: Float[ndarray, " trial"],
    probability: Float[ndarray, " trial"],
    drift: Float[ndarray, " trial"],
) -> Float[ndarray, " trial"]:
    """Return the z value below which the next look falls with this probability under the drift."""
    moved = state.score + (drift * (information - state.information))[:, None]
    return -level_exceeded(ContinuationDensity(state.information, -moved, state.mass), information, probability)


def _standardised(
    state: ContinuationDensity,
    information: Float[ndarray, " trial"],
    z: Float[ndarray, " trial"],
    drift: Float[ndarray, " trial"],
) -> Float[ndarray, "trial node"]:
    gain = information - state.information
    return ((z * np.sqrt(information) - drift * gain)[:, None] - state.score) / np.sqrt(gain)[:, None]


def _node_count(widths: float) -> int:
    wanted = max(int(np.ceil(_NODES_PER_WIDTH * widths)), _FEWEST_NODES)
    return -(-wanted // _NODES_ROUNDED_TO) * _NODES_ROUNDED_TO


@lru_cache(maxsize=64)
def _legendre(count: int) -> tuple[ndarray, ndarray]:
    return roots_legendre(count)
