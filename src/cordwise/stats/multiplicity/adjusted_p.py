"""P values adjusted for several hypotheses: a row for each replicate, a column for each hypothesis."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


def holm(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Holm's adjusted p values, which hold the familywise error whatever the dependence.

    Source: Holm 1979, Scandinavian Journal of Statistics 6:65.

    Examples
    --------
    >>> holm(np.array([[0.01, 0.04, 0.03]])).tolist()
    [[0.03, 0.06, 0.06]]
    """
    order, ordered, count = _ordered(p)
    stepped = np.maximum.accumulate(ordered * np.arange(count, 0, -1), axis=1)
    return _as_given(np.minimum(stepped, 1.0), order)


def hochberg(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Hochberg's adjusted p values; for independent or positively dependent tests.

    Source: Hochberg 1988, Biometrika 75:800.
    """
    order, ordered, count = _ordered(p)
    return _as_given(_least_from_here(ordered * np.arange(count, 0, -1)), order)


def benjamini_hochberg(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return p values adjusted for the false discovery rate, by `scipy.stats.false_discovery_control`.

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289.
    """
    from scipy.stats import false_discovery_control  # slow to import, and nothing else here needs it

    return false_discovery_control(p, axis=1)


def hommel(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, "replicate hypothesis"]:
    """Return Hommel's adjusted p values: the closed test with Simes' test of every intersection.

    Source: Hommel 1988, Biometrika 75:383; computed as in Wright 1992, Biometrics 48:1005.
    """
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
    """Return Simes' p value of the intersection of each row's hypotheses.

    Source: Simes 1986, Biometrika 73:751.
    """
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
