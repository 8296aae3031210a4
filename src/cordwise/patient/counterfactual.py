"""What happens to the tissue in one world: the tissue model with or without cells, an assumed effect, or neither."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.atlas import TissueAtlas
from cordwise.cord.courses import TissueCourses
from cordwise.cord.product import Regimen
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients
from cordwise.patient.readout import closed_form_courses

LAST_DAY = 1825.0  # five years; the tissue of the model no longer moves, and later visits see it as it is then


@dataclass(frozen=True, slots=True)
class AssumedEffect:
    """An effect that is assumed, not derived: tract log odds rise towards `log_odds` after a day.

    A shift of survival log odds acts on strength, sensation and grade at once, so that an assumed effect on the grade
    and one on the motor score cohere.
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
    return TissueAtlas.build(LAST_DAY)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One world a patient may live in; as it stands, the world without cells.

    Without `tissue` the tissue is that of a year after injury from the start (closed form): for comparison only.
    `dose_day` is the day on which everybody gets the first dose, NaN where nobody gets one.
    """

    tissue: TissueAtlas | None = None
    effect: AssumedEffect | None = None
    dose_day: float = np.nan

    def dose_days(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the day on which each patient gets the first dose, NaN for those who get none."""
        return np.full(len(patients), self.dose_day)

    def severity(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the severity, 0 to 2, of each patient's impact in the tissue model."""
        return (self.tissue or untreated_tissue()).severity_for(patients.spared_share, patients.width_mm)

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: PopulationParameters
    ) -> TissueCourses:
        """Return the patients' tissue at their visits."""
        if self.tissue is None:
            courses = closed_form_courses(days, parameters.plasticity_days)
        else:
            tissue = self.tissue.with_plastic_days(parameters.plasticity_days)
            courses = tissue.courses(self.severity(patients), patients.width_mm, np.minimum(days, LAST_DAY))
        if self.effect is None:
            return courses
        return replace(courses, axon_log_odds=courses.axon_log_odds + self.effect.shift(days))


def without_cells() -> Counterfactual:
    """Return the world without cells, with the tissue model's courses."""
    return Counterfactual(untreated_tissue())


@lru_cache(maxsize=8)
def with_cells(regimen: Regimen) -> Counterfactual:
    """Return the world in which every patient gets the regimen."""
    return Counterfactual(TissueAtlas.build(LAST_DAY, regimen), dose_day=min(regimen.days, default=np.nan))


def assumed_world(log_odds: float, *, dose_day: float, onset_days: float) -> Counterfactual:
    """Return the world without cells plus an assumed effect."""
    return Counterfactual(untreated_tissue(), AssumedEffect(log_odds, dose_day, onset_days), dose_day)
