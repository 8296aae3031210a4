"""The distance between a parameter set and the registries, as residuals in units of what may be missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.evidence import Target, load_table
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.parameters import PopulationParameters
from cordwise.population.fit.time_course import FIRST_DAY, GAIN_DAYS, LAST_DAY, places_of_gain, shares_of_gain
from cordwise.population.observation import ExaminedPatients, Schedule, Viewing, plan_schedules, table, viewing_of
from cordwise.population.prediction import Prediction, SimulatedSubjects, draw_subjects, read_predictions, simulate
from cordwise.population.sampling_error import sampling_error

_GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)


@dataclass(frozen=True, slots=True)
class CaseMix:
    """Shares of baseline grades, of groups of levels, and of grades among tetraplegia."""

    grades: Float[ndarray, "4"]
    levels: Float[ndarray, "3"]
    tetraplegia: Float[ndarray, "4"]


@runtime_checkable  # so that the annotation can be checked at run time
class SmallStudy(Protocol):
    """A small study beside the registries that judges a parameter set."""

    def residuals(
        self, parameters: PopulationParameters, counterfactual: Counterfactual
    ) -> Float[ndarray, " residual"]:
        """Return what is missed, in units of what may be missed."""
        ...


@dataclass(frozen=True, slots=True)
class Misfit:
    """Targets, the simulated patients that answer them, and the residuals between the two."""

    targets: tuple[Target, ...]
    subjects: Mapping[Schedule, SimulatedSubjects]
    counterfactual: Counterfactual
    case_mix: CaseMix
    studies: tuple[SmallStudy, ...] = ()
    holds_time_course: bool = False

    def simulated(self, parameters: PopulationParameters) -> Mapping[Schedule, ExaminedPatients]:
        """Examine all patients under one parameter set."""
        return {
            schedule: simulate(subjects, parameters, self.counterfactual)
            for schedule, subjects in self.subjects.items()
        }

    def residuals(self, parameters: PopulationParameters) -> Float[ndarray, " residual"]:
        """Return what the parameter set misses: means, spreads, time course, case mix and studies, in tolerances."""
        simulated = self.simulated(parameters)
        found = read_predictions(self.targets, simulated)
        parts = [mean_residuals(self.targets, found), _spread_residuals(self.targets, found)]
        emsci = [population for schedule, population in simulated.items() if schedule.registry == "EMSCI"]
        parts += [_mix_residuals(simulated_case_mix(population), self.case_mix) for population in emsci]
        parts += [_time_course_residuals(self.targets, found)] if self.holds_time_course else []
        parts += [study.residuals(parameters, self.counterfactual) for study in self.studies]
        return np.concatenate(parts)


def build_misfit(
    targets: Sequence[Target],
    streams: Streams,
    *,
    count: int,
    counterfactual: Counterfactual,
    studies: tuple[SmallStudy, ...] = (),
    holds_time_course: bool = False,
) -> Misfit:
    """Draw the patients that answer the targets; the same seed gives the same patients."""
    subjects = {schedule: draw_subjects(schedule, streams, count=count) for schedule in plan_schedules(targets)}
    return Misfit(tuple(targets), subjects, counterfactual, registry_case_mix(targets), studies, holds_time_course)


def tolerance(measure: str, column: str = "tolerance") -> float:
    """Return the model error allowed in a measure."""
    return next(float(row[column] or "nan") for row in table("fit_tolerances") if row["measure"] == measure)


def mean_residuals(targets: Sequence[Target], found: Prediction) -> Float[ndarray, " target"]:
    """Return the misses of means and shares, each in units of tolerance and sampling error together.

    The visits of one stratum in another registry share an offset, because its patients differ: what they have in common
    counts little, how they change counts in full.
    """
    missed = np.nan_to_num(found.mean - np.array([target.value for target in targets]))
    scale = np.array([_scale(target, found, place) for place, target in enumerate(targets)])
    residuals = missed / scale
    for (measure, *_), places in _foreign_strata(targets).items():
        covariance = np.diag(scale[places] ** 2) + tolerance(measure, "registry_offset") ** 2
        residuals[places] = np.linalg.solve(np.linalg.cholesky(covariance), missed[places])
    return residuals


def _scale(target: Target, found: Prediction, place: int) -> float:
    allowed = tolerance(target.measure)
    if target.measure == "ais" and viewing_of(target) is Viewing.STATED:
        allowed = float(np.hypot(allowed, tolerance(target.measure, "registry_offset")))
    return float(np.hypot(allowed, sampling_error(target, found.sd[place], found.mean[place])))


def _foreign_strata(targets: Sequence[Target]) -> Mapping[tuple[str, ...], list[int]]:
    """Group the scores of registries other than EMSCI by measure, source, grade and levels."""
    strata: dict[tuple[str, ...], list[int]] = {}
    for place, target in enumerate(targets):
        if target.measure != "ais" and viewing_of(target) in (Viewing.SYGEN, Viewing.STATED):
            key = (target.measure, target.source, target.baseline_ais, target.levels)
            strata.setdefault(key, []).append(place)
    return strata


def residual_owners(targets: Sequence[Target], count: int) -> Int[ndarray, " residual"]:
    """Return which target each of `count` residuals belongs to; -1 for case mix and priors."""
    own = [*range(len(targets)), *(place for place, target in enumerate(targets) if _has_spread(target))]
    return np.array([*own, *([-1] * (count - len(own)))])


def _has_spread(target: Target) -> bool:
    return bool(np.isfinite(target.sd)) and target.measure != "ais"


def _spread_residuals(targets: Sequence[Target], found: Prediction) -> Float[ndarray, " spread"]:
    residuals = []
    for place, target in enumerate(targets):
        if _has_spread(target):
            allowed = tolerance(target.measure, "spread_ratio") * tolerance(target.measure)
            scale = np.hypot(allowed, target.sd / np.sqrt(2 * target.n))
            residuals.append((found.sd[place] - target.sd) / scale)
    return np.nan_to_num(np.array(residuals))


def _time_course_residuals(targets: Sequence[Target], found: Prediction) -> Float[ndarray, " share"]:
    """Return the misses of the shares of the year's gain in UEMS, which the means alone hold only loosely."""
    values = np.array([target.value for target in targets])
    wanted, predicted = shares_of_gain(targets, values), shares_of_gain(targets, found.mean)
    missed = [
        (predicted[grade] - wanted[grade]) / [_gain_share_scale(targets, places, day) for day in GAIN_DAYS]
        for grade, places in places_of_gain(targets).items()
    ]
    return np.nan_to_num(np.concatenate(missed)) if missed else np.zeros(0)


