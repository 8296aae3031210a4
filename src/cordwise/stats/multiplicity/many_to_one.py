"""Several treated arms against one control: Dunnett's many-to-one test, by quadrature over the control's mean.

Given the control's mean the comparisons are independent, so that a single integral gives their joint distribution.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtr, ndtri, roots_legendre

from cordwise.base.roots import brent_root
from cordwise.stats.sequential.spec import Number

_REACH, _NODES = 7.5, 48  # standard deviations of the control's mean to integrate over, and at how many values


def dunnett_critical(sizes: Sequence[Number], alpha: float) -> float:
    """Return the one-sided critical value of the largest z, given the patients of the control and of each arm.

    Parameters
    ----------
    sizes
        Patients of the control, then of each treated arm.
    alpha
        One-sided familywise error.

    Notes
    -----
    Normal, not Student's t: for known or well estimated variances.  Source: Dunnett 1955, Journal of the American
    Statistical Association 50:1096.

    Examples
    --------
    >>> round(dunnett_critical((50, 50, 50), 0.025), 3)
    2.212
    """
    shared = shared_weight(sizes)
    everyone = np.ones((1, len(shared)), dtype=bool)

    def excess(z: float) -> float:
        return float(largest_z_p(np.array([z]), shared, everyone)[0]) - alpha

    single, bonferroni = -ndtri(alpha), -ndtri(alpha / len(shared))
    return float(single) if len(shared) == 1 else brent_root(excess, single, bonferroni, tolerance=1e-12)


def dunnett(z: Float[ndarray, "replicate arm"], sizes: Sequence[Number]) -> Float[ndarray, "replicate arm"]:
    """Return one-sided p values of each treated arm against the control, adjusted in a single step.

    Parameters
    ----------
    z
        z of each treated arm against the control; higher is better.
    sizes
        Patients of the control, then of each treated arm.
    """
    shared = shared_weight(sizes)
    everyone = np.ones(z.shape, dtype=bool)
    return np.stack([largest_z_p(column, shared, everyone) for column in z.T], axis=1)


def shared_weight(sizes: Sequence[Number]) -> Float[ndarray, " arm"]:
    """Return each comparison's correlation with the control's mean; two comparisons correlate by the product."""
    control, *treated = (float(size) for size in sizes)
    arms = np.asarray(treated)
    return np.sqrt(arms / (arms + control))


def largest_z_p(
    z: Float[ndarray, " replicate"], shared: Float[ndarray, " arm"], included: Bool[ndarray, "replicate arm"]
) -> Float[ndarray, " replicate"]:
    """Return the null chance that the largest z of the included arms exceeds `z`; 1 without arms."""
    control, weight = _control_means()
    within = np.ones((len(z), len(control)))
    for arm, correlation in enumerate(shared):
        below = ndtr((z[:, None] + correlation * control) / np.sqrt(1 - correlation**2))
        within *= np.where(included[:, arm, None], below, 1.0)
    return np.where(included.any(axis=1), np.clip((1 - within) @ weight, 0.0, 1.0), 1.0)


@lru_cache(maxsize=1)
def _control_means() -> tuple[ndarray, ndarray]:
    unit, weight = roots_legendre(_NODES)
    means = _REACH * unit
    return means, _REACH * weight * np.exp(-0.5 * means**2) / np.sqrt(2 * np.pi)
