"""Pairwise comparisons of a trial's patients, counted by arm: what rank tests and win statistics are sums of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Num
from numpy import ndarray

from cordwise.stats.two_arm.sufficient_statistics import own_stratum
from cordwise.stats.two_arm.trials import Trials

_PAIRS_AT_ONCE = 1 << 18  # pairs of patients compared together where differences have thresholds


@dataclass(frozen=True, slots=True)
class PairwiseCounts:
    """For each patient how many of each arm do worse and better; equal patients share a row; arms: control, treated.

    Attributes
    ----------
    group
        The replicate and stratum of the row, `replicate * strata + stratum`, rising.
    members
        Patients of each arm in the row.
    below, above
        Patients of each arm, of the same group, who do worse and who do better than the members.
    shape
        Replicates and strata.
    """

    group: Int[ndarray, " row"]
    members: Float[ndarray, "row arm"]
    below: Float[ndarray, "row arm"]
    above: Float[ndarray, "row arm"]
    shape: tuple[int, int]

    def total(self, values: Float[ndarray, " row"]) -> Float[ndarray, "replicate stratum"]:
        """Return the sum of `values` over the rows of each replicate and stratum."""
        sums = np.bincount(self.group, values, minlength=int(np.prod(self.shape)))
        return sums.reshape(self.shape).astype(np.float64)  # without a row the counts come back as integers

    @property
    def counts(self) -> Float[ndarray, "replicate stratum arm"]:
        """Return the patients of each arm."""
        return np.stack([self.total(members) for members in self.members.T], axis=-1)


def pairwise_counts_by_order(
    trials: Trials, keys: Sequence[Num[ndarray, "replicate patient"]], *, strata: bool = False
) -> PairwiseCounts:
    """Return the comparisons by the first key, ties by the next; patients are compared within a stratum if asked.

    One sort for each replicate, so the cost grows as n log n in the patients n.

    Parameters
    ----------
    trials
        Who is compared; its outcome is looked at only where it is a key.
    keys
        The most important first; higher is better.
    strata
        Whether to compare patients within strata only.
    """
    stratum = own_stratum(trials) if strata else np.zeros(trials.treated.shape, np.int64)
    levels = int(stratum.max(initial=0)) + 1
    order = (
        np.lexsort((*reversed(keys), stratum), axis=-1) if levels > 1 else np.lexsort(tuple(reversed(keys)), axis=-1)
    )
    seen = np.take_along_axis(trials.analysed, order, axis=1)
    sorted_keys = [np.take_along_axis(key, order, axis=1)[seen] for key in keys]
    group = (np.arange(len(order))[:, None] * levels + np.take_along_axis(stratum, order, axis=1))[seen]
    starts = _starts(group, *sorted_keys)
    row = np.cumsum(starts) - 1
    treated = np.take_along_axis(trials.treated, order, axis=1)[seen]
    members = np.bincount(2 * row + treated, minlength=2 * int(starts.sum())).reshape(-1, 2).astype(np.float64)
    return _ordered(group[starts], members, (len(order), levels))


def pairwise_counts_by_pairs(
    trials: Trials, components: Num[ndarray, "replicate patient component"], thresholds: Sequence[float]
) -> PairwiseCounts:
    """Return the comparisons where a component decides only by a difference of at least its threshold.

    Such comparisons need not form an order, so every pair is compared, in chunks.

    Parameters
    ----------
    trials
        Who is compared.
    components
        The most important first; higher is better.
    thresholds
        For each component the smallest difference that decides, in its unit.
    """
    replicates, patients = trials.treated.shape
    arms = np.stack([trials.analysed & ~trials.treated, trials.analysed & trials.treated], axis=-1).astype(np.float32)
    counts = np.empty((2, replicates, patients, 2))
    rows = max(1, min(patients, _PAIRS_AT_ONCE // max(patients, 1)))
    block = max(1, _PAIRS_AT_ONCE // max(rows * patients, 1))
    for first in range(0, replicates, block):
        some = slice(first, first + block)
        for at in range(0, patients, rows):
            outcomes = _compared(components[some, at : at + rows], components[some], thresholds)
            for side, outcome in enumerate(outcomes):
                counts[side, some, at : at + rows] = outcome.astype(np.float32) @ arms[some]
    seen = trials.analysed
    group = np.broadcast_to(np.arange(replicates)[:, None], seen.shape)[seen]
    return PairwiseCounts(group, arms[seen].astype(np.float64), counts[0][seen], counts[1][seen], (replicates, 1))


def mid_ranks(trials: Trials) -> Float[ndarray, "replicate patient"]:
    """Return the rank of every analysed patient's outcome in the whole trial, ties sharing their mean; 0 for others."""
    values = np.where(trials.analysed, trials.outcome, np.inf)
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    place = np.broadcast_to(np.arange(1, order.shape[1] + 1), order.shape)
    first = np.ones(order.shape, dtype=bool)
    first[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    last = np.roll(first, -1, axis=1)
    lowest = np.maximum.accumulate(np.where(first, place, 0), axis=1)
    highest = np.minimum.accumulate(np.where(last, place, order.shape[1])[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(order.shape)
    np.put_along_axis(ranks, order, (lowest + highest) / 2, axis=1)
    return np.where(trials.analysed, ranks, 0.0)


def _compared(
    own: Num[ndarray, "replicate row component"],
    other: Num[ndarray, "replicate patient component"],
    thresholds: Sequence[float],
) -> tuple[Bool[ndarray, "replicate row patient"], Bool[ndarray, "replicate row patient"]]:
    """Return where the own values win and where they lose, by the first component that decides."""
    better = np.zeros((*own.shape[:2], other.shape[1]), dtype=bool)
    worse = np.zeros_like(better)
    for number, threshold in enumerate(thresholds):
        difference = np.subtract(own[:, :, None, number], other[:, None, :, number], dtype=np.float64)
        undecided = ~(better | worse)
        least = max(threshold, np.finfo(np.float64).tiny)
        better |= undecided & (difference >= least)
        worse |= undecided & (difference <= -least)
    return better, worse


def _starts(*sorted_columns: Num[ndarray, " patient"]) -> Bool[ndarray, " patient"]:
    starts = np.zeros(len(sorted_columns[0]), dtype=bool)
    starts[:1] = True
    for column in sorted_columns:
        starts[1:] |= column[1:] != column[:-1]
    return starts


def _ordered(group: Int[ndarray, " row"], members: Float[ndarray, "row arm"], shape: tuple[int, int]) -> PairwiseCounts:
    """Return the comparisons of rows in rising order within their group."""
    before = np.cumsum(members, axis=0) - members
    first = _starts(group)
    own_group = np.cumsum(first) - 1
    below = before - before[first][own_group]
    size = np.add.reduceat(members, np.flatnonzero(first)) if len(group) else members
    return PairwiseCounts(group, members, below, size[own_group] - below - members, shape)
