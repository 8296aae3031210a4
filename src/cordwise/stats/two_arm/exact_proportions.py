"""Exact tests of two proportions: Fisher's, and Boschloo's, which maximises over the unknown common proportion."""

from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import gammaln, xlog1py, xlogy

_TABLES_AT_ONCE = 4096  # keeps the support of all tables of a chunk within tens of MiB
_TIE = 1 + 1e-7  # two tables as likely but for rounding count as equally likely
_LARGEST_BOSCHLOO = 50_000  # tables; beyond, it takes a second and is Fisher's but for a hair
_NUISANCE_DENSITY = 8  # common proportions tried, over the root of the patients: steps of a tenth of the standard error


def fisher_exact_p(ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]) -> Float[ndarray, "*trial"]:
    """Return the two-sided p value of Fisher's exact test: the chance of all tables no likelier than the one seen.

    The axis `arm` has the control first.  Equal tables are computed once, so thousands of simulated trials cost little;
    for a single table `scipy.stats.fisher_exact` gives the same.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.

    Examples
    --------
    >>> import numpy as np
    >>> fisher_exact_p(np.array([[2.0, 6.0], [1.0, 7.0]]), np.array([[8.0, 8.0], [8.0, 8.0]])).round(4).tolist()
    [0.1319, 0.0101]
    """
    rows = np.concatenate([ones, count], axis=-1).reshape(-1, 4).astype(np.int64)
    tables, which = np.unique(rows, axis=0, return_inverse=True)
    parts = [_fisher_p(tables[at : at + _TABLES_AT_ONCE]) for at in range(0, len(tables), _TABLES_AT_ONCE)]
    return np.concatenate(parts)[which.ravel()].reshape(ones.shape[:-1])


def boschloo_exact_p(
    ones: Float[ndarray, "*trial arm"], count: Float[ndarray, "*trial arm"]
) -> Float[ndarray, "*trial"]:
    """Return the p value of Boschloo's unconditional test, whose statistic is Fisher's two-sided p value.

    Never above Fisher's.  Where the two arms have more than 50,000 tables (beyond 222 patients each) Fisher's p value,
    a bound, is returned.  Source: Boschloo 1970, Statistica Neerlandica 24:1; `scipy.stats.boschloo_exact` doubles the
    one-sided test instead.

    Parameters
    ----------
    ones, count
        Patients with outcome one, and all patients, of the control arm and then of the treated arm.
    """
    p = fisher_exact_p(ones, count)
    rows = np.concatenate([count, ones], axis=-1).reshape(-1, 4).astype(np.int64)
    flat = p.reshape(-1)
    sizes, which = np.unique(rows[:, :2], axis=0, return_inverse=True)
    for number, (control, treated) in enumerate(sizes.tolist()):
        if (control + 1) * (treated + 1) <= _LARGEST_BOSCHLOO:
            here = which.ravel() == number
            flat[here] = boschloo_p_table(control, treated)[rows[here, 2], rows[here, 3]]
    return flat.reshape(p.shape)


@lru_cache(maxsize=1024)
def fisher_p_table(control: int, treated: int) -> Float[ndarray, "control_ones treated_ones"]:
    """Return Fisher's two-sided p value of every table of two arms, read-only.

    Parameters
    ----------
    control, treated
        Patients of each arm; the answer has one row for each number of ones among the controls, from none to all, and
        one column for each among the treated.
    """
    total = np.arange(control + treated + 1)[:, None]
    ones = np.arange(treated + 1)[None, :]
    inside = (total - ones >= 0) & (total - ones <= control)
    rest = np.where(inside, total - ones, 0)
    ways = _log_choose(treated)[ones] + _log_choose(control)[rest] - _log_choose(control + treated)[total]
    chance = np.where(inside, np.exp(ways), 0.0)
    order = np.argsort(chance, axis=1)
    ordered = np.take_along_axis(chance, order, axis=1)
    by_total = np.empty_like(chance)
    np.put_along_axis(by_total, order, _through_ties(np.cumsum(ordered, axis=1), _ends(ordered)), axis=1)
    table = np.minimum(by_total[np.arange(control + 1)[:, None] + ones, ones], 1.0)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=1024)
