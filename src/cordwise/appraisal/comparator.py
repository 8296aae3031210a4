"""The comparator a single-arm study lacks: simulated patients of its grades, levels and days, without cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit, logit, ndtri

from cordwise.appraisal.natural_recovery import (
    CountedEntrants,
    Effort,
    Improvement,
    entrants,
    followed,
    improvement_by_baseline_day,
    retest_upgrades,
)
from cordwise.appraisal.study import Study
from cordwise.bank.spec import CONTROL
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.file_types import Grade
from cordwise.population.entry import Entry
from cordwise.population.intervals import Parts, pairs_covariance
from cordwise.population.posterior import Posterior

TIMELINE_VISITS = 7  # from the end of the baseline window to the study's own follow-up, evenly spread
_SHARE_OF_TIMELINE, _SHARE_OF_RETEST, _SHARE_OF_GRID = 0.3, 0.2, 0.15  # of the people, for what is drawn as a curve
_NEAR_NOBODY, _SHARE_LIMITS = 1e-9, (0.01, 0.99)  # keep log odds and their errors finite
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
    entrants
        The simulated people of the study's kind.
    improvement
        Counts for each parameter set and grade at the study's own follow-up.
    timeline
        The same on every day, of fewer people.
    retest
        Who is graded higher when examined again on the day of baseline.
    unweighted
        The counts at follow-up before the patients are weighed to the study's case mix; `None` without one.
    posterior
        The parameter sets, in the order of the counts.
    deviates
        What the structure misses in the conversion of each grade, one standard normal number for each set and grade.
    """

    grades: tuple[Grade, ...]
    days: tuple[float, ...]
    entrants: CountedEntrants
    improvement: Improvement
    timeline: Improvement
    retest: Improvement
    unweighted: Improvement | None
    posterior: Posterior
    deviates: Float[ndarray, "set grade"]

    @property
    def used(self) -> Posterior:
        """Return the parameter sets that count: all, but for those whose people cannot be weighed to the case mix."""
        match = self.improvement.match
        return self.posterior if match is None else self.posterior.only(np.flatnonzero(match.used))

    def with_structure(self, chances: Float[ndarray, "set grade"]) -> Float[ndarray, "set grade"]:
        """Return chances with what the structure misses: in the registry's grade, and between cohorts of one registry.

        Both act on the log odds, the same on every day and in every world.
        """
        match = self.improvement.match
        is_part = match is not None and len(chances) < len(self.deviates)
        chosen = np.flatnonzero(match.used) if match is not None and is_part else np.arange(len(self.deviates))
        structure, deviates = self.posterior.structure[chosen], self.deviates[chosen]
        middle = np.clip(chances.mean(axis=0), *_SHARE_LIMITS)
        cohort = structure.dispersion[:, None] / (middle * (1 - middle))
        spread = np.sqrt(structure.grade[:, None] ** 2 + cohort)
        known = np.stack([structure.shift(AIS[grade]) for grade in self.grades], axis=1)
        return expit(logit(np.clip(chances, _NEAR_NOBODY, 1 - _NEAR_NOBODY)) + known + spread * deviates)

    @property
    def correlation(self) -> Float[ndarray, "grade 1"]:
        """How far parameter sets differ at the study's own follow-up, where most people stand behind it."""
        return self.improvement.correlation[:, -1:]

    @property
    def at_followup(self) -> Float[ndarray, "draw grade"]:
        """Return the chance to improve by the study's own follow-up."""
        return self.with_structure(self.improvement.probability[:, :, -1])

    def parts_of(self, sizes: Sequence[int]) -> Parts:
        """Return what makes the number improved of so many people of each grade uncertain, as SDs in people."""
        people, bare = np.array(sizes, float), self.improvement.probability[:, :, -1]
        whole, moved = bare @ people, self.at_followup
        variance = float(whole.var(ddof=1)) if len(whole) > 1 else 0.0
        observed, counts = self.improvement.observed_chances[:, :, -1], self.improvement.effective
        least = np.where(people > 0, counts, np.inf).min(axis=1)
        shared = pairs_covariance(observed @ people, self.used.parent, least)
        common = variance if np.isnan(shared) else float(np.clip(shared, 0.0, variance))
        return Parts(
            chance=float(np.sqrt((moved * (1 - moved) @ people).mean())),
            parameters=float(np.sqrt(common)),
            registry=float(np.sqrt(variance - common)),
            structure=float(np.std((moved - bare) @ people)),
        )


def comparator(study: Study, posterior: Posterior, streams: Streams, *, effort: Effort) -> Comparator:
    """Simulate the study's patients without cells, from its baseline window to its follow-up.

    With a case mix the same patients are counted twice: weighed to it, and alike.
    """
    days = tuple(np.linspace(study.baseline_day[1], study.followup_day, TIMELINE_VISITS).round(1))
    entry, least, natural = entry_of(study), study.improved_grades, {CONTROL: without_cells()}
    who = entrants(posterior.draws, streams, entry, people_of_each=effort.patients)
    seen = followed(who, [study.followup_day], streams, natural, twice=study.confirmed)[CONTROL]
    fewer = who.first(_SHARE_OF_TIMELINE, effort)
    on_the_way = followed(fewer, days, streams, natural, twice=study.confirmed)[CONTROL]
    return Comparator(
        study.grades,
        days,
        who,
        who.improvement(seen, least),
        fewer.improvement(on_the_way, least),
        retest_upgrades(who.first(_SHARE_OF_RETEST, effort), streams, entry),
        who.alike().improvement(seen, least) if entry.case_mix else None,
        posterior,
        _deviates(len(posterior.draws), len(study.grades), streams),
    )


def _deviates(sets: int, grades: int, streams: Streams) -> Float[ndarray, "set grade"]:
    """Return standard normal numbers, of each grade as even as they can be, in random order."""
    order = np.argsort(streams("structure").uniforms(grades, np.arange(sets)), axis=0)
    return ndtri((np.argsort(order, axis=0) + 0.5) / sets)


def entry_of(study: Study, *, baseline_day: float | None = None) -> Entry:
    """Return who entered the study, or would have, had the baseline been on another day.

    The study's case mix describes its patients on its own day of baseline, and no other.
    """
    grades = tuple(AIS[grade] for grade in study.grades)
    if baseline_day is None:
        return Entry(study.level_range, grades, study.baseline_day, study.case_mix, study.confirmed)
    return Entry(study.level_range, grades, (baseline_day, baseline_day), confirmed=study.confirmed)


def expected_by_baseline_day(
    study: Study,
    sizes: Float[ndarray, " grade"],
    matched: Comparator,
    streams: Streams,
    *,
    effort: Effort,
) -> Float[ndarray, "baseline draw"]:
    """Return the expected number improved had the baseline been on each day of the grid, the follow-up unchanged.

    Parameter sets are taken to differ as on the study's own day.
    """
    sets = matched.posterior.draws
    entries = [entry_of(study, baseline_day=each) for each in BASELINE_GRID if each < study.followup_day]
    if not entries:  # a follow-up on the first day leaves no other day
        return np.empty((0, len(sets)))
    fewer = max(1, round(_SHARE_OF_GRID * effort.patients))
    least = study.improved_grades
    found = improvement_by_baseline_day(
        sets, streams, entries, study.followup_day, people_of_each=fewer, min_grades=least
    )
    return np.stack([matched.with_structure(each.chances(matched.correlation)[:, :, 0]) @ sizes for each in found])
