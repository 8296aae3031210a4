"""Rates made to rise with dose, batched: weighted isotonic regression by its minimum-maximum formula."""

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray


def isotonic_rates(
    rates: Float[ndarray, "replicate dose"],
    weights: Float[ndarray, "replicate dose"],
    used: Bool[ndarray, "replicate dose"],
) -> Float[ndarray, "replicate dose"]:
    """Return the least-squares rates that do not fall with dose; NaN where a dose is not used.

    Each rate is the largest, over starts at or before it, of the smallest mean over stops at or after it.  For a single
    row `scipy.optimize.isotonic_regression` gives the same.

    Parameters
    ----------
    rates, weights
        Observed rate of each dose, and its weight.
    used
        Which doses count.

    Examples
    --------
    >>> rates, weights = np.array([[0.1, 0.3, 0.2]]), np.array([[3.0, 3.0, 3.0]])
    >>> isotonic_rates(rates, weights, np.ones_like(rates, bool)).round(3).tolist()
    [[0.1, 0.25, 0.25]]
    """
    doses = rates.shape[1]
    mass = np.where(used, weights, 0.0)
    total = np.concatenate([np.zeros((len(rates), 1)), np.cumsum(mass, axis=1)], axis=1)
    moment = np.concatenate([np.zeros((len(rates), 1)), np.cumsum(mass * np.where(used, rates, 0.0), axis=1)], axis=1)
    out = np.full(rates.shape, np.nan)
    for dose in range(doses):
        means = _means(total, moment, starts=dose + 1, stops=range(dose, doses))
        out[:, dose] = np.where(used[:, dose], np.nanmax(means.min(axis=2), axis=1), np.nan)
    return out


def _means(
    total: Float[ndarray, "replicate edge"], moment: Float[ndarray, "replicate edge"], *, starts: int, stops: range
) -> Float[ndarray, "replicate start stop"]:
    """Return the mean rate from each start to each stop; infinite, so never the smallest, where nothing is used."""
    mass = total[:, None, stops.start + 1 : stops.stop + 1] - total[:, :starts, None]
    sums = moment[:, None, stops.start + 1 : stops.stop + 1] - moment[:, :starts, None]
    return np.divide(sums, mass, out=np.full(mass.shape, np.inf), where=mass > 0)
