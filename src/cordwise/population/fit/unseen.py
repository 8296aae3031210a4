"""What a hierarchy forecasts for the figures of a registry that it has not seen."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit

from cordwise.population.fit.hierarchy import Hierarchy, Linearised, Scales
from cordwise.population.fit.scales import Mode

_LEAST_COUNT = 1e-3  # of a beta distribution's parameters


def unseen_draws(
    model: Hierarchy,
    mode: Mode,
    scales: Sequence[Scales],
    asked: Linearised,
    generator: np.random.Generator,
    *,
    per_scale: int = 20,
) -> Float[ndarray, "draw figure"]:
    """Draw the printed figures of one registry, of which only the slopes in `asked` are known.

    All its figures share one place among registries; a stratum shares most of what the structure misses; counts and
    means have their sampling error. A registry without any figure in the model lies anywhere, whatever its family;
    one with some lies where these say.
    """
    number = int(asked.figures.registry[0])
    is_unseen = not (model.near.figures.registry == number).any()
    unseen = Hierarchy(asked, model.spread_factor)
    # At the mean of registries: where the registry lies itself must not enter its forecast.
    registry, away = asked.figures.registry, asked.point.common[: len(model.prior_mean)]
    base = asked.at_point - (unseen.own * asked.point.effects[registry]).sum(axis=1)
    found = []
    for each in scales:
        for drawn in model.draws(each, mode.eta, generator, per_scale):
            anywhere = each.between * generator.standard_normal(len(each.between))
            place = anywhere if is_unseen else drawn.effects[number]
            eta = base + unseen.common @ (drawn.common - away) + unseen.own @ place
            found.append(_printed(unseen, eta, each, generator))
    return np.array(found)


def _printed(
    asked: Hierarchy, eta: Float[ndarray, " figure"], scales: Scales, generator: np.random.Generator
) -> Float[ndarray, " figure"]:
    figures = asked.near.figures
    truth = eta + asked.missed(scales, generator)
    n = figures.n.astype(int)
    share, spread = expit(np.where(figures.is_share, truth, 0.0)), 1 / scales.dispersion - 1
    varied = generator.beta(np.maximum(share * spread, _LEAST_COUNT), np.maximum((1 - share) * spread, _LEAST_COUNT))
    means = truth + figures.error * generator.standard_normal(len(truth))
    return np.where(figures.is_share, generator.binomial(n, varied) / n, means)
