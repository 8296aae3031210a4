"""The plan: a checked design as the engine takes it, in plain values with nothing left open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from cordwise.bank.bank import CONTROL
from cordwise.cord.product import AutologousRegimen, Dose, MarrowProcess, Regimen, Route
from cordwise.isncsci import AIS
from cordwise.patient.file_types import levels_of
from cordwise.stats.sequential import BoundarySpec, FutilityLimits
from cordwise.stats.sequential.safety import SafetyRule
from cordwise.trial.design.conduct import Accrual, IntercurrentEvent
from cordwise.trial.design.file import Design
from cordwise.trial.design.rules.arms import NULL_SCENARIO
from cordwise.trial.design.stopping import Adaptation, Looks, Safety
from cordwise.trial.design.treatment import Arm, Scenario
from cordwise.trial.plan.accrual import DAYS_PER_MONTH, Pace
from cordwise.trial.plan.endpoints import PlannedEndpoint, planned_endpoint
from cordwise.trial.plan.methods import planned_method
from cordwise.trial.plan.stated import stated

if TYPE_CHECKING:
    from cordwise.population.case_mix.weights import BaselineTable

_CURVE = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)  # sizes of the sample-size curve, as multiples of the design's
_ONE_LOOK = BoundarySpec("obrien_fleming")  # of a trial without interim looks; every family is the same at one look


@dataclass(frozen=True, slots=True)
class Treatment:
    """The cells of a treated arm: one dose on a day, or an autologous product, given when it is ready."""

    arm: str
    product: str
    route: str
    dose_cells: float
    day: float
    process: MarrowProcess | None = None

    def given(self, translation: float) -> Regimen | AutologousRegimen:
        """Return what the tissue model gives, at a share of the rodent effect."""
        if self.process is not None:
            return AutologousRegimen(self.process, Route(self.route), self.product, translation)
        return Regimen((Dose(self.day, self.dose_cells, Route(self.route)),), self.product, translation)


@dataclass(frozen=True, slots=True)
class PlannedScenario:
    """An assumed truth about the cells; the null scenario has no effect of either kind.

    `log_odds` holds the assumed shift of each treated arm.
    """

    name: str
    description: str
    translation: float
    log_odds: Mapping[str, float]
    onset_days: float

    @property
    def is_null(self) -> bool:
        """Return whether the treated patients do as they would have done without cells."""
        return not (self.translation or any(self.log_odds.values()))

    def counterfactual(self, arm: str) -> str:
        """Return under which name the bank holds the outcomes of patients who get what a treated arm gets."""
        return CONTROL if self.is_null else f"{self.name}: {arm}"


@dataclass(frozen=True, slots=True)
class SafetyWatch:
    """The monitoring board's rule, and the rate of its event that the simulation assumes of the treated."""

    rule: SafetyRule
    rate_treated: float


