"""Dropping treated arms between two stages, and the closed test that stays valid whatever was dropped.

Source: Bretz et al. 2006, Biometrical Journal 48:623.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.adaptive.combination import inverse_normal, stage_z
from cordwise.stats.multiplicity.closed_testing import Intersection, closed_test, dunnett_intersection
from cordwise.stats.sequential.spec import Number


@dataclass(frozen=True, slots=True)
class DroppingRule:
    """Keep the arms with a first-stage z of at least `threshold`, and of these at most the `most` best."""

    threshold: float = -np.inf
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's patients alone: z of each treated arm against the control, and the sizes of control and arms."""

    z: Float[ndarray, "replicate arm"]
    sizes: tuple[Number, ...]


def keep_arms(z: Float[ndarray, "replicate arm"], rule: DroppingRule) -> Bool[ndarray, "replicate arm"]:
    """Return which treated arms go on to the second stage; of equal arms the earlier is kept.

    Parameters
    ----------
    z
        z of each treated arm against the control in the first stage; higher is better.
    rule
        Threshold and most arms to keep.

    Examples
    --------
    >>> keep_arms(np.array([[0.5, 2.0, 1.0]]), DroppingRule(threshold=0.8, most=1)).tolist()
    [[False, True, False]]
    """
    rank = np.argsort(np.argsort(-z, axis=1, kind="stable"), axis=1)
    return (z >= rule.threshold) & (rank < (z.shape[1] if rule.most is None else rule.most))


def dropped_arms_test(
    first: Stage, second: Stage, kept: Bool[ndarray, "replicate arm"], weights: Sequence[Number]
) -> Float[ndarray, "replicate arm"]:
    """Return one-sided adjusted p values of the treated arms after the second stage; 1 for arms that were dropped.

    Every intersection is tested by Dunnett's test in each stage, in the second from the arms that were kept, and the
    two p values are combined by the inverse normal with weights set in advance.

    Parameters
    ----------
    first, second
        The stages; z values of dropped arms in the second are finite or NaN, and not used.
    kept
        Which arms went on.
    weights
        Planned share of the information in each stage.
    """
    later = np.where(kept, second.z, 0.0)
    everyone = np.ones_like(kept)

    def combined(members: Intersection) -> Float[ndarray, " replicate"]:
        pair = (
            dunnett_intersection(first.z, first.sizes, members, everyone),
            dunnett_intersection(later, second.sizes, members, kept),
        )
        return ndtr(-inverse_normal(stage_z(np.stack(pair, axis=1)), weights)[:, -1])

    return np.where(kept, closed_test(combined, kept.shape[1]), 1.0)
