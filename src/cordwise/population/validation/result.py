"""The result of a cross-validation: errors of strata that the fit did not see, beside two other forecasts of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cordwise.base.provenance import Provenance
from cordwise.base.result import Result

ErrorByMeasure = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastErrors:
    """Root mean square errors by measure, in points.

    `predicted` are those of the model refitted without the stratum, `fitted` those of the fit to everything, and
    `copied` those of EMSCI's figures of the neighbouring grades.
    """

    predicted: ErrorByMeasure
    fitted: ErrorByMeasure
    copied: ErrorByMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumForecastErrors:
    """Root mean square errors of one stratum by measure: refitted without it, and copied from its neighbours."""

    predicted: ErrorByMeasure
    copied: ErrorByMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumErrors:
    """One stratum, such as `A C1-T1`, and how far off it was."""

    name: str
    rmse: StratumForecastErrors


@dataclass(frozen=True, kw_only=True, repr=False)
class CrossValidation(Result):
    """Each stratum of EMSCI left out in turn, and predicted by the model refitted without it."""

    kind: ClassVar[str] = "cross_validation"
    rmse: ForecastErrors
    strata: tuple[StratumErrors, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastQuality:
    """How a group of figures was forecast: percentage points for `ais`, points for scores.

    Attributes
    ----------
    measure
        `ais`, a score, or `scores`, all of them, and `all`, of which only coverage and histogram mean much.
    rows
        Figures that were forecast.
    coverage95
        Share inside their 95 % interval.
    interval_score
        Width of the intervals, and 40 times what lies outside (Gneiting and Raftery); lower is better.
    rmse
        RMS error of the means.
    pit_histogram
        Figures by tenths of their forecast distribution; even if it is calibrated.
    """

    measure: str
    rows: int
    coverage95: float | None
    interval_score: float | None
    rmse: float | None
    pit_histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastComparison:
    """Forecasts of registries that were left out.

    Attributes
    ----------
    forecast
        `model`, `copied` (EMSCI with an honest spread) or `meta_analysis` (random effects, by grade and window).
    figures
        Which figures: all of them, or those that a rival can forecast.
    spread_factor
        Multiplies the prior scales of the SDs between registries.
    quality
        By measure.
    """

    forecast: str
    figures: str
    spread_factor: float
    quality: tuple[ForecastQuality, ...]

    def of(self, measure: str) -> ForecastQuality | None:
        """Return the quality of a measure; None where it was not forecast."""
        return next((each for each in self.quality if each.measure == measure), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutFigure:
    """One figure of a registry that was left out, and its forecast as that of a registry not yet seen."""

    target_id: str
    registry: str
    measure: str
    category: str
    baseline_ais: str
    levels: str
    followup_day: float
    n: float | None
    observed: float
    predicted: float
    low95: float
    high95: float
    copied: float | None

    @property
    def is_missed(self) -> bool:
        """Return whether the figure lies outside its interval."""
        return not self.low95 <= self.observed <= self.high95


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What knowing some of a registry's own figures does to the forecast of its others.

    Attributes
    ----------
    registry, known
        Whose, and what is known.
    rows
        Figures that are forecast, the same before and after.
    width, width_known
        Mean width of their 95 % intervals, without and with what is known; each in its unit, shares as percentage
        points.
    interval_score, interval_score_known
        Their mean interval scores.
    coverage95_known
        Share inside with what is known.
    """

    registry: str
    known: str
    rows: int
    width: float
    width_known: float
    interval_score: float
    interval_score_known: float
    coverage95_known: float


@dataclass(frozen=True, kw_only=True, repr=False)
class RegistryCrossValidation(Result):
    """Each registry left out in turn, and predicted as one not yet seen by the model fitted without it."""

    kind: ClassVar[str] = "cross_validation_by_registry"
    forecasts: tuple[ForecastComparison, ...]
    figures: tuple[LeftOutFigure, ...]
    narrowing: tuple[Narrowing, ...]
    provenance: Provenance
