"""The comparator a single-arm study lacks: simulated patients of its grades, levels and days, without cells."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.appraisal.study import Study
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.file_types import Grade
from cordwise.population.natural_recovery import Effort, Entry, Improvement, improvement, retest_upgrades
from cordwise.population.posterior import Posterior

TIMELINE_VISITS = 7  # from the end of the baseline window to the study's own follow-up, evenly spread
BASELINE_GRID = (1.0, 7.0, 14.0, 30.0, 45.0, 60.0, 90.0)  # days after injury, to show what the day of baseline does


@dataclass(frozen=True, slots=True)
class Comparator:
    """Improvement without cells of a study's own kind of patient.

    Attributes
    ----------
    grades
        Baseline grades in the study.
    days
        Follow-up days; the study's own is the last.
    improvement
        Counts for each parameter set, grade and day.
    retest
        Who is graded higher when examined again on the day of baseline.
    unweighted
        Counts at the study's own follow-up before the patients are weighed to the study's case mix; `None` without one.
    """

    grades: tuple[Grade, ...]
    days: tuple[float, ...]
    improvement: Improvement
    retest: Improvement
    unweighted: Improvement | None

    @property
    def at_followup(self) -> Float[ndarray, "draw grade"]:
        """Return the chance to improve by the study's own follow-up."""
        return self.improvement.probability[:, :, -1]


def comparator(study: Study, posterior: Posterior, streams: Streams, *, effort: Effort) -> Comparator:
    """Simulate the study's patients without cells, from its baseline window to its follow-up.

    With a case mix the same patients are counted twice: weighed to it, and alike.
    """
    days = tuple(np.linspace(study.baseline_day[1], study.followup_day, TIMELINE_VISITS).round(1))
    grades = study.grades
    entry, least = entry_of(study), study.improved_grades
    found = improvement(posterior, streams, entry, days, effort=effort, min_grades=least)
    again = retest_upgrades(posterior, streams, entry, effort=effort.times(0.25, 0.5))
    alike = None
    if entry.case_mix:
        anybody, day = replace(entry, case_mix=None), [study.followup_day]
        alike = improvement(posterior, streams, anybody, day, effort=effort, min_grades=least)
    return Comparator(grades, days, found, again, alike)


def entry_of(study: Study, *, baseline_day: float | None = None) -> Entry:
    """Return who entered the study, or would have, had the baseline been on another day.

    The study's case mix describes its patients on its own day of baseline, and no other.
    """
    grades = tuple(AIS[grade] for grade in study.grades)
    if baseline_day is None:
        return Entry(study.level_range, grades, study.baseline_day, study.case_mix)
    return Entry(study.level_range, grades, (baseline_day, baseline_day))


def expected_by_baseline_day(
    study: Study, sizes: Float[ndarray, " grade"], posterior: Posterior, streams: Streams, *, effort: Effort
) -> Float[ndarray, "baseline draw"]:
    """Return the expected number improved had the baseline been on each day of the grid, the follow-up unchanged."""
    day, least = [study.followup_day], study.improved_grades
    entries = [entry_of(study, baseline_day=each) for each in BASELINE_GRID if each < study.followup_day]
    if not entries:  # a follow-up on the first day leaves no other day
        return np.empty((0, effort.draws))
    found = [improvement(posterior, streams, entry, day, effort=effort, min_grades=least) for entry in entries]
    return np.stack([each.probability[:, :, 0] @ sizes for each in found])