@dataclass(frozen=True, slots=True)
class Rating:
    """What assessors who know the arm do to treated patients: a share graded too high, points added to scores."""

    is_blinded: bool = True
    upgrade_rate: float = 0.0
    points: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """All a simulation needs to know of a trial; days count from the injury, the control arm comes first.

    Attributes
    ----------
    design
        The design as it is written, for what a report tells of it.
    grades, levels, age_years, baseline_day, case_mix
        Who may enter, and when their baseline examination is; grades and levels as numbers.
    is_graded_twice
        Whether everybody is examined twice on every day and enters only where both grades at baseline agree: any
        endpoint of the design asks for confirmed grades.
    visits, window_days
        Days of the examinations after baseline that an analysis sees, the last visit with them, and half the width of
        each one's window.
    control_name, treatments, is_single_arm
        The arms.
    total, ratio, method, block_size, factors, minimisation_probability
        How many are randomised and how; `ratio` has the control first.
    pace
        How patients come.
    endpoints, scenarios
        What is measured, and the truths assumed, of which the first is the null one.
    dropout_rate, dropout_slope, events
        Losses: the share withdrawn by the last visit, its log odds for each motor point at baseline; further events.
    rating
        What assessors who know the arm do.
    has_looks, looks, calendar_days
        Whether the trial may stop early; patients analysed at each look, the last being the whole trial; the days of
        looks by the calendar, empty where looks go by patients.
    boundary, futility, least_points
        The family of boundaries; the rule of futility where there is one on a scale of z; the limits of one in points.
    multiplicity
        How several treated arms share the level.
    safety, adaptation
        The rules of the board and of a change on the way; None where the trial has none.
    curve_totals
        Sizes of the sample-size curve, rising, in whole blocks.
    """

    design: Design
    grades: tuple[int, ...]
    levels: tuple[int, int]
    age_years: tuple[float, float]
    baseline_day: tuple[float, float]
    case_mix: "BaselineTable | None"
    is_graded_twice: bool
    visits: tuple[float, ...]
    window_days: float
    control_name: str
    treatments: tuple[Treatment, ...]
    is_single_arm: bool
    total: int
    ratio: tuple[int, ...]
    method: str
    block_size: int
    factors: tuple[str, ...]
    minimisation_probability: float
    pace: Pace
    endpoints: tuple[PlannedEndpoint, ...]
    scenarios: tuple[PlannedScenario, ...]
    dropout_rate: float
    dropout_slope: float
    events: tuple[IntercurrentEvent, ...]
    rating: Rating
    has_looks: bool
    looks: tuple[int, ...]
    calendar_days: tuple[float, ...]
    boundary: BoundarySpec
    futility: FutilityLimits | None
    least_points: tuple[float, ...]
    multiplicity: str
    safety: SafetyWatch | None
    adaptation: Adaptation | None
    curve_totals: tuple[int, ...]

    @property
    def primary(self) -> PlannedEndpoint:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.is_primary)

    @property
    def by_calendar(self) -> bool:
        """Return whether the looks follow the calendar."""
        return bool(self.calendar_days)


def plan_trial(design: Design) -> TrialPlan:
    """Return the plan of a design: days become visits, names become numbers, and the null scenario is added."""
    arms = sorted(zip(design.arms, design.randomisation.ratio, strict=True), key=lambda pair: pair[0].control is None)
    treated = tuple(arm for arm, _ in arms if arm.control is None)
    names = tuple(arm.name for arm in treated)
    visits = _simulated_visits(design)
    total, block_size, rating = design.size.total, design.randomisation.block_size, design.assessment
    return TrialPlan(
        design=design,
        grades=tuple(int(AIS[grade]) for grade in design.population.grades),
        levels=levels_of(design.population.levels),
        age_years=design.population.age_years,
        baseline_day=design.population.baseline_day,
        case_mix=design.case_mix,
        is_graded_twice=any(each.confirmed for each in design.endpoints),
        visits=visits,
        window_days=design.followup.window_days,
        control_name=next((arm.name for arm in design.arms if arm.control), "no control"),
        treatments=tuple(map(_treatment, treated)),
        is_single_arm=len(arms) == 1,
        total=total,
        ratio=tuple(part for _, part in arms),
        method=design.randomisation.method,
        block_size=block_size,
        factors=design.randomisation.stratify_by,
        minimisation_probability=design.randomisation.minimisation_probability,
        pace=_pace(design.accrual),
        endpoints=tuple(planned_endpoint(each, visits) for each in design.endpoints),
        scenarios=(_null_scenario(names), *(_scenario(each, names) for each in design.scenarios)),
        dropout_rate=design.dropout.rate,
        dropout_slope=design.dropout.log_odds_per_motor_point,
        events=design.intercurrent_events,
        rating=Rating() if rating.blinded else Rating(False, rating.upgrade_rate, rating.points),
        has_looks=design.looks is not None,
        looks=_look_sizes(design.looks, total),
        calendar_days=tuple(DAYS_PER_MONTH * each for each in design.looks.calendar_months) if design.looks else (),
        boundary=_boundary(design.looks),
        futility=_futility(design.looks),
        least_points=_least_points(design.looks),
        multiplicity=design.multiplicity,
        safety=_safety(design.safety),
        adaptation=design.adaptation,
        curve_totals=tuple(sorted({block_size * max(1, round(total * each / block_size)) for each in _CURVE})),
    )


