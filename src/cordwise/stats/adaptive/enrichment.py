"""Adaptive enrichment: at a look, go on with everyone, with a subgroup alone, or with both hypotheses.

Source: Brannath et al. 2009, Statistics in Medicine 28:1445.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.adaptive.combination import inverse_normal, stage_z
from cordwise.stats.multiplicity.adjusted_p import simes
from cordwise.stats.sequential.spec import Number
from cordwise.stats.sequential.stochastic_curtailment import conditional_power

FULL, SUBGROUP = 0, 1  # positions on the population axis
IntersectionTest = Literal["simes", "bonferroni"]


class Choice(IntEnum):
    """What the second stage studies: nothing, the full population, the subgroup alone, or both."""

    STOP = 0
    FULL = 1
    SUBGROUP = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class EnrichmentRule:
    """Go on with a population whose value is at least its threshold; with both when both are.

    Attributes
    ----------
    scale
        `z`, or `conditional_power` under the current trend.
    full, subgroup
        Thresholds of the two populations.
    """

    scale: Literal["z", "conditional_power"]
    full: float
    subgroup: float


def choose_population(
    z: Float[ndarray, "replicate population"],
    rule: EnrichmentRule,
    *,
    information: float,
    critical: float,
) -> Int[ndarray, " replicate"]:
    """Return each replicate's `Choice` from the z of everyone and of the subgroup in the first stage.

    Parameters
    ----------
    z
        Full population, then subgroup.
    rule
        The thresholds.
    information, critical
        Fraction of the final information at this look, and critical value of the final z: for conditional power.

    Examples
    --------
    >>> z = np.array([[1.5, 2.0], [0.2, 1.8]])
    >>> choose_population(z, EnrichmentRule("z", full=1.0, subgroup=1.0), information=0.5, critical=1.96).tolist()
    [3, 2]
    """
    value = z if rule.scale == "z" else conditional_power(z, information, critical)
    full, subgroup = value[:, FULL] >= rule.full, value[:, SUBGROUP] >= rule.subgroup
    return full * Choice.FULL + subgroup * Choice.SUBGROUP


def enrichment_test(
    first: Float[ndarray, "replicate population"],
    second: Float[ndarray, "replicate population"],
    choice: Int[ndarray, " replicate"],
    weights: Sequence[Number],
    *,
    intersection: IntersectionTest = "simes",
) -> Float[ndarray, "replicate population"]:
    """Return one-sided adjusted p values of the full population and the subgroup; 1 where not studied further.

    Closed test of the two hypotheses and their intersection, each combined over the stages by the inverse normal with
    weights set in advance. Where one population alone goes on, its second-stage p value is that of the intersection.
    For two hypotheses Hochberg's test is the closed test with Simes'.

    Parameters
    ----------
    first, second
        Stage-wise z, each from its stage's patients alone; values of a population not studied are not used.
    choice
        A `Choice` for each replicate.
    weights
        Planned share of the information in each stage.
    intersection
        Test of the intersection where both populations are studied.
    """
    studied = np.stack([choice & Choice.FULL, choice & Choice.SUBGROUP], axis=1) > 0
    early = ndtr(-first)
    late = np.where(studied, ndtr(-np.where(studied, second, 0.0)), 1.0)
    test = simes if intersection == "simes" else _bonferroni
    joint_late = np.where(studied.all(axis=1), test(late), late.min(axis=1))
    joint = _combined(test(early), joint_late, weights)
    single = np.stack([_combined(early[:, each], late[:, each], weights) for each in (FULL, SUBGROUP)], axis=1)
    return np.where(studied, np.maximum(single, joint[:, None]), 1.0)


def _combined(
    first: Float[ndarray, " replicate"], second: Float[ndarray, " replicate"], weights: Sequence[Number]
) -> Float[ndarray, " replicate"]:
    return ndtr(-inverse_normal(stage_z(np.stack([first, second], axis=1)), weights)[:, -1])


def _bonferroni(p: Float[ndarray, "replicate hypothesis"]) -> Float[ndarray, " replicate"]:
    return np.minimum(p.min(axis=1) * p.shape[1], 1.0)
