"""The comparator a single-arm study lacks: simulated patients of its grades, levels and days, without cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.appraise.claim import GRADES, Study
from cordwise.cohort import Posterior, World
from cordwise.cohort.recovery import Improvement, improvement_by_world
from cordwise.cohort.world import natural_world
from cordwise.cord.file_types import Grade
from cordwise.isncsci import AIS
from cordwise.randomness import Streams

TIMELINE_VISITS = 7  # from the end of the baseline window to the study's own follow-up, evenly spread
BASELINE_GRID = (1.0, 7.0, 14.0, 30.0, 45.0, 60.0, 90.0)  # days after injury, to show what the day of baseline does


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: parameter sets, and simulated patients examined at baseline for each."""

    draws: int
    patients: int

    def times(self, draws: float, patients: float) -> "Effort":
        """Return less effort, for what needs less."""
        return Effort(max(2, round(self.draws * draws)), round(self.patients * patients))


FULL = Effort(draws=64, patients=8_000)


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
    """

    grades: tuple[Grade, ...]
    days: tuple[float, ...]
    improvement: Improvement

    @property
    def at_followup(self) -> Float[ndarray, "draw grade"]:
        """Return the chance to improve by the study's own follow-up."""
        return self.improvement.probability[:, :, -1]


def comparator(study: Study, posterior: Posterior, streams: Streams, *, effort: Effort) -> Comparator:
    """Simulate the study's patients without cells, from its baseline window to its follow-up."""
    days = tuple(np.linspace(study.baseline_day[1], study.followup_day, TIMELINE_VISITS).round(1))
    grades = grades_of(study)
    return Comparator(grades, days, simulate_study(study, posterior, streams, days, effort=effort))


def simulate_study(
    study: Study,
    posterior: Posterior,
    streams: Streams,
    days: Sequence[float],
    *,
    effort: Effort,
    baseline_day: float | None = None,
) -> Improvement:
    """Count who improves without cells among simulated patients selected as the study selected its own."""
    (found,) = simulate_worlds(
        study, posterior, streams, days, effort=effort, worlds=[natural_world()], baseline_day=baseline_day
    )
    return found


def simulate_worlds(
    study: Study,
    posterior: Posterior,
    streams: Streams,
    days: Sequence[float],
    *,
    effort: Effort,
    worlds: Sequence[World],
    baseline_day: float | None = None,
) -> list[Improvement]:
    """Count who improves in each world; the patients are the same in all."""
    return improvement_by_world(
        posterior,
        streams,
        levels=study.level_range,
        grades=[AIS[grade] for grade in grades_of(study)],
        baseline_days=study.baseline_day if baseline_day is None else (baseline_day, baseline_day),
        followup_days=tuple(days),
        draws=effort.draws,
        patients=effort.patients,
        worlds=worlds,
        min_grades=study.improved_grades,
    )


def grades_of(study: Study) -> tuple[Grade, ...]:
    """Return the baseline grades that occur in any arm, A first."""
    return tuple(grade for grade in GRADES if any(claim.baseline.get(grade) for claim in study.claims))


def expected_by_baseline_day(
    study: Study, sizes: Float[ndarray, " grade"], posterior: Posterior, streams: Streams, *, effort: Effort
) -> Float[ndarray, "baseline draw"]:
    """Return the expected number improved had the baseline been on each day of the grid, the follow-up unchanged."""
    grid = [day for day in BASELINE_GRID if day < study.followup_day]
    return np.stack(
        [
            simulate_study(study, posterior, streams, [study.followup_day], effort=effort, baseline_day=day)
            .probability[:, :, 0] @ sizes
            for day in grid
        ]
    )  # fmt: skip
