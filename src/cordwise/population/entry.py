"""Who may enter: patients chosen by their simulated baseline examination."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from cordwise.isncsci import AIS
from cordwise.patient.outcomes import Outcomes
from cordwise.population.case_mix.weights import BaselineTable


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters, judged on the simulated baseline examination, and when that is; days count from the injury.

    Attributes
    ----------
    levels
        First and last neurological level, as numbers of `LEVELS`.
    grades
        Baseline grades.
    baseline_days
        First and last day of the baseline examination; each patient's day is even between them.
    case_mix
        Baseline table that those who enter are weighed to resemble, one parameter set at a time.
    confirmed
        Whether a second examination on the day of baseline must give the grade of the first.
    """

    levels: tuple[int, int]
    grades: tuple[AIS, ...]
    baseline_days: tuple[float, float]
    case_mix: BaselineTable | None = None
    confirmed: bool = False


def is_eligible(baseline: Outcomes, levels: tuple[int, int], grades: Sequence[int]) -> Bool[ndarray, " patient"]:
    """Say who has a grade and a neurological level inside the entry criteria at the first visit."""
    level = baseline.neurological_level[:, 0]
    return np.isin(baseline.ais[:, 0], grades) & (level >= levels[0]) & (level <= levels[1])
