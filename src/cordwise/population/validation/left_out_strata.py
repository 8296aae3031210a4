"""Leave a stratum of EMSCI out, fit without it, and predict it, to see whether the structure carries over.

A stratum is a grade at baseline with its level group, all measures and visits together. Fits are those of the straight
model around the point of the fit to everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.evidence import Target
from cordwise.isncsci import AIS, level_index
from cordwise.population.fit.figures import COURSE, SCORE, SPREAD
from cordwise.population.fit.hierarchy import Hierarchy, Linearised
from cordwise.population.fit.scales import Mode
from cordwise.population.observation import is_home
from cordwise.population.prediction import CHANGE, PROPORTION
from cordwise.population.registry_forecast import Curve, emsci_curves

_GROUPS = (("C1-T1", "C1", "T1"), ("T2-S5", "T2", "S4_5"))


@dataclass(frozen=True, slots=True)
class Stratum:
    """A baseline grade and a group of levels."""

    grade: AIS
    levels: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """Return what a table calls it."""
        return f"{self.grade.name} {self.levels}"

    def holds(self, target: Target) -> bool:
        """Say whether a score of EMSCI belongs to the stratum."""
        of_grade = target.baseline_grade_low == target.baseline_grade_high == int(self.grade)
        in_levels = self.first <= target.level_first and target.level_last <= self.last
        return is_home(target) and target.measure != PROPORTION and of_grade and in_levels


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stratum that was left out: its targets, what the fit without it says, and what copying its neighbours says."""

    stratum: Stratum
    targets: tuple[Target, ...]
    predicted: Float[ndarray, " target"]
    fitted: Float[ndarray, " target"]
    copied: Float[ndarray, " target"]


def strata() -> tuple[Stratum, ...]:
    """Return the eight strata of EMSCI's tables."""
    return tuple(
        Stratum(grade, levels, level_index(first), level_index(last))
        for grade in (AIS.A, AIS.B, AIS.C, AIS.D)
        for levels, first, last in _GROUPS
    )


def leave_strata_out(near: Linearised, full: Mode) -> tuple[LeftOut, ...]:
    """Leave out each stratum in turn; the scales are those of the fit to everything."""
    whole = Hierarchy(near)
    fitted = whole.mean(full.scales, full.eta)
    found = []
    for stratum in strata():
        held = _figures_of(near, stratum)
        kept = Hierarchy(near.only(~held))
        place = kept.mean(full.scales, full.eta[~held])
        asked = held & (near.figures.kind == SCORE)
        out = tuple(near.figures.targets[number] for number in np.flatnonzero(asked))
        predicted = whole.figures_at(place.common, place.effects)
        copied = np.array([forecast_from_neighbours(target, stratum) for target in out])
        found.append(
            LeftOut(stratum, out, predicted[asked], whole.figures_at(fitted.common, fitted.effects)[asked], copied)
        )
    return tuple(found)


def forecast_from_neighbours(target: Target, stratum: Stratum) -> float:
    """Return EMSCI's figure of the nearest grades of the same levels, which is all one has without the stratum."""
    curves = {
        key[1]: curve
        for key, curve in emsci_curves().items()
        if key[0] == target.measure.removesuffix(CHANGE) and key[2:] == (target.level_first, target.level_last)
    }
    nearest = _neighbours(curves, int(stratum.grade))
    return float(np.mean([curve.at(target.followup_day) for curve in nearest])) if nearest else np.nan


def rmse_of(found: Sequence[LeftOut], which: str) -> dict[str, float]:
    """Return the RMS error by measure of `predicted`, `fitted` or `copied`, over all left-out targets."""
    errors: dict[str, list[float]] = {}
    for each in found:
        for target, value in zip(each.targets, getattr(each, which), strict=True):
            if np.isfinite(value):
                errors.setdefault(target.measure, []).append(value - target.value)
    return {measure: float(np.sqrt(np.mean(np.square(missed)))) for measure, missed in errors.items()}


def _figures_of(near: Linearised, stratum: Stratum) -> Bool[ndarray, " figure"]:
    """Return every figure that says something of a stratum: its means, their spreads, the course of its arms."""
    figures = near.figures
    targets, kind = figures.targets, figures.kind
    means = np.array([stratum.holds(target) for target in targets])
    held = np.zeros(len(figures), bool)
    held[: len(means)] = means
    held[np.flatnonzero(kind == SPREAD)] = means[figures.has_spread]
    if stratum.last <= level_index("T1"):
        grades = sorted({target.baseline_ais for target in targets if stratum.holds(target)})
        held |= (kind == COURSE) & np.isin(figures.grade_names, grades)
    return held


def _neighbours(curves: Mapping[int, Curve], grade: int) -> list[Curve]:
    return [curves[near] for near in (grade - 1, grade + 1) if near in curves]
