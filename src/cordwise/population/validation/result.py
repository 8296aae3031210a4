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
