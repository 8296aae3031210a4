"""Columns of a design: about their mean in each replicate, or one for each level present."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.stats.ordinal.categories import ranks_present


def centred(
    column: Float[ndarray, "replicate row"], weight: Float[ndarray, "replicate row"]
) -> Float[ndarray, "replicate row"]:
    """Return the column about its weighted mean, and exactly 0 where it does not vary or the row has no weight."""
    low, high = (np.where(weight > 0, column, edge) for edge in (np.inf, -np.inf))
    varies = low.min(axis=1, initial=np.inf) < high.max(axis=1, initial=-np.inf)
    mean = (column * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1)
    return np.where(varies[:, None] & (weight > 0), column - mean[:, None], 0.0)


def standardised(
    column: Float[ndarray, "replicate row"], weight: Float[ndarray, "replicate row"]
) -> Float[ndarray, "replicate row"]:
    """Return the column about its mean in standard deviations."""
    about = centred(column, weight)
    spread = np.sqrt((weight * about**2).sum(axis=1) / np.maximum(weight.sum(axis=1), 1))
    return about / np.where(spread > 0, spread, 1.0)[:, None]


def level_columns(
    levels: Int[ndarray, "replicate row"], weight: Float[ndarray, "replicate row"]
) -> list[Float[ndarray, "replicate row"]]:
    """Return one column for each level but the lowest that the replicate has."""
    places, _ = ranks_present(levels, weight > 0, int(levels.max(initial=0)) + 1)
    return [centred((places == place).astype(np.float64), weight) for place in range(1, int(places.max(initial=0)) + 1)]
