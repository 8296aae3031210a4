"""The worlds a patient may live in: without cells, with a regimen of cells, or with an effect that is assumed.

Each says what becomes of the tissue; who the patient is and how the examiners differ is the same in all of them.
"""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.atlas import TissueAtlas
from cordwise.cord.atlas_store import kept_atlas
from cordwise.cord.courses import TissueCourses
from cordwise.cord.product import Regimen
from cordwise.patient.examination import closed_form_courses
from cordwise.patient.parameters import AnyParameters
from cordwise.patient.patients import VirtualPatients

LAST_DAY = 1825.0
"""Last day after injury on which the tissue is solved (five years); later visits see it as it is then."""
HORIZONS = (400.0, 800.0, LAST_DAY)
"""Days up to which the tissue with cells is solved: the first that holds the last visit."""


@dataclass(frozen=True, slots=True)
class AssumedEffect:
    """An effect that is assumed, not derived from the tissue model: a shift of the log odds that fibres survive.

    Such a shift acts on strength, sensation and grade at once, so that the effects on them cohere.

    Attributes
    ----------
    log_odds
        The shift in the end.
    dose_day
        Day after injury from which it grows.
    onset_days
        Time constant of its exponential approach to the end.
    """

    log_odds: float
    dose_day: float
    onset_days: float

    def shift(self, days: Float[ndarray, "*batch"]) -> Float[ndarray, "*batch"]:
        """Return the shift of tract log odds on the given days after injury."""
        return self.log_odds * -np.expm1(-np.maximum(days - self.dose_day, 0.0) / self.onset_days)


@cache
def untreated_tissue() -> TissueAtlas:
    """Return the tissue without cells."""
    return kept_atlas(LAST_DAY)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One world a patient may live in; use `without_cells`, `with_cells` or `with_assumed_effect` to make one.

    Attributes
    ----------
    tissue
        Courses of the tissue model; None for tissue that stands from the start as it will after a year (closed form),
        which serves comparisons only.
    effect
        An assumed effect on top.
    dose_day
        Day after injury on which everybody gets the first dose; NaN where nobody gets one.
    """

    tissue: TissueAtlas | None = None
    effect: AssumedEffect | None = None
    dose_day: float = np.nan

    def dose_days(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the day on which each patient gets the first dose, NaN for those who get none."""
        return np.full(len(patients), self.dose_day)

    def severity(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the severity, 0 to 2, of each patient's impact in the tissue model."""
        return (self.tissue or untreated_tissue()).severity_for(
            patients.spared_share, patients.width_mm, patients.kinetics
        )

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: AnyParameters
    ) -> TissueCourses:
        """Return the patients' tissue on the days of their visits, under the population's window of plasticity."""
        window = parameters.plasticity_days
        if self.tissue is None:
            courses = closed_form_courses(days, window)
        else:
            asked = np.minimum(days, LAST_DAY)
            courses = self.tissue.courses(self.severity(patients), patients.width_mm, asked, window, patients.kinetics)
        if self.effect is None:
            return courses
        return replace(courses, axon_log_odds=courses.axon_log_odds + self.effect.shift(days))


def without_cells() -> Counterfactual:
    """Return the world without cells."""
    return Counterfactual(untreated_tissue())


def with_cells(regimen: Regimen, last_day: float = LAST_DAY) -> Counterfactual:
    """Return the world in which every patient gets the regimen, for visits up to `last_day`."""
    horizon = next(day for day in HORIZONS if min(last_day, LAST_DAY) <= day)
    return Counterfactual(treated_tissue(regimen, horizon), dose_day=min(regimen.days, default=np.nan))


@lru_cache(maxsize=8)
def treated_tissue(regimen: Regimen, horizon: float) -> TissueAtlas:
    """Return the tissue with cells up to one of `HORIZONS`."""
    return kept_atlas(horizon, regimen)


def with_assumed_effect(log_odds: float, *, dose_day: float, onset_days: float) -> Counterfactual:
    """Return the world without cells plus an effect that is assumed."""
    return Counterfactual(untreated_tissue(), AssumedEffect(log_odds, dose_day, onset_days), dose_day)
