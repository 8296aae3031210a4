"""A rival forecast for a registry not yet seen: random-effects meta-analysis of like rows of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.evidence import Target
from cordwise.population.intervals import MAXIMUM
from cordwise.population.prediction import PROPORTION
from cordwise.population.sampling_error import number_behind
from cordwise.population.validation.printed_figures import (
    category_range,
    effect,
    effect_variance,
    is_share,
    measure_of,
    printed,
)
from cordwise.stats.meta_analysis import between_study_variance, combine_studies, new_study_truths

_EARLY, _SUBACUTE = 30.0, 120.0  # last days of the windows of a baseline examination; what is later is chronic
_NEAR = 0.5  # follow-ups differ by at most this part of the target's
_FEWEST = 3  # studies from which the variance of a cell is estimated


@dataclass(frozen=True, slots=True)
class PooledSpread:
    """Variance between studies, averaged over the cells that have enough of them, and its degrees of freedom."""

    variance: float
    freedom: float


def meta_analysed_draws(
    targets: Sequence[Target],
    others: Sequence[Target],
    registry_of_others: Sequence[str],
    count: int,
    generator: np.random.Generator,
) -> Float[ndarray, "draw target"]:
    """Draw what a registry might print by a meta-analysis of the rows that others print of the same cell.

    A cell holds rows of the same measure, grade and category, overlapping levels and like follow-up, shares also of a
    like window of baseline. A registry gives one row to a cell: its rows share patients.

    Parameters
    ----------
    targets
        What is forecast.
    others
        Rows of other registries, EMSCI among them, without those forecast.
    registry_of_others
        Name of the registry of each of the others.
    count
        How many draws.
    generator
        Source of the draws.

    Returns
    -------
    ndarray
        Shares between 0 and 1, scores in points; NaN where no other row is in the cell, and where too few are to show
        how registries differ.
    """
    pooled = {measure: pooled_spread(measure, others, registry_of_others) for measure in set(map(measure_of, targets))}
    truths = np.full((count, len(targets)), np.nan)
    for place, target in enumerate(targets):
        studies = studies_of(target, others, registry_of_others)
        if studies:
            figures = _figures(studies, others)
            truths[:, place] = _truths(*figures, pooled[measure_of(target)], count, generator)
    return printed(truths, targets, others, generator)


def studies_of(target: Target, others: Sequence[Target], registry_of_others: Sequence[str]) -> tuple[Target, ...]:
    """Return the rows of a target's cell, one a registry: the nearest follow-up, and of these the largest n."""
    best: dict[str, Target] = {}
    for registry, row in zip(registry_of_others, others, strict=True):
        if _is_like(target, row) and (registry not in best or _rank(target, row) < _rank(target, best[registry])):
            best[registry] = row
    return tuple(best.values())


def pooled_spread(measure: str, others: Sequence[Target], registry_of_others: Sequence[str]) -> PooledSpread | None:
    """Return the variance between studies of a measure, pooled over cells of three studies or more; None without any.

    Log odds squared for `ais`. Scores are pooled together, each as a part of its largest value, and given in points.
    """
    shares = measure == PROPORTION
    cells = {
        studies_of(row, others, registry_of_others): MAXIMUM[measure_of(row)]
        for row in others
        if is_share(row) == shares
    }
    enough = {cell: largest for cell, largest in cells.items() if len(cell) >= _FEWEST}
    if not enough:
        return None
    found = [between_study_variance(*_figures(cell, others)) / largest**2 for cell, largest in enough.items()]
    return PooledSpread(float(np.mean(found)) * MAXIMUM[measure] ** 2, float(sum(len(cell) - 2 for cell in enough)))


def _truths(
    effects: Float[ndarray, " study"],
    variances: Float[ndarray, " study"],
    pooled: PooledSpread | None,
    count: int,
    generator: np.random.Generator,
) -> Float[ndarray, " draw"]:
    """Draw a new registry's truth; a cell of few studies takes its variance between them from all cells, if any has."""
    if len(effects) < _FEWEST and pooled is not None:
        combined = combine_studies(effects, variances, between=pooled.variance)
        return new_study_truths(combined, count, generator, freedom=pooled.freedom)
    if len(effects) > 1:
        return new_study_truths(combine_studies(effects, variances), count, generator)
    return np.full(count, np.nan)


def _figures(
    studies: Sequence[Target], others: Sequence[Target]
) -> tuple[Float[ndarray, " study"], Float[ndarray, " study"]]:
    return np.array([effect(row) for row in studies]), np.array([effect_variance(row, others) for row in studies])


def _is_like(target: Target, row: Target) -> bool:
    of_grade = (row.baseline_grade_low, row.baseline_grade_high) == (
        target.baseline_grade_low,
        target.baseline_grade_high,
    )
    overlaps = row.level_first <= target.level_last and target.level_first <= row.level_last
    is_near = abs(row.followup_day - target.followup_day) <= _NEAR * target.followup_day
    if not (row.measure == target.measure and of_grade and overlaps and is_near):
        return False
    return not is_share(target) or (category_range(row) == category_range(target) and _window(row) == _window(target))


def _window(target: Target) -> str:
    middle = (target.baseline_day_min + target.baseline_day_max) / 2
    return "early" if middle <= _EARLY else "subacute" if middle <= _SUBACUTE else "chronic"


def _rank(target: Target, row: Target) -> tuple[float, float]:
    stated = number_behind(row) if np.isfinite(row.n) else 0.0
    return abs(row.followup_day - target.followup_day), -stated
