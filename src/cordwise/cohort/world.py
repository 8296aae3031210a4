"""What happens to the tissue in one world: the tissue model with or without cells, an assumed effect, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.atlas import TissueAtlas
from cordwise.cord.cells import Regimen
from cordwise.cord.courses import TissueCourses
from cordwise.cord.patients import VirtualPatients
from cordwise.cord.population_parameters import PopulationParameters
from cordwise.cord.readout import closed_form_courses

LAST_DAY = 1825.0  # five years; the tissue of the model no longer moves, and later visits see it as it is then
PLASTIC_DAYS_NODES = (40.0, 80.0, 140.0, 240.0, 420.0)  # time constants of plasticity for which the tissue is tabulated


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


@dataclass(frozen=True, slots=True)
class TissueTables:
    """The tissue of one regimen for several time constants of plasticity; between them, linear in their logarithm."""

    plastic_days: tuple[float, ...]
    atlases: tuple[TissueAtlas, ...]

    @classmethod
    def build(cls, regimen: Regimen | None, plastic_days: Sequence[float] = PLASTIC_DAYS_NODES) -> "TissueTables":
        """Simulate the tissue for each time constant."""
        atlases = (TissueAtlas.build(LAST_DAY, regimen, plastic_days=each) for each in plastic_days)
        return cls(tuple(plastic_days), tuple(atlases))

    def severity(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the severity of the impact that leaves each patient's tracts as spared as they are after a year."""
        return self.atlases[0].severity_for(patients.spared_share, patients.width_mm)

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], plastic_days: float
    ) -> TissueCourses:
        """Return the patients' courses at their visits; of the two tables in use only plastic growth differs."""
        nodes = np.log(self.plastic_days)
        place = float(np.interp(np.log(plastic_days), nodes, np.arange(len(nodes))))
        low = min(int(place), len(nodes) - 2)
        first, second = self.atlases[low], self.atlases[low + 1]
        severity = self.severity(patients)
        asked = np.minimum(days, LAST_DAY)
        here = first.courses(severity, patients.width_mm, asked)
        there = second.courses(severity, patients.width_mm, asked)
        return replace(here, growth=here.growth + (place - low) * (there.growth - here.growth))


@cache
def untreated_tissue() -> TissueTables:
    """Return the tissue without cells."""
    return TissueTables.build(None)


@dataclass(frozen=True, slots=True)
class World:
    """One world a patient may live in; as it stands, the world without cells.

    Without `tissue` the tissue is that of a year after injury from the start (closed form): for comparison only.
    """

    tissue: TissueTables | None = None
    effect: AssumedEffect | None = None

    def severity(self, patients: VirtualPatients) -> Float[ndarray, " patient"]:
        """Return the severity, 0 to 1, of each patient's impact in the tissue model."""
        return (self.tissue or untreated_tissue()).severity(patients)

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: PopulationParameters
    ) -> TissueCourses:
        """Return the patients' tissue at their visits."""
        if self.tissue is None:
            courses = closed_form_courses(days, parameters.plasticity_days)
        else:
            courses = self.tissue.courses(patients, days, parameters.plasticity_days)
        if self.effect is None:
            return courses
        return replace(courses, axon_log_odds=courses.axon_log_odds + self.effect.shift(days))


def natural_world() -> World:
    """Return the world without cells, with the tissue model's courses."""
    return World(untreated_tissue())


def treated_world(regimen: Regimen) -> World:
    """Return the world in which every patient gets the regimen."""
    return World(TissueTables.build(regimen))


def assumed_world(log_odds: float, *, dose_day: float, onset_days: float) -> World:
    """Return the world without cells plus an assumed effect."""
    return World(untreated_tissue(), AssumedEffect(log_odds, dose_day, onset_days))