def _simulated_visits(design: Design) -> tuple[float, ...]:
    """Return the days of the visits that an analysis sees, and of the last, which ends the follow-up."""
    days = design.followup.visits
    seen = {days[-1], *(each.day for each in design.endpoints)}
    for each in design.endpoints:
        if each.missing == "last_seen" or planned_method(each).sees_visits:
            seen.update(day for day in days if day <= each.day)
    return tuple(day for day in days if day in seen)


def safety_rule(given: Safety) -> SafetyRule:
    """Return the board's rule: a beta prior centred on what can be tolerated."""
    return SafetyRule(
        tolerable=given.tolerable_rate,
        cut=given.certainty,
        prior_events=given.tolerable_rate * given.prior_patients,
        prior_without=(1 - given.tolerable_rate) * given.prior_patients,
        first_look=given.after_patients,
    )


def _treatment(arm: Arm) -> Treatment:
    product, made = stated(arm.product, f"arm {arm.name}: product"), arm.manufacture
    if made is not None:
        return Treatment(arm.name, product, made.route, made.target_cells, made.aspirate_day, made.process())
    return Treatment(
        arm=arm.name,
        product=product,
        route=stated(arm.route, f"arm {arm.name}: route"),
        dose_cells=stated(arm.dose_cells, f"arm {arm.name}: dose_cells"),
        day=stated(arm.day, f"arm {arm.name}: day"),
    )


def _null_scenario(arms: tuple[str, ...]) -> PlannedScenario:
    none = MappingProxyType(dict.fromkeys(arms, 0.0))
    return PlannedScenario(NULL_SCENARIO, "the cells change nothing", 0.0, none, 0.0)


def _scenario(scenario: Scenario, arms: tuple[str, ...]) -> PlannedScenario:
    """Return a scenario with the effect of each arm; an effect of the other kind than the stated one is nothing."""
    given = scenario.assumed_log_odds
    if given is None:
        none = MappingProxyType(dict.fromkeys(arms, 0.0))
        share = stated(scenario.translation, f"scenario {scenario.name}: translation")
        return PlannedScenario(scenario.name, scenario.description, share, none, 0.0)
    shifts = {arm: given.get(arm, 0.0) if isinstance(given, Mapping) else given for arm in arms}
    onset = stated(scenario.onset_days, f"scenario {scenario.name}: onset_days")
    return PlannedScenario(scenario.name, scenario.description, 0.0, MappingProxyType(shifts), onset)


def _pace(accrual: Accrual) -> Pace:
    return Pace(
        sites=accrual.sites,
        per_site_month=accrual.patients_per_site_month,
        months_between_openings=accrual.months_between_openings,
        site_spread=accrual.site_spread,
        holds=accrual.holds,
    )


def _look_sizes(looks: Looks | None, total: int) -> tuple[int, ...]:
    """Return the patients at each look; calendar looks have only their last one fixed."""
    if looks is None:
        return (total,)
    if looks.information:
        return tuple(max(2, round(total * share)) for share in looks.information)
    return looks.patients or (total,) * len(looks.calendar_months)


def _boundary(looks: Looks | None) -> BoundarySpec:
    return BoundarySpec(looks.boundary, looks.parameter, looks.alpha_spent) if looks else _ONE_LOOK


def _futility(looks: Looks | None) -> FutilityLimits | None:
    rule = looks.futility if looks else None
    return None if rule is None or rule.scale == "points" else FutilityLimits(rule.scale, rule.values, rule.binding)


def _least_points(looks: Looks | None) -> tuple[float, ...]:
    rule = looks.futility if looks else None
    return rule.values if rule is not None and rule.scale == "points" else ()


def _safety(given: Safety | None) -> SafetyWatch | None:
    return None if given is None else SafetyWatch(safety_rule(given), given.rate_treated)
