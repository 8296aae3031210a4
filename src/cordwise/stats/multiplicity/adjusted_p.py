"""P values adjusted for many hypotheses, batched over rows."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


def holm(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Holm's (1979) adjusted p values."""
    order, ordered, count = _ordered(p)
    stepped = np.maximum.accumulate(ordered * np.arange(count, 0, -1), axis=1)
    return _as_given(np.minimum(stepped, 1.0), order)


def hochberg(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Hochberg's (1988) adjusted p values; for independent or positively dependent tests."""
    order, ordered, count = _ordered(p)
    return _as_given(_least_from_here(ordered * np.arange(count, 0, -1)), order)


def benjamini_hochberg(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return p values adjusted for the false discovery rate (Benjamini and Hochberg 1995)."""
    order, ordered, count = _ordered(p)
    return _as_given(_least_from_here(ordered * count / np.arange(1, count + 1)), order)


def hommel(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Hommel's (1988) adjusted p values: the closed test with Simes' test of every intersection."""
    order, ordered, count = _ordered(p)
    adjusted = np.repeat(np.min(ordered * count / np.arange(1, count + 1), axis=1, keepdims=True), count, axis=1)
    for size in range(count - 1, 1, -1):
        first = count - size + 1  # hypotheses too small in p to be among the last of a set of this size
        least = np.min(size * ordered[:, first:] / np.arange(2, size + 1), axis=1, keepdims=True)
        simes = np.empty_like(adjusted)
        simes[:, :first] = np.minimum(size * ordered[:, :first], least)
        simes[:, first:] = simes[:, first - 1 : first]
        adjusted = np.maximum(adjusted, simes)
    return _as_given(np.maximum(adjusted, ordered), order)


def simes(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, " replicate"]:
    """Return Simes' (1986) p value of the intersection of each row's hypotheses."""
    _, ordered, count = _ordered(p)
    return np.min(ordered * count / np.arange(1, count + 1), axis=1)


def _ordered(
    p: Float[ndarray, "replicate hypothesis"],
) -> tuple[Int[ndarray, "replicate hypothesis"], Float[ndarray, "replicate hypothesis"], int]:
    order = np.argsort(p, axis=1, kind="stable")
    return order, np.take_along_axis(p, order, axis=1), p.shape[1]


def _as_given(
    ordered: Float[ndarray, "replicate hypothesis"], order: Int[ndarray, "replicate hypothesis"]
) -> Float[ndarray, "replicate hypothesis"]:
    given = np.empty_like(ordered)
    np.put_along_axis(given, order, ordered, axis=1)
    return given


def _least_from_here(stepped: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    return np.minimum(np.minimum.accumulate(stepped[:, ::-1], axis=1)[:, ::-1], 1.0)
