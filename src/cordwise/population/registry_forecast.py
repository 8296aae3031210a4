"""The forecast to beat: copy what EMSCI printed for the same grade and level."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.evidence import Target, packaged_targets
from cordwise.population.observation import is_home
from cordwise.population.prediction import CHANGE, PROPORTION

Stratum = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """A printed mean over time, of one measure, grade and group of levels; `n` people, averaged over the visits."""

    days: Float[ndarray, " visit"]
    values: Float[ndarray, " visit"]
    n: float

    def at(self, day: float) -> float:
        """Return the mean on a day, straight between visits and level outside them."""
        return float(np.interp(day, self.days, self.values))


def copied_forecasts(targets: Sequence[Target]) -> Float[ndarray, " target"]:
    """Return what copying EMSCI gives for each target; NaN for EMSCI's own figures and where it printed nothing."""
    return np.array([np.nan if is_home(target) else registry_forecast_figure(target) for target in targets])


def registry_forecast_figure(target: Target) -> float:
    """Return what EMSCI printed for a target's grades and levels, or NaN.

    A score is averaged over the strata whose grade and levels overlap the target's, by their numbers of people; a share
    is copied from the conversion table of the same grade and category whose levels overlap most.
    """
    if target.measure == PROPORTION:
        return _forecast_share(target)
    measure, day = target.measure.removesuffix(CHANGE), target.followup_day
    curves = [curve for stratum, curve in emsci_curves().items() if _overlaps(target, measure, stratum)]
    if not curves:
        return np.nan
    start = (target.baseline_day_min + target.baseline_day_max) / 2
    values = [curve.at(day) - (curve.at(start) if target.measure.endswith(CHANGE) else 0.0) for curve in curves]
    return float(np.average(values, weights=[curve.n for curve in curves]))


@cache
def _printed() -> tuple[Target, ...]:
    return tuple(row for row in packaged_targets() if is_home(row))


@cache
def emsci_curves() -> Mapping[Stratum, Curve]:
    """Return EMSCI's printed means by measure, grade, first and last level."""
    rows: dict[Stratum, list[Target]] = {}
    for row in _printed():
        if row.measure != PROPORTION:
            stratum = (row.measure, row.baseline_grade_low, row.level_first, row.level_last)
            rows.setdefault(stratum, []).append(row)
    return {stratum: _curve(sorted(found, key=lambda row: row.followup_day)) for stratum, found in rows.items()}


def _curve(rows: Sequence[Target]) -> Curve:
    numbers = np.array([row.n for row in rows])
    n = float(np.nanmean(numbers)) if np.isfinite(numbers).any() else 1.0
    return Curve(np.array([row.followup_day for row in rows]), np.array([row.value for row in rows]), n)


def _overlaps(target: Target, measure: str, stratum: Stratum) -> bool:
    name, grade, first, last = stratum
    of_grade = target.baseline_grade_low <= grade <= target.baseline_grade_high
    return name == measure and of_grade and first <= target.level_last and target.level_first <= last


def _forecast_share(target: Target) -> float:
    tables = list(_tables_of(target))
    if not tables:
        return np.nan
    return max(tables, key=lambda row: _shared_levels(target, row)).value


def _tables_of(target: Target) -> Iterator[Target]:
    low = target.baseline_grade_high + 1 if target.is_improvement else target.category_low
    for row in _printed():
        same_grade = (row.baseline_grade_low, row.baseline_grade_high) == (
            target.baseline_grade_low,
            target.baseline_grade_high,
        )
        same_category = (row.category_low, row.category_high) == (low, target.category_high)
        if row.measure == PROPORTION and same_grade and same_category:
            yield row


def _shared_levels(target: Target, row: Target) -> float:
    """Return the levels that two ranges share, as a part of those that either holds."""
    shared = min(target.level_last, row.level_last) - max(target.level_first, row.level_first) + 1
    either = max(target.level_last, row.level_last) - min(target.level_first, row.level_first) + 1
    return shared / either
