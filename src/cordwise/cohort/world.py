"""What is assumed about the tissue in one world: none, the tissue model with or without cells, or an assumed effect."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.courses import TissueCourses
from cordwise.cord.patients import VirtualPatients
from cordwise.cord.population_parameters import PopulationParameters
from cordwise.cord.readout import closed_form_courses


@dataclass(frozen=True, slots=True)
class AssumedEffect:
    """An effect that is assumed, not derived: tract log odds rise towards `log_odds` after a day.

    A shift of survival log odds acts on strength, sensation and grade at once, so that an assumed effect on the grade and
    one on the motor score cohere.
    """

    log_odds: float
    dose_day: float
    onset_days: float

    def shift(self, days: Float[ndarray, "*batch"]) -> Float[ndarray, "*batch"]:
        """Return the shift of tract log odds on the given days after injury."""
        return self.log_odds * -np.expm1(-np.maximum(days - self.dose_day, 0.0) / self.onset_days)


@dataclass(frozen=True, slots=True)
class World:
    """One world a patient may live in; without an effect it is the world without cells."""

    effect: AssumedEffect | None = None

    def courses(
        self, patients: VirtualPatients, days: Float[ndarray, "patient time"], parameters: PopulationParameters
    ) -> TissueCourses:
        """Return the patients' tissue at their visits."""
        courses = closed_form_courses(patients, days, parameters.plasticity_days)
        if self.effect is None:
            return courses
        return replace(courses, axon_log_odds=courses.axon_log_odds + self.effect.shift(days))