def boschloo_p_table(control: int, treated: int) -> Float[ndarray, "control_ones treated_ones"]:
    """Return Boschloo's p value of every table of two arms, read-only.

    The tables are put in order of Fisher's p value once; the chance of all tables up to each is a running sum, whose
    maximum is taken over common proportions spaced evenly in angle up to one half (the rest follows by symmetry), with
    a parabola through the highest of them and its neighbours.
    """
    fisher = fisher_p_table(control, treated)
    order = np.argsort(fisher, axis=None)
    control_ones, treated_ones = np.unravel_index(order, fisher.shape)
    shares = _common_proportions(control + treated)
    joint = binomial_chances(control, shares)[:, control_ones] * binomial_chances(treated, shares)[:, treated_ones]
    highest = _highest(np.cumsum(joint, axis=1, out=joint))
    table = np.empty(fisher.size)
    table[order] = np.minimum(_through_ties(highest, _ends(fisher.ravel()[order])), 1.0)
    table = table.reshape(fisher.shape)
    table.setflags(write=False)
    return table


def binomial_chances(count: int, shares: Float[ndarray, " share"]) -> Float[ndarray, "share ones"]:
    """Return the chance of each number of ones among `count` patients."""
    ones, shares = np.arange(count + 1), shares[:, None]
    return np.exp(_log_choose(count) + xlogy(ones, shares) + xlog1py(count - ones, -shares))


def _common_proportions(patients: int) -> Float[ndarray, " share"]:
    points = int(np.ceil(_NUISANCE_DENSITY * np.sqrt(patients + 1)))
    return np.sin(np.pi / 4 * np.arange(1, points + 2) / points) ** 2


def _highest(values: Float[ndarray, "share table"]) -> Float[ndarray, " table"]:
    """Return the maximum along the shares, at the vertex of the parabola where it lies between two of them."""
    at = np.clip(values.argmax(axis=0), 1, len(values) - 2)
    before, here, after = (np.take_along_axis(values, (at + step)[None], axis=0)[0] for step in (-1, 0, 1))
    bend = 2 * here - before - after
    vertex = here + np.divide((after - before) ** 2, 8 * bend, out=np.zeros_like(bend), where=bend > 0)
    return np.maximum(values.max(axis=0), np.where((here >= before) & (here >= after), vertex, 0.0))


def _ends(ordered: Float[ndarray, "*row place"]) -> Bool[ndarray, "*row place"]:
    """Return True at the last of equal values of a rising sequence."""
    last = np.ones(ordered.shape, dtype=bool)
    last[..., :-1] = ordered[..., 1:] > ordered[..., :-1] * _TIE
    return last


def _through_ties(
    sums: Float[ndarray, "*row place"], ends: Bool[ndarray, "*row place"]
) -> Float[ndarray, "*row place"]:
    """Return at every place the running sum at the end of its ties."""
    at_ends = np.where(ends, sums, np.inf)
    return np.minimum.accumulate(at_ends[..., ::-1], axis=-1)[..., ::-1]


def _log_choose(count: int) -> Float[ndarray, " ones"]:
    ones = np.arange(count + 1)
    return gammaln(count + 1.0) - gammaln(ones + 1.0) - gammaln(count - ones + 1.0)


def _fisher_p(tables: Int[ndarray, "table cell"]) -> Float[ndarray, " table"]:
    control_ones, treated_ones, control, treated = (column[:, None] for column in tables.T)
    ones = control_ones + treated_ones
    log_factorial = gammaln(np.arange(int((control + treated).max(initial=0)) + 1) + 1.0)
    possible = np.arange(int(np.minimum(ones, treated).max(initial=0)) + 1)[None, :]
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
