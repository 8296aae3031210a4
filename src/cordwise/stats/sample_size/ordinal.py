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
    """Return the treated arm's probabilities when every cumulative odds is multiplied by the odds ratio."""
    better = 1 - np.cumsum(np.asarray(control, np.float64))[:-1]
    treated = expit(logit(np.clip(better, 0.0, 1.0)) + np.log(odds_ratio))
    return -np.diff(np.concatenate([[1.0], treated, [0.0]]))


def mean_categories(control: Categories, odds_ratio: float) -> Float[ndarray, " category"]:
    """Return the probabilities averaged over both arms."""
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

    Source: Whitehead 1993, Statistics in Medicine 12:2257.

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
    """
    if odds_ratio == 1:
        return float("inf")
    z = ndtri(power) - ndtri(alpha / 2)
    return float(3 * (ratio + 1) ** 2 * z**2 / (ratio * np.log(odds_ratio) ** 2 * ordinal_efficiency(mean)))


def dichotomy_total_n(
    control: Categories, odds_ratio: float, *, first_good: int = 1, power: float, alpha: float
) -> float:
    """Return the patients of both arms if only `category >= first_good` were analysed, as two proportions."""
    treated = shifted_categories(control, odds_ratio)
    shares = (float(np.sum(np.asarray(arm, np.float64)[first_good:])) for arm in (control, treated))
    return pooled_total_n(*shares, power=power, alpha=alpha)
