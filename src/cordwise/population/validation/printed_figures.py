"""Printed figures as a forecast meets them: on the scale where registries scatter evenly, with their sampling error."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logit

from cordwise.evidence import Target
from cordwise.population.intervals import MAXIMUM
from cordwise.population.prediction import CHANGE, PROPORTION
from cordwise.population.sampling_error import number_behind

LEAST_VARIANCE = 1e-9
"""Sampling variance of a score whose error is unknown or nothing, so that its weight is finite."""
_CONTINUITY = 0.5  # people added to either side of a share, so that none and all have finite log odds


def measure_of(target: Target) -> str:
    """Return the measure of a row; a change belongs to the measure that changes."""
    return target.measure.removesuffix(CHANGE)


def is_share(target: Target) -> bool:
    """Say whether the figure is a share of people and not a mean score."""
    return target.measure == PROPORTION


def category_range(target: Target) -> tuple[int, int]:
    """Return the first and last grade of the category of a share; those who improved are in the grades above theirs."""
    low = target.baseline_grade_high + 1 if target.is_improvement else target.category_low
    return low, target.category_high


def observed_figures(targets: Sequence[Target]) -> Float[ndarray, " target"]:
    """Return the printed values, with shares as the nearest that a whole number of people gives.

    A share is printed rounded; only the unrounded one can equal a drawn one.
    """
    counted = [is_share(row) and np.isfinite(row.n) for row in targets]
    return np.array(
        [
            np.round(row.value * row.n) / row.n if is_counted else row.value
            for row, is_counted in zip(targets, counted, strict=True)
        ]
    )


def units(targets: Sequence[Target]) -> Float[ndarray, " target"]:
    """Return what a figure is multiplied with to be in points: 100 for shares (percentage points), 1 for scores."""
    return np.array([100.0 if is_share(row) else 1.0 for row in targets])


def effect(target: Target) -> float:
    """Return a figure on the scale where registries scatter evenly: log odds of a share, points of a score."""
    if not is_share(target):
        return target.value
    n = number_behind(target)
    return float(logit((target.value * n + _CONTINUITY) / (n + 2 * _CONTINUITY)))


def effect_variance(target: Target, rows: Sequence[Target]) -> float:
    """Return the sampling variance of `effect`, above 0; `rows` lend the SD of people where a score states none."""
    if not is_share(target):
        return max(score_error(target, rows) ** 2, LEAST_VARIANCE)
    n = number_behind(target)
    reached = target.value * n
    return 1 / (reached + _CONTINUITY) + 1 / (n - reached + _CONTINUITY)


def score_error(target: Target, rows: Sequence[Target]) -> float:
    """Return the standard error of a mean score, points; without an SD the middle one of `rows`."""
    sd = target.sd if np.isfinite(target.sd) else _middle_sd(target, rows)
    return float(sd / np.sqrt(number_behind(target)))


def _middle_sd(target: Target, rows: Sequence[Target]) -> float:
    """Return the median SD of people in a measure; without any, that of all scores as a part of the largest score."""
    relative = {True: [], False: []}
    for row in rows:
        if not is_share(row) and np.isfinite(row.sd):
            relative[measure_of(row) == measure_of(target)].append(row.sd / MAXIMUM[measure_of(row)])
    found = relative[True] or relative[False]
    return float(np.median(found)) * MAXIMUM[measure_of(target)] if found else 0.0


def within_scale(figures: Float[ndarray, "draw target"], targets: Sequence[Target]) -> Float[ndarray, "draw target"]:
    """Return figures no lower and no higher than the measure goes; a change goes as far down as up."""
    high = np.array([MAXIMUM[measure_of(row)] for row in targets])
    low = np.where([row.measure.endswith(CHANGE) for row in targets], -high, 0.0)
    return np.clip(figures, low, high)


def printed(
    truths: Float[ndarray, "draw target"],
    targets: Sequence[Target],
    rows: Sequence[Target],
    generator: np.random.Generator,
) -> Float[ndarray, "draw target"]:
    """Draw what a registry prints of its truths: shares of as many people as it has, means with their standard error.

    Parameters
    ----------
    truths
        Log odds for shares, points for scores; NaN stays NaN.
    targets
        What is printed; they lend their number of people and, if stated, their SD.
    rows
        Rows that lend the SD of people where a target states none.
    generator
        Source of the draws.
    """
    out = np.full(truths.shape, np.nan)
    for place, target in enumerate(targets):
        column = truths[:, place]
        if np.isnan(column).any():
            continue
        if is_share(target):
            n = int(number_behind(target))
            out[:, place] = generator.binomial(n, 1 / (1 + np.exp(-np.clip(column, -500, 500)))) / n
        else:
            out[:, place] = column + score_error(target, rows) * generator.standard_normal(len(column))
    return within_scale(out, targets)
