"""The plan: a checked design with everything decided and nothing optional left."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from cordwise.bank.bank import CONTROL
from cordwise.cord.product import AutologousRegimen, Dose, MarrowProcess, Regimen, Route
from cordwise.isncsci import AIS
from cordwise.patient.file_types import levels_of
from cordwise.trial.design.conduct import Accrual, FollowUp, IntercurrentEvent
from cordwise.trial.design.endpoints import Endpoint
from cordwise.trial.design.file import Design, resolved
from cordwise.trial.design.measures import MEASURES, MeasureKind
from cordwise.trial.design.rules.arms import NULL_SCENARIO
from cordwise.trial.design.treatment import Arm, Scenario
from cordwise.trial.plan.accrual import DAYS_PER_MONTH, Pace

_CURVE = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)  # sizes of the sample-size curve, as multiples of the design's


@dataclass(frozen=True, slots=True)
class Treatment:
    """The cells of a treated arm: one dose on a day, or a product grown to order, given when it is ready."""

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

    def world(self, arm: str) -> str:
        """Return the name of the bank's world in which the patients of a treated arm live."""
        return CONTROL if self.is_null else f"{self.name}: {arm}"


@dataclass(frozen=True, slots=True)
class PlannedEndpoint:
    """An endpoint with the visit it is read at; `visit` counts from 0, the first examination after baseline."""

    spec: Endpoint
    kind: MeasureKind
    visit: int

    @property
    def name(self) -> str:
        """Return the endpoint's name."""
        return self.spec.name

    @property
    def unit(self) -> str:
        """Return the unit of the measure."""
        return self.kind.unit

    @property
    def alpha(self) -> float:
        """Return the two-sided level."""
        return self.spec.alpha

    @property
    def is_primary(self) -> bool:
        """Return whether this is the primary endpoint."""
        return self.spec.primary

    @property
    def analysis(self) -> str:
        """Return the name of the analysis."""
        return str(self.spec.analysis)

    @property
    def strategy(self) -> str:
        """Return how withdrawal is handled."""
        return str(self.spec.estimand.strategy)


@dataclass(frozen=True)
class TrialPlan:
    """All a simulation needs to know of a trial; days count from the injury, the control arm comes first."""

    design: Design  # resolved: nothing left open
    treatments: tuple[Treatment, ...]
    endpoints: tuple[PlannedEndpoint, ...]
    scenarios: tuple[PlannedScenario, ...]
    looks: tuple[int, ...]  # patients analysed at each look; the last is the whole trial

    @cached_property
    def grades(self) -> tuple[int, ...]:
        """Return the baseline grades that may enter, as numbers of `AIS`."""
        return tuple(int(AIS[grade]) for grade in self.design.population.grades)

    @cached_property
    def levels(self) -> tuple[int, int]:
        """Return the first and last neurological level that may enter."""
        return levels_of(self.design.population.levels)

    @property
    def baseline_day(self) -> tuple[float, float]:
        """Return the window of the baseline examination."""
        return self.design.population.baseline_day

    @property
    def followup(self) -> FollowUp:
        """Return the visits after baseline."""
        assert self.design.followup is not None
        return self.design.followup

    @property
    def visits(self) -> tuple[float, ...]:
        """Return the days of the visits after baseline."""
        return self.followup.visits

    @property
    def is_single_arm(self) -> bool:
        """Return whether there is no control arm."""
        return len(self.design.arms) == 1

    @property
    def control_name(self) -> str:
        """Return the name of the control arm."""
        return next((arm.name for arm in self.design.arms if arm.control), "no control")

    @property
    def total(self) -> int:
        """Return the number of patients randomised."""
        return self.design.size.total

    @cached_property
    def ratio(self) -> tuple[int, ...]:
        """Return the patients for each arm, control first."""
        given = dict(zip((arm.name for arm in self.design.arms), self.design.randomisation.ratio or (), strict=True))
        return tuple(given[arm.name] for arm in _control_first(self.design.arms))

    @property
    def method(self) -> str:
        """Return the method of randomisation."""
        return self.design.randomisation.method

    @property
    def block_size(self) -> int:
        """Return the patients of a block."""
        return self.design.randomisation.block_size or sum(self.ratio)

    @property
    def factors(self) -> tuple[str, ...]:
        """Return what the randomisation is stratified by."""
        return self.design.randomisation.stratify_by

    @property
    def minimisation_probability(self) -> float:
        """Return the chance of the arm that balances best."""
        return self.design.randomisation.minimisation_probability

    @cached_property
    def pace(self) -> Pace:
        """Return how patients come."""
        return _pace(self.design.accrual)

    @property
    def events(self) -> tuple[IntercurrentEvent, ...]:
        """Return the intercurrent events beside withdrawal."""
        return self.design.intercurrent_events

    @property
    def upgrade_rate(self) -> float:
        """Return how often a treated patient is graded too high by assessors who know the arm."""
        return 0.0 if self.design.assessment.blinded else self.design.assessment.upgrade_rate

    @property
    def has_looks(self) -> bool:
        """Return whether the trial may stop before its end."""
        return self.design.looks is not None

    @property
    def calendar_days(self) -> tuple[float, ...]:
        """Return the days of looks by the calendar, after the trial opened."""
        months = self.design.looks.calendar_months if self.design.looks else ()
        return tuple(DAYS_PER_MONTH * month for month in months)

    @property
    def by_calendar(self) -> bool:
        """Return whether the looks follow the calendar."""
        return bool(self.calendar_days)

    @property
    def primary(self) -> PlannedEndpoint:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.is_primary)

    @cached_property
    def curve_totals(self) -> tuple[int, ...]:
        """Return the trial sizes of the sample-size curve, rising, in whole blocks."""
        block = self.block_size
        sizes = (block * max(1, round(self.total * factor / block)) for factor in _CURVE)
        return tuple(sorted(set(sizes)))


