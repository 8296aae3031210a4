"""The Fisher-Freeman-Halton exact test of a table of any size, by exact enumeration."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from numpy.typing import ArrayLike
from scipy.special import gammaln

_TIE = 1e-7  # difference of log weights below which two tables count as equally likely
_DIGITS = 9  # decimals of a log weight at which two ways to the same margins are joined


def fisher_freeman_halton_p(table: ArrayLike) -> float:
    """Return the exact p value of no association: the chance of all tables no likelier than the one seen.

    Parameters
    ----------
    table
        Whole numbers, "row column".  Meant for about a hundred patients in up to about five by five cells.

    Notes
    -----
    All but the last two columns are filled one by one; ways that leave the same row margins with the same weight are
    joined.  For each margin left, the tables of the last two columns are listed and sorted once.  Source: Freeman and
    Halton 1951, Biometrika 38:141.  `scipy.stats.fisher_exact` samples tables of more than two rows or columns, so its
    p value there is not exact.

    Examples
    --------
    >>> round(fisher_freeman_halton_p([[3, 1, 0], [0, 2, 4]]), 4)
    0.0333
    """
    table = np.asarray(table, np.int64)
    table = table if table.shape[0] <= table.shape[1] else table.T
    table = table[np.ix_(table.sum(axis=1) > 0, table.sum(axis=0) > 0)]
    table = table[:, np.argsort(table.sum(axis=0))]
    if min(table.shape) < 2:
        return 1.0
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    log_factorial = gammaln(np.arange(int(table.sum()) + 1) + 1.0)
    seen = -log_factorial[table].sum()
    left, log_weight, ways = rows[None, :], np.zeros(1), np.ones(1)
    for column in columns[:-2]:
        left, log_weight, ways = _fill(left, log_weight, ways, int(column), log_factorial)
    log_total = _log_total(rows, columns, log_factorial)
    margins, which = np.unique(left, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.searchsorted(which.ravel()[order], np.arange(len(margins) + 1))
    p = 0.0
    for number, margin in enumerate(margins):
        some = order[ends[number] : ends[number + 1]]
        last = np.sort(_two_columns(margin, int(columns[-2]), log_factorial))
        below = np.concatenate([[0.0], np.cumsum(np.exp(last - log_total))])
        up_to = np.searchsorted(last, seen - log_weight[some] + _TIE, side="right")
        p += float((ways[some] * np.exp(log_weight[some]) * below[up_to]).sum())
    return min(p, 1.0)


def _fill(
    left: Int[ndarray, "way row"],
    log_weight: Float[ndarray, " way"],
    ways: Float[ndarray, " way"],
    column: int,
    log_factorial: Float[ndarray, " count"],
) -> tuple[Int[ndarray, "next row"], Float[ndarray, " next"], Float[ndarray, " next"]]:
    """Return what is left of the row margins after one more column, equal ways joined."""
    cells = _compositions(column, left.max(axis=0))
    fits = (cells[None] <= left[:, None]).all(axis=2)
    way, cell = np.nonzero(fits)
    remaining = left[way] - cells[cell]
    weight = np.round(log_weight[way] - log_factorial[cells[cell]].sum(axis=1), _DIGITS)
    keys, which = np.unique(np.column_stack([remaining, weight]), axis=0, return_inverse=True)
    joined = np.bincount(which.ravel(), ways[way], minlength=len(keys))
    return keys[:, :-1].astype(np.int64), keys[:, -1], joined


def _compositions(total: int, most: Int[ndarray, " row"]) -> Int[ndarray, "composition row"]:
    """Return all ways to share `total` over the rows, none above its `most`."""
    parts = np.zeros((1, 0), np.int64)
    for limit in most[:-1]:
        count = np.arange(min(int(limit), total) + 1)
        parts = np.column_stack([np.repeat(parts, len(count), axis=0), np.tile(count, len(parts))])
        parts = parts[parts.sum(axis=1) <= total]
    parts = np.column_stack([parts, total - parts.sum(axis=1)])
    return parts[parts[:, -1] <= most[-1]]


def _two_columns(
    margin: Int[ndarray, " row"], column: int, log_factorial: Float[ndarray, " count"]
) -> Float[ndarray, " table"]:
    """Return the log weights of all tables of two columns with these row margins and this first column."""
    filled, log_weight = np.zeros(1, np.int64), np.zeros(1)
    for limit in margin[:-1]:
        cell = np.arange(min(int(limit), column) + 1)
        of_cell = -log_factorial[cell] - log_factorial[limit - cell]
        filled, log_weight = (filled[:, None] + cell).ravel(), (log_weight[:, None] + of_cell).ravel()
        log_weight, filled = log_weight[filled <= column], filled[filled <= column]
    rest = column - filled
    fits = rest <= margin[-1]
    rest, log_weight = rest[fits], log_weight[fits]
    return log_weight - log_factorial[rest] - log_factorial[margin[-1] - rest]


def _log_total(
    rows: Int[ndarray, " row"], columns: Int[ndarray, " column"], log_factorial: Float[ndarray, " count"]
) -> float:
    """Return the log of the sum of the weights (reciprocal products of factorials) of all tables."""
    return float(log_factorial[rows.sum()] - log_factorial[rows].sum() - log_factorial[columns].sum())
