"""Outcomes as categories counted from 0, over a batch of trials and within each of them."""

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

_WIDEST_SCALE = 1024  # a whole-number scale up to this wide is counted from its lowest value without being sorted


def category_codes(
    outcome: Float[ndarray, "replicate patient"], analysed: Bool[ndarray, "replicate patient"]
) -> tuple[Int[ndarray, "replicate patient"], int]:
    """Return the category of every outcome, in each replicate ordered as the values are, and how many there may be.

    Whole numbers keep their distance, so some categories may be empty; other values are ranked in their replicate.
    Patients who are not analysed get category 0.
    """
    low, high = outcome.min(initial=np.inf, where=analysed), outcome.max(initial=-np.inf, where=analysed)
    if not low <= high:
        return np.zeros(outcome.shape, np.intp), 1
    if high - low < _WIDEST_SCALE:
        within = np.clip(outcome, low, high)
        codes = (within - low).astype(np.intp)
        if np.array_equal(codes + low, within):
            return np.where(analysed, codes, 0), int(high - low) + 1
    ranks = _sorted_ranks(outcome, analysed)
    return ranks, int(ranks.max()) + 1


def _sorted_ranks(
    values: Float[ndarray, "replicate patient"], analysed: Bool[ndarray, "replicate patient"]
) -> Int[ndarray, "replicate patient"]:
    """Return the rank of each value among the distinct ones of its replicate."""
    known = np.where(analysed, values, np.inf)
    order = np.argsort(known, axis=1)
    known = np.take_along_axis(known, order, axis=1)
    steps = np.cumsum(known[:, 1:] != known[:, :-1], axis=1)
    ranks = np.zeros(values.shape, np.intp)
    np.put_along_axis(ranks, order[:, 1:], steps, axis=1)
    return np.where(analysed, ranks, 0)


def ranks_present(
    codes: Int[ndarray, "replicate patient"], included: Bool[ndarray, "replicate patient"], count: int
) -> tuple[Int[ndarray, "replicate patient"], Int[ndarray, " replicate"]]:
    """Return each code as its place among the codes present in its replicate, and how many are present."""
    replicates = len(codes)
    present = np.zeros((replicates, count), bool)
    keys = codes + count * np.arange(replicates)[:, None]
    present.ravel()[keys[included]] = True
    places = np.cumsum(present, axis=1)
    return np.maximum(places.ravel()[keys] - 1, 0), places[:, -1]
