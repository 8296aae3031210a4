"""A rival forecast for a registry not yet seen: copy what EMSCI printed, as far off as copying was for the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logit

from cordwise.evidence import Target, packaged_targets
from cordwise.population.intervals import MAXIMUM
from cordwise.population.observation import is_home
from cordwise.population.prediction import PROPORTION
from cordwise.population.registry_forecast import copied_forecasts
from cordwise.population.sampling_error import number_behind
from cordwise.population.structure import direction_of
from cordwise.population.validation.printed_figures import (
    LEAST_VARIANCE,
    effect,
    effect_variance,
    is_share,
    measure_of,
    printed,
)
from cordwise.stats.meta_analysis import between_study_variance

_FEWEST = 3  # rows from which a measure's own spread is estimated


@dataclass(frozen=True, slots=True)
class RegistrySpread:
    """SD of registries about what EMSCI printed (log odds of shares, points of scores), and how many strata show it.

    A stratum is a source and baseline grade: its rows share patients.
    """

    sd: float
    strata: int


def copied_draws(
    targets: Sequence[Target],
    others: Sequence[Target],
    registry_of: Sequence[str],
    count: int,
    generator: np.random.Generator,
    *,
    is_spread_known: bool = True,
) -> Float[ndarray, "draw target"]:
    """Draw what a registry might print if it differs from EMSCI as much as the others do.

    What a registry and stratum (measure and baseline grade) has of its own is one normal number, which moves all their
    figures; a share of people who are no better off moves against the rest.

    Parameters
    ----------
    targets
        What is forecast.
    others
        Rows of other registries, without those forecast; rows of EMSCI among them tell nothing of the spread.
    registry_of
        Name of the registry of each target.
    count
        How many draws.
    generator
        Source of the draws.
    is_spread_known
        Take the SD between registries as known. Otherwise the normal number becomes one of t, with as many degrees of
        freedom as strata show the SD: wider where they are few.

    Returns
    -------
    ndarray
        Shares between 0 and 1, scores in points; NaN for EMSCI's own rows, where it printed nothing, and where no other
        registry shows how far off a copy is.
    """
    copied = _copied_effects(targets)
    spreads = {measure: registry_spread(measure, others) for measure in dict.fromkeys(map(measure_of, targets))}
    strata = [
        (registry, measure_of(target), target.baseline_grade_low, target.baseline_grade_high)
        for registry, target in zip(registry_of, targets, strict=True)
    ]
    own = {
        stratum: _shifts(spreads[stratum[1]], count, generator, is_spread_known=is_spread_known)
        for stratum in dict.fromkeys(strata)
    }
    shifts = [(direction_of(target) or 1.0) * own[stratum] for target, stratum in zip(targets, strata, strict=True)]
    return printed(copied + np.reshape(shifts, (len(targets), count)).T, targets, others, generator)


def registry_spread(measure: str, others: Sequence[Target]) -> RegistrySpread:
    """Return how far registries lie from what EMSCI printed, without their sampling error.

    The error of EMSCI's own figures stays in it, and that of a score printed without SD or n. A score that fewer than
    three rows show gets the SD of all scores, as a part of the largest value. The SD is NaN where no row shows any.

    Parameters
    ----------
    measure
        `ais` or a score; a change belongs to its score.
    others
        Rows of registries; those of EMSCI are left out.
    """
    copied, measures = _copied_effects(others), [measure_of(row) for row in others]
    is_known = np.isfinite(copied) & np.array(
        [(each == PROPORTION) == (measure == PROPORTION) for each in measures], bool
    )
    is_own = is_known & np.array([each == measure for each in measures], bool)
    used = np.flatnonzero(is_own if is_own.sum() >= _FEWEST else is_known)
    if not len(used):
        return RegistrySpread(np.nan, 0)
    largest = np.array([MAXIMUM[measures[place]] for place in used])
    off = np.array([effect(others[place]) - copied[place] for place in used])
    variance = np.array([_stated_variance(others[place]) for place in used])
    between = between_study_variance(off / largest, variance / largest**2, mean=0.0)
    strata = {(others[i].source, others[i].baseline_grade_low, others[i].baseline_grade_high) for i in used}
    return RegistrySpread(MAXIMUM[measure] * float(np.sqrt(between)), len(strata))


def _shifts(
    spread: RegistrySpread, count: int, generator: np.random.Generator, *, is_spread_known: bool
) -> Float[ndarray, " draw"]:
    if is_spread_known or not spread.strata:
        return spread.sd * generator.standard_normal(count)
    return spread.sd * generator.standard_t(spread.strata, count)


def _stated_variance(row: Target) -> float:
    """Return the sampling variance of a figure; of a score next to nothing unless it is printed."""
    is_stated = is_share(row) or (np.isfinite(row.sd) and np.isfinite(row.n))
    return effect_variance(row, ()) if is_stated else LEAST_VARIANCE


def _copied_effects(targets: Sequence[Target]) -> Float[ndarray, " target"]:
    copied, least = copied_forecasts(targets), _least_share()
    shares = np.array([is_share(target) for target in targets], bool)
    return np.where(shares, logit(np.clip(copied, least, 1 - least)), copied)


@cache
def _least_share() -> float:
    """Return what stands for nobody, whose log odds are not finite: half a person of EMSCI's middle table."""
    numbers = [number_behind(row) for row in packaged_targets() if is_share(row) and is_home(row)]
    return float(0.5 / (np.median(numbers) + 1))