def plan_trial(design: Design) -> TrialPlan:
    """Return the plan of a design: defaults filled in, the null scenario added, days become visits."""
    whole = resolved(design)
    treated = tuple(arm for arm in whole.arms if arm.control is None)
    visits = whole.followup.visits if whole.followup else ()
    names = tuple(arm.name for arm in treated)
    null = PlannedScenario(
        NULL_SCENARIO, "the cells change nothing", 0.0, MappingProxyType(dict.fromkeys(names, 0.0)), 0.0
    )
    return TrialPlan(
        design=whole,
        treatments=tuple(map(_treatment, treated)),
        endpoints=tuple(
            PlannedEndpoint(each, MEASURES[each.measure], visits.index(each.day)) for each in whole.endpoints
        ),
        scenarios=(null, *(_scenario(each, names) for each in whole.scenarios)),
        looks=_looks(whole),
    )


def _control_first(arms: tuple[Arm, ...]) -> list[Arm]:
    return sorted(arms, key=lambda arm: arm.control is None)


def _treatment(arm: Arm) -> Treatment:
    if arm.manufacture is None:
        return Treatment(arm.name, str(arm.product), str(arm.route), arm.dose_cells or 0.0, arm.day or 0.0)
    made = arm.manufacture
    return Treatment(arm.name, str(arm.product), made.route, made.target_cells, made.aspirate_day, made.process())


def _scenario(scenario: Scenario, arms: tuple[str, ...]) -> PlannedScenario:
    given = scenario.assumed_log_odds
    log_odds = {arm: (given.get(arm, 0.0) if isinstance(given, dict) else given or 0.0) for arm in arms}
    effect = (scenario.translation or 0.0, MappingProxyType(log_odds), scenario.onset_days or 0.0)
    return PlannedScenario(scenario.name, scenario.description, *effect)


def _pace(accrual: Accrual) -> Pace:
    return Pace(
        sites=accrual.sites,
        per_site_month=accrual.patients_per_site_month,
        months_between_openings=accrual.months_between_openings,
        site_spread=accrual.site_spread,
        holds=accrual.holds,
    )


def _looks(design: Design) -> tuple[int, ...]:
    """Return the patients at each look; calendar looks have only their last one fixed."""
    total, looks = design.size.total, design.looks
    if looks is None:
        return (total,)
    if looks.information:
        return tuple(max(2, round(total * share)) for share in looks.information)
    return looks.patients or (total,) * len(looks.calendar_months)
