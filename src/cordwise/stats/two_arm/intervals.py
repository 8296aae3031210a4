"""Intervals of one proportion and of the difference of two, for counts of any shape."""

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from scipy.special import betaincinv, ndtri

from cordwise.stats.two_arm.sufficient_statistics import CONTROL, TREATED

Interval = tuple[Float[ndarray, "*trial"], Float[ndarray, "*trial"]]


def clopper_pearson_interval(ones: Num[ndarray, "*trial"], count: Num[ndarray, "*trial"], *, alpha: float) -> Interval:
    """Return the exact interval of a proportion: the two one-sided binomial tests at `alpha / 2` inverted.

    (0, 1) without data.  Source: Clopper and Pearson 1934, Biometrika 26:404.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of any shape.
    alpha
        Two-sided level.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = clopper_pearson_interval(np.array([0, 5]), np.array([10, 10]), alpha=0.05)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.187], [0.308, 0.813])
    """
    ones, count = np.broadcast_arrays(np.asarray(ones, np.float64), np.asarray(count, np.float64))
    others = count - ones
    low = np.where(ones > 0, betaincinv(np.maximum(ones, 1), others + 1, alpha / 2), 0.0)
    high = np.where(others > 0, betaincinv(ones + 1, np.maximum(others, 1), 1 - alpha / 2), 1.0)
    return low, high


def wilson_interval(ones: Num[ndarray, "*trial"], count: Num[ndarray, "*trial"], *, alpha: float) -> Interval:
    """Return the interval of the proportions that the score test does not reject; (0, 1) without data.

    Source: Wilson 1927, Journal of the American Statistical Association 22:209.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of any shape.
    alpha
        Two-sided level.
    """
    ones, count = np.broadcast_arrays(np.asarray(ones, np.float64), np.asarray(count, np.float64))
    z2 = ndtri(alpha / 2) ** 2
    centre = (ones + z2 / 2) / (count + z2)
    spread = np.divide(ones * (count - ones), count, out=np.zeros_like(count), where=count > 0)
    half = np.sqrt(z2 * (spread + z2 / 4)) / (count + z2)
    return np.where(ones > 0, centre - half, 0.0), np.where(ones < count, centre + half, 1.0)


def jeffreys_interval(ones: Num[ndarray, "*trial"], count: Num[ndarray, "*trial"], *, alpha: float) -> Interval:
    """Return the equal-tailed quantiles of the posterior under the Beta(1/2, 1/2) prior, not adjusted at 0 and n.

    Source: Brown, Cai and DasGupta 2001, Statistical Science 16:101.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of any shape.
    alpha
        Two-sided level.
    """
    a, b = np.asarray(ones) + 0.5, np.asarray(count) - np.asarray(ones) + 0.5
    return np.asarray(betaincinv(a, b, alpha / 2)), np.asarray(betaincinv(a, b, 1 - alpha / 2))


def newcombe_interval(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"], *, alpha: float
) -> Interval:
    """Return the interval of the difference, treated minus control, that joins the Wilson intervals of both arms.

    NaN where an arm is empty.  Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    alpha
        Two-sided level.
    """
    low, high = wilson_interval(ones, count, alpha=alpha)
    share = np.divide(ones, count, out=np.full_like(low, np.nan), where=count > 0)
    below, above = (share - low) ** 2, (high - share) ** 2
    difference = share[..., TREATED] - share[..., CONTROL]
    down = np.sqrt(below[..., TREATED] + above[..., CONTROL])
    up = np.sqrt(above[..., TREATED] + below[..., CONTROL])
    return difference - down, difference + up
