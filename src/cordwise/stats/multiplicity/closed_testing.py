"""The closed test: a hypothesis is rejected when every intersection that holds it is (Marcus, Peritz, Gabriel 1976)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.multiplicity.many_to_one import largest_z_p, shared_weight
from cordwise.stats.sequential.spec import Number

Intersection = tuple[int, ...]


def intersections(hypotheses: int) -> Iterator[Intersection]:
    """Yield every non-empty set of hypotheses, the smallest first."""
    for size in range(1, hypotheses + 1):
        yield from combinations(range(hypotheses), size)


def closed_test(
    p_of: Callable[[Intersection], Float[ndarray, " replicate"]], hypotheses: int
) -> Float[ndarray, "replicate hypothesis"]:
    """Return p values adjusted by closure: the largest over the intersections that hold each hypothesis.

    Parameters
    ----------
    p_of
        The p values, one for each replicate, of the intersection of some hypotheses, counted from 0.
    hypotheses
        How many there are; 2 to the power of them, less one, intersections are tested.

    Notes
    -----
    Source: Marcus, Peritz and Gabriel 1976, Biometrika 63:655.

    Examples
    --------
    >>> from cordwise.stats.multiplicity import simes
    >>> p = np.array([[0.01, 0.04]])
    >>> closed_test(lambda members: simes(p[:, list(members)]), 2).tolist()
    [[0.02, 0.04]]
    """
    adjusted: list[ndarray | None] = [None] * hypotheses
    for members in intersections(hypotheses):
        p = p_of(members)
        for each in members:
            known = adjusted[each]
            adjusted[each] = p if known is None else np.maximum(known, p)
    return np.stack([each for each in adjusted if each is not None], axis=1)


def closed_dunnett(z: Float[ndarray, "replicate arm"], sizes: Sequence[Number]) -> Float[ndarray, "replicate arm"]:
    """Return one-sided p values of each treated arm against the control, adjusted by closed Dunnett tests.

    Never above those of the single-step `dunnett`.

    Parameters
    ----------
    z
        z of each treated arm against the control; higher is better.
    sizes
        Patients (or information) of the control, then of each treated arm; only their ratios count.
    """
    included = np.ones(z.shape, dtype=bool)
    return closed_test(lambda members: dunnett_intersection(z, sizes, members, included), z.shape[1])


def dunnett_intersection(
    z: Float[ndarray, "replicate arm"],
    sizes: Sequence[Number],
    members: Intersection,
    included: Bool[ndarray, "replicate arm"],
) -> Float[ndarray, " replicate"]:
    """Return Dunnett's p value of an intersection from those of its arms that are included; 1 where none is."""
    some = list(members)
    here = included[:, some]
    largest = np.max(np.where(here, z[:, some], -np.inf), axis=1)
    if len(some) == 1:
        return ndtr(-largest)
    return largest_z_p(np.where(here.any(axis=1), largest, 0.0), shared_weight(sizes)[some], here)
