"""Exact and classical tests of one contingency table or of a set of two-by-two tables."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from numpy.typing import ArrayLike
from scipy.special import bdtr, chdtrc, gammaln, ndtr

from cordwise.base.roots import brent_root

_TIE = 1 + 1e-7  # two tables as likely but for rounding count as equally likely
_LOG_ODDS_REACH = 40.0  # odds ratios from e^-40 to e^40 are searched


@dataclass(frozen=True, slots=True)
class ExactOddsRatio:
    """The conditional test of no association, and the conditional maximum-likelihood odds ratio with exact limits.

    Attributes
    ----------
    p
        Two-sided p value.
    odds_ratio, low, high
        0 or infinite where the data are at the edge of what the margins allow.
    """

    p: float
    odds_ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class McNemar:
    """McNemar's test of paired yes-or-no answers: with continuity correction, without, and exact.

    Attributes
    ----------
    corrected_chi_square, corrected_p, chi_square, p
        Statistics on one degree of freedom and their p values.
    exact_p
        Two-sided p value of the sign test of the discordant pairs.
    """

    corrected_chi_square: float
    corrected_p: float
    chi_square: float
    p: float
    exact_p: float


@dataclass(frozen=True, slots=True)
class LinearByLinear:
    """The linear-by-linear association: its standardised statistic and two-sided p value."""

    z: float
    p: float


def exact_common_odds_ratio(tables: ArrayLike, *, alpha: float = 0.05) -> ExactOddsRatio:
    """Return the exact conditional test of a set of two-by-two tables and their common odds ratio.

    The p value adds all outcomes no likelier than the one seen; the limits invert the two one-sided tests.

    Parameters
    ----------
    tables
        Whole numbers, "stratum 2 2".
    alpha
        Two-sided level of the interval.

    Notes
    -----
    Of a single table this is Fisher's test; SciPy has it as `scipy.stats.fisher_exact` and
    `scipy.stats.contingency.odds_ratio`.  Source: Gart 1970, Biometrika 57:471.

    Examples
    --------
    >>> found = exact_common_odds_ratio([[[8, 2], [3, 7]], [[5, 5], [2, 8]]])
    >>> round(found.odds_ratio, 2), round(found.p, 4)
    (5.56, 0.0236)
    """
    tables = np.asarray(tables, np.int64).reshape(-1, 2, 2)
    first, log_weights = _conditional_distribution(tables)
    seen = int(tables[:, 0, 0].sum()) - first
    chance = _tilted(log_weights, 0.0)
    p = float(min(chance[chance <= chance[seen] * _TIE].sum(), 1.0))
    at = np.arange(len(log_weights))
    last = len(log_weights) - 1
    middle = _log_odds_where(lambda t: float(_tilted(log_weights, t) @ at) - seen) if 0 < seen < last else None
    low = _log_odds_where(lambda t: float(_tilted(log_weights, t)[seen:].sum()) - alpha / 2) if seen > 0 else None
    high = (
        _log_odds_where(lambda t: alpha / 2 - float(_tilted(log_weights, t)[: seen + 1].sum())) if seen < last else None
    )
    edge = 0.0 if seen == 0 else np.inf
    return ExactOddsRatio(
        p,
        edge if middle is None else float(np.exp(middle)),
        0.0 if low is None else float(np.exp(low)),
        float("inf") if high is None else float(np.exp(high)),
    )


def mcnemar(table: ArrayLike) -> McNemar:
    """Return McNemar's tests of paired answers; p = 1 without discordant pairs.

    Parameters
    ----------
    table
        Numbers of pairs, "2 2": the first answer by row, the second by column.

    Notes
    -----
    Source: McNemar 1947, Psychometrika 12:153.

    Examples
    --------
    >>> round(mcnemar([[5, 9], [2, 7]]).exact_p, 4)
    0.0654
    """
    one, other = (float(count) for count in (np.asarray(table)[0, 1], np.asarray(table)[1, 0]))
    discordant = one + other
    if discordant == 0:
        return McNemar(0.0, 1.0, 0.0, 1.0, 1.0)
    plain = (one - other) ** 2 / discordant
    corrected = max(abs(one - other) - 1, 0.0) ** 2 / discordant
    exact = min(1.0, 2 * float(bdtr(min(one, other), int(discordant), 0.5)))
    return McNemar(corrected, float(chdtrc(1, corrected)), plain, float(chdtrc(1, plain)), exact)


def linear_by_linear(
    tables: ArrayLike,
    *,
    row_scores: ArrayLike | None = None,
    column_scores: ArrayLike | None = None,
) -> LinearByLinear:
    """Return the test of a trend between the ordered rows and columns of a table, or of one table for each stratum.

    Mean and variance are those over permutations within strata.

    Parameters
    ----------
    tables
        Counts, "row column" or "stratum row column".
    row_scores, column_scores
        Scores of rows and columns; 1, 2, 3, ... unless given.

    Notes
    -----
    Source: Mantel 1963, Journal of the American Statistical Association 58:690.

    Examples
    --------
    >>> found = linear_by_linear([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12]])
    >>> round(found.z, 3), round(found.p, 3)
    (0.355, 0.723)
    """
    tables = np.asarray(tables, np.float64)
    tables = tables.reshape(-1, *tables.shape[-2:])
    rows = np.arange(1.0, tables.shape[1] + 1) if row_scores is None else np.asarray(row_scores, np.float64)
    columns = np.arange(1.0, tables.shape[2] + 1) if column_scores is None else np.asarray(column_scores, np.float64)
    size = tables.sum(axis=(1, 2))
    of_rows, of_columns = tables.sum(axis=2), tables.sum(axis=1)
    expected = (of_rows @ rows) * (of_columns @ columns) / size
    spread_rows = of_rows @ rows**2 - (of_rows @ rows) ** 2 / size
    spread_columns = of_columns @ columns**2 - (of_columns @ columns) ** 2 / size
    score = float((np.einsum("hij,i,j->h", tables, rows, columns) - expected).sum())
    z = score / float(np.sqrt((spread_rows * spread_columns / (size - 1)).sum()))
    return LinearByLinear(z, float(2 * ndtr(-abs(z))))


def _conditional_distribution(tables: Num[ndarray, "stratum 2 2"]) -> tuple[int, Float[ndarray, " sum"]]:
    """Return the least possible sum of the first cells given all margins, and the log weight of it and the next."""
    least, weights = 0, np.ones(1)
    for table in tables:
        row, column, total = int(table[0].sum()), int(table[:, 0].sum()), int(table.sum())
        low, high = max(0, row + column - total), min(row, column)
        cell = np.arange(low, high + 1)
        cells = (cell, row - cell, column - cell, total - row - column + cell)
        log_weight = -sum(gammaln(each + 1.0) for each in cells)
        weights = np.convolve(weights, np.exp(log_weight - log_weight.max()))
        weights /= weights.max()
        least += low
    return least, np.log(np.maximum(weights, np.finfo(float).tiny))


def _tilted(log_weights: Float[ndarray, " sum"], log_odds: float) -> Float[ndarray, " sum"]:
    tilted = log_weights + np.arange(len(log_weights)) * log_odds
    chance = np.exp(tilted - tilted.max())
    return chance / chance.sum()


def _log_odds_where(rising: Callable[[float], float]) -> float:
    return brent_root(rising, -_LOG_ODDS_REACH, _LOG_ODDS_REACH, tolerance=1e-12)