def _gain_share_scale(targets: Sequence[Target], places: Mapping[float, int], day: float) -> float:
    """Return what a share of the year's gain may miss: a mean moves less between visits than between registries."""
    target = targets[places[day]]
    pair = "first_visits_correlation" if day == GAIN_DAYS[0] else "visit_correlation"
    moves = np.sqrt(2 * (1 - tolerance(pair))) * sampling_error(target, np.nan, np.nan)
    gain = targets[places[LAST_DAY]].value - targets[places[FIRST_DAY]].value
    return float(np.hypot(tolerance("gain_share"), moves / gain))


def simulated_case_mix(population: ExaminedPatients) -> CaseMix:
    """Return the case mix at the examination that sets the baseline grade in EMSCI."""
    view = population.view(Viewing.EMSCI)
    rows = np.flatnonzero(view.has_baseline)
    grade = population.outcomes.ais[rows, view.baseline_visit[rows]]
    level = population.outcomes.neurological_level[rows, view.baseline_visit[rows]]
    shares = np.array([(grade == each).mean() for each in _GRADES])
    groups = np.searchsorted([level_index("T1"), level_index("L1")], level, side="right")
    in_neck = grade[level <= level_index("T1")]
    return CaseMix(
        shares,
        np.bincount(groups, minlength=3) / max(len(groups), 1),
        np.array([(in_neck == each).mean() if len(in_neck) else 0.0 for each in _GRADES]),
    )


def registry_case_mix(targets: Sequence[Target]) -> CaseMix:
    """Return EMSCI's case mix: table 2 of Bourguignon 2022, and the printed numbers of week 4 for tetraplegia."""
    rows = load_table("natural_history").filter(registry="EMSCI", source_short="Bourguignon2022")
    share = {
        row["measure"]: float(row["value"]) / 100
        for row in rows.iter_rows(named=True)
        if row["level_group"] == "all levels"
    }
    grades = np.array([share[f"baseline_AIS_{grade.name}"] for grade in _GRADES])
    levels = np.array([share[f"level_{group}"] for group in ("cervical", "thoracic", "lumbar")])
    numbers = np.array([_tetraplegic(targets, grade) for grade in _GRADES])
    return CaseMix(grades, levels, numbers / numbers.sum())


def _tetraplegic(targets: Sequence[Target], grade: AIS) -> float:
    """Return how many tetraplegic patients of a grade EMSCI's table of LEMS counts in week 4."""
    return next(
        (
            target.n
            for target in targets
            if viewing_of(target) is Viewing.EMSCI
            and (target.measure, target.followup_day, target.baseline_ais) == ("lems", 28, grade.name)
            and target.level_first == 0
        ),
        np.nan,
    )


def _mix_residuals(found: CaseMix, wanted: CaseMix) -> Float[ndarray, " share"]:
    parts = [
        (found.grades - wanted.grades) / tolerance("grade_mix"),
        (found.levels - wanted.levels) / tolerance("level_mix"),
        (found.tetraplegia - wanted.tetraplegia) / tolerance("tetraplegia_mix"),
    ]
    return np.nan_to_num(np.concatenate(parts))
