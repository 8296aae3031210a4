"""Sample size of an ordered outcome under proportional odds, and what dichotomising it costs.

Categories are given from the worst to the best; an odds ratio above 1 means better categories under treatment.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit, logit, ndtri

from cordwise.stats.sample_size.proportions import pooled_total_n

Categories = Sequence[float] | Float[ndarray, " category"]


def shifted_categories(control: Categories, odds_ratio: float) -> Float[ndarray, " category"]:
    """Return the treated arm's probabilities when every odds of doing better is multiplied by the odds ratio.

    Parameters
    ----------
    control
        Probabilities of the control arm's categories, from the worst to the best.
    odds_ratio
        Common odds ratio of a better category.

    Examples
    --------
    >>> shifted_categories([0.2, 0.5, 0.3], 2.0).round(3).tolist()
    [0.111, 0.427, 0.462]
    """
    better = 1 - np.cumsum(np.asarray(control, np.float64))[:-1]
    treated = expit(logit(np.clip(better, 0.0, 1.0)) + np.log(odds_ratio))
    return -np.diff(np.concatenate([[1.0], treated, [0.0]]))


def mean_categories(control: Categories, odds_ratio: float) -> Float[ndarray, " category"]:
    """Return the probabilities averaged over both arms.

    Parameters
    ----------
    control
        Probabilities of the control arm's categories, from the worst to the best.
    odds_ratio
        Common odds ratio of a better category.
    """
    return (np.asarray(control, np.float64) + shifted_categories(control, odds_ratio)) / 2


def ordinal_efficiency(mean: Categories) -> float:
    """Return the information of the categories relative to an outcome without ties, 1 minus the sum of cubes."""
    return float(1 - np.sum(np.asarray(mean, np.float64) ** 3))


def whitehead_total_n(
    mean: Categories,
    odds_ratio: float,
    *,
    power: float,
    alpha: float,
    ratio: float = 1.0,
) -> float:
    """Return the patients of both arms for the proportional-odds test.

    Parameters
    ----------
    mean
        Probabilities of the categories averaged over both arms.
    odds_ratio
        Common odds ratio of a better category.
    power, alpha
        Power and two-sided level.
    ratio
        Treated patients to each control.

    Notes
    -----
    Source: Whitehead 1993, Statistics in Medicine 12:2257.

    Examples
    --------
    >>> mean = mean_categories([0.2, 0.5, 0.3], 2.0)
    >>> round(whitehead_total_n(mean, 2.0, power=0.8, alpha=0.05), 1)
    233.0
    """
    if odds_ratio == 1:
        return float("inf")
    z = ndtri(power) - ndtri(alpha / 2)
    return float(3 * (ratio + 1) ** 2 * z**2 / (ratio * np.log(odds_ratio) ** 2 * ordinal_efficiency(mean)))


def dichotomy_total_n(
    control: Categories, odds_ratio: float, *, first_good: int = 1, power: float, alpha: float
) -> float:
    """Return the patients of both arms if only `category >= first_good` were analysed, as two proportions.

    Parameters
    ----------
    control
        Probabilities of the control arm's categories.
    odds_ratio
        Common odds ratio of a better category.
    first_good
        The lowest category that counts as a success, counted from 0.
    power, alpha
        Power and two-sided level.
    """
    treated = shifted_categories(control, odds_ratio)
    shares = (float(np.sum(np.asarray(arm, np.float64)[first_good:])) for arm in (control, treated))
    return pooled_total_n(*shares, power=power, alpha=alpha)
