"""Counts and sums by arm and stratum of every simulated trial: all that tables, means and their tests need."""

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray

from cordwise.stats.two_arm.trials import Trials

CONTROL, TREATED = 0, 1  # positions on the arm axis


def arm_sums(
    trials: Trials, values: Num[ndarray, "replicate patient"] | None = None, *, strata: bool = False
) -> Float[ndarray, "replicate stratum arm"]:
    """Return the sum of `values` over the analysed patients, or their number where no values are given.

    Without `strata` the stratum axis has length one.
    """
    cell, shape = _cells(trials, strata)
    weight = trials.analysed.astype(np.float64)
    if values is not None:
        weight *= values
    return np.bincount(cell.ravel(), weight.ravel(), minlength=int(np.prod(shape))).reshape(shape)


def binary_counts(
    trials: Trials, *, strata: bool = False
) -> tuple[Float[ndarray, "replicate stratum arm"], Float[ndarray, "replicate stratum arm"]]:
    """Return the analysed patients whose outcome is one, and all analysed patients."""
    return arm_sums(trials, trials.outcome, strata=strata), arm_sums(trials, strata=strata)


def own_stratum(trials: Trials) -> Int[ndarray, "replicate patient"]:
    """Return the stratum of the analysed patients, 0 for the others."""
    return np.where(trials.analysed, trials.stratum, 0)


def _cells(trials: Trials, strata: bool) -> tuple[Int[ndarray, "replicate patient"], tuple[int, int, int]]:
    replicates = trials.treated.shape[0]
    group = np.arange(replicates)[:, None]
    levels = 1
    if strata:
        stratum = own_stratum(trials)
        levels = int(stratum.max(initial=0)) + 1
        group = group * levels + stratum
    return 2 * group + trials.treated, (replicates, levels, 2)
