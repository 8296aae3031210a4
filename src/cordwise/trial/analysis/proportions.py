"""Difference of two proportions: the 'N - 1' chi-square test or Fisher's exact test, with Newcombe's interval."""

from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import chdtrc, gammaln, ndtri

from cordwise.trial.analysis.estimates import Estimates
from cordwise.trial.analysis.moments import CONTROL, TREATED, Moments

ProportionTest = Literal["n_minus_1_chi_square", "fisher_exact"]
_TABLES_AT_ONCE = 4096  # keeps the support of all tables of a chunk within tens of MiB
_TIE = 1 + 1e-7  # two tables as likely but for rounding count as equally likely


def risk_difference(moments: Moments, *, alpha: float, test: ProportionTest = "n_minus_1_chi_square") -> Estimates:
    """Return the difference of the proportions of ones in the outcome, treated minus control.

    The interval is Newcombe's hybrid of two Wilson intervals at level `1 - alpha`. The chi-square statistic carries the
    factor (N - 1)/N and no continuity correction, which keeps the size near its nominal value in small trials.
    """
    ones, count = moments.y, moments.count
    share = moments.mean_y
    estimate = share[..., TREATED] - share[..., CONTROL]
    low, high = _newcombe_interval(share, count, alpha)
    p = n_minus_1_chi_square_p(ones, count) if test == "n_minus_1_chi_square" else fisher_exact_p(ones, count)
    return Estimates(estimate, estimate - low, estimate + high, p)


def n_minus_1_chi_square_p(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]
) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of the 'N - 1' chi-square test; 1 where the table has an empty margin."""
    total, total_ones = count.sum(axis=-1), ones.sum(axis=-1)
    cross = ones[..., TREATED] * count[..., CONTROL] - ones[..., CONTROL] * count[..., TREATED]
    margins = count[..., TREATED] * count[..., CONTROL] * total_ones * (total - total_ones)
    statistic = np.divide((total - 1) * cross**2, margins, out=np.zeros_like(total), where=margins > 0)
    return chdtrc(1, statistic)


def fisher_exact_p(ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of Fisher's exact test: all tables no likelier than the one seen."""
    rows = np.concatenate([ones, count], axis=-1).reshape(-1, 4).astype(np.int64)
    tables, which = np.unique(rows, axis=0, return_inverse=True)
    parts = [_fisher_p(tables[at : at + _TABLES_AT_ONCE]) for at in range(0, len(tables), _TABLES_AT_ONCE)]
    return np.concatenate(parts)[which.ravel()].reshape(ones.shape[:-1])


def _fisher_p(tables: Int[ndarray, "table cell"]) -> Float[ndarray, " table"]:
    control_ones, treated_ones, control, treated = (column[:, None] for column in tables.T)
    ones = control_ones + treated_ones
    log_factorial = gammaln(np.arange(int((control + treated).max()) + 1) + 1.0)
    possible = np.arange(int(np.minimum(ones, treated).max()) + 1)[None, :]
    inside = (possible <= np.minimum(ones, treated)) & (possible >= ones - control)
    split = np.where(inside, possible, treated_ones)
    log_weight = -(
        log_factorial[split]
        + log_factorial[treated - split]
        + log_factorial[ones - split]
        + log_factorial[control - ones + split]
    )
    weight = np.where(inside, np.exp(log_weight - log_weight.max(axis=1, keepdims=True)), 0.0)
    seen = np.take_along_axis(weight, treated_ones, axis=1)
    p = np.where(weight <= seen * _TIE, weight, 0.0).sum(axis=1) / weight.sum(axis=1)
    return np.minimum(p, 1.0)


def _newcombe_interval(
    share: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"], alpha: float
) -> tuple[Float[ndarray, "*trial"], Float[ndarray, "*trial"]]:
    """Return how far the interval reaches below and above the estimated difference."""
    low, high = _wilson_interval(share, count, alpha)
    below, above = (share - low) ** 2, (high - share) ** 2
    reach_down = np.sqrt(below[..., TREATED] + above[..., CONTROL])
    reach_up = np.sqrt(above[..., TREATED] + below[..., CONTROL])
    return reach_down, reach_up


def _wilson_interval(
    share: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"], alpha: float
) -> tuple[Float[ndarray, "*trial arm"], Float[ndarray, "*trial arm"]]:
    z = -ndtri(alpha / 2)
    n = np.maximum(count, 1)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half
