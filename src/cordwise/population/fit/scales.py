"""How far registries lie apart: the most probable scales of a hierarchy, and draws of them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.population.fit.hierarchy import Hierarchy, Place, Scales

_AT_A_TIME = 3  # scales that one turn moves
_FIRST_STEP, _LONGEST_STEP = 0.5, 3.0  # SD of a move of a logarithm
_WANTED, _LEARNING = 0.3, 0.3  # share of moves taken, and how fast steps learn towards it
_LEAST_LOG, _MOST_LOG = -9.0, 4.0  # beyond which scales make no difference


@dataclass(frozen=True, slots=True)
class Mode:
    """The most probable scales, the posterior mean given them, and the shares of the working response."""

    scales: Scales
    place: Place
    eta: Float[ndarray, " figure"]


def find_mode(model: Hierarchy, start: Scales | None = None, *, outer: int = 3, steps: int = 30) -> Mode:
    """Search the scales and what follows from them in turn."""
    from scipy.optimize import minimize

    scales = model.first_guess() if start is None else start
    place, eta = model.settled(scales, model.near.at_point)
    guess = model.first_guess().logs
    low, high = guess - np.log(100), guess + np.log(8)
    for _ in range(outer):
        here = eta
        found = minimize(
            lambda logs: model.descent(logs, here),  # noqa: B023 - used before the next round
            np.clip(scales.logs, low, high),
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(low, high, strict=True)),
            options={"maxiter": steps},
        )
        scales = Scales.of(found.x)
        place, eta = model.settled(scales, eta)
    return Mode(scales, place, eta)


def sample_scales(
    model: Hierarchy, mode: Mode, generator: np.random.Generator, *, count: int, thin: int = 40, burn: int = 400
) -> list[Scales]:
    """Draw the scales by random-walk Metropolis: with ten registries their priors matter, and a mode is too narrow.

    Some are known well and others hardly, so that the step of each is learned in the first `burn` turns, which do not
    count.
    """
    now = mode.scales.logs
    density, kept = model.log_posterior(now, mode.eta), []
    step = np.full(len(now), _FIRST_STEP)
    for turn in range(burn + count * thin):
        moved = generator.choice(len(now), size=_AT_A_TIME, replace=False)
        then = now.copy()
        then[moved] += step[moved] * generator.standard_normal(_AT_A_TIME)
        is_within = then.min() > _LEAST_LOG and then.max() < _MOST_LOG and then[-1] < 0  # a correlation
        there = model.log_posterior(then, mode.eta) if is_within else -np.inf
        is_taken = np.log(generator.random()) < there - density
        if is_taken:
            now, density = then, there
        if turn < burn:
            step[moved] = np.minimum(step[moved] * np.exp(_LEARNING * (is_taken - _WANTED)), _LONGEST_STEP)
        elif (turn - burn) % thin == thin - 1:
            kept.append(Scales.of(now))
    return kept
