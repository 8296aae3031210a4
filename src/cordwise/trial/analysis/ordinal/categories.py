"""Outcomes as categories counted from 0, over a batch of trials and within each of them."""

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

_WIDEST_SCALE = 1024  # a whole-number scale up to this wide is counted from its lowest value without being sorted


def category_codes(
    outcome: Float[ndarray, "replicate patient"], analysed: Bool[ndarray, "replicate patient"]
) -> tuple[Int[ndarray, "replicate patient"], int]:
    """Return the category of every outcome, ordered as the values are, and the number of categories.

    Whole numbers keep their distance, so some categories may be empty.  Patients who are not analysed get category 0.
    """
    low, high = outcome.min(initial=np.inf, where=analysed), outcome.max(initial=-np.inf, where=analysed)
    if not low <= high:
        return np.zeros(outcome.shape, np.intp), 1
    if high - low < _WIDEST_SCALE:
        codes = (np.clip(outcome, low, high) - low).astype(np.intp)
        if np.array_equal(codes + low, np.clip(outcome, low, high)):
            return np.where(analysed, codes, 0), int(high - low) + 1
    values = np.unique(outcome[analysed])
    return np.where(analysed, np.searchsorted(values, outcome), 0), len(values)


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
