"""Efficacy limits at looks by the calendar, whose information differs between replicates."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.stats.sequential.efficacy import alpha_spent, limits_that_spend
from cordwise.stats.sequential.spec import SPENDING_FAMILIES, BoundarySpec

_STEP = 1e-3  # to which fractions of information are rounded, so that replicates share their limits
_TOGETHER = 1_000  # patterns integrated together when their looks are as far apart as they can be


def efficacy_limits_by_calendar(
    spec: BoundarySpec, information: Float[ndarray, "replicate look"], alpha: float
) -> Float[ndarray, "replicate look"]:
    """Return the efficacy limits of z when every replicate has its own information at each look.

    Each look spends what the spending function allows by its information, and the last all that is left.  A look that
    brings no information spends nothing: its limit is infinite.

    Parameters
    ----------
    spec
        With a spending function for its family; its futility rule is not looked at.
    information
        Fraction of the planned information, rising along a row; the last may differ from 1.  Rounded to thousandths, so
        that replicates share their limits, which are remembered once found.
    alpha
        One-sided type I error of the whole trial.

    Raises
    ------
    InputError
        The family is no spending function.

    Notes
    -----
    Source: Lan and DeMets 1983, Biometrika 70:659.

    Examples
    --------
    >>> information = np.array([[0.5, 1.0], [0.4, 1.1]])
    >>> spec = BoundarySpec("lan_demets_obrien_fleming")
    >>> efficacy_limits_by_calendar(spec, information, 0.025).round(3).tolist()
    [[2.963, 1.969], [3.357, 1.963]]
    """
    if spec.family not in SPENDING_FAMILIES:
        raise InputError([Fault("family", "a spending function, for looks by the calendar", spec.family)])
    steps = np.rint(np.maximum.accumulate(information, axis=1) / _STEP).astype(np.int64)
    patterns, which = np.unique(steps, axis=0, return_inverse=True)
    known = _known_limits(spec, float(alpha))
    unknown = np.array([pattern.tobytes() not in known for pattern in patterns])
    for some in _alike(patterns[unknown]):
        known.update(zip((pattern.tobytes() for pattern in some), _limits(spec, some * _STEP, alpha), strict=True))
    return np.stack([known[pattern.tobytes()] for pattern in patterns])[which.reshape(-1)]


@lru_cache(maxsize=64)
def _known_limits(spec: BoundarySpec, alpha: float) -> dict[bytes, ndarray]:
    return {}


def _limits(
    spec: BoundarySpec, information: Float[ndarray, "trial look"], alpha: float
) -> Float[ndarray, "trial look"]:
    cumulative = alpha_spent(spec, information, np.full(len(information), alpha))
    return limits_that_spend(information, cumulative, np.full(information.shape, -np.inf))


def _alike(patterns: Int[ndarray, "pattern look"]) -> Iterator[Int[ndarray, "some look"]]:
    """Yield the patterns in groups of like narrowest gap: the narrowest decides the number of nodes of its group."""
    gaps = np.diff(patterns, axis=1, prepend=0) / np.maximum(patterns, 1)
    narrowest = np.rint(np.log2(np.maximum(gaps.min(axis=1), _STEP)))
    for octave in np.unique(narrowest):
        group = patterns[narrowest == octave]
        size = max(1, int(_TOGETHER * 2.0**octave))
        for start in range(0, len(group), size):
            yield group[start : start + size]
