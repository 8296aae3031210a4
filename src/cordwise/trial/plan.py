"""The plan: a checked design with everything decided and nothing optional left."""

from dataclasses import dataclass

from cordwise.cohort.bank import CONTROL
from cordwise.cord.file_types import Grade, levels_of
from cordwise.trial.design import AnalysisName, Arm, Design, Endpoint, Measure, Scenario, Strategy
from cordwise.trial.design_rules import NULL_SCENARIO

_CURVE = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)  # sizes of the sample-size curve, as multiples of the design's
_UNITS: dict[Measure, str] = {"ais_improvement": "share of patients", "uems_change": "UEMS points"}


@dataclass(frozen=True, slots=True)
class Treatment:
    """The cells of the treated arm: product, route, dose and day after injury."""

    product: str
    route: str
    dose_cells: float
    day: float


@dataclass(frozen=True, slots=True)
class PlannedScenario:
    """An assumed truth about the cells; the null scenario has no effect of either kind."""

    name: str
    description: str
    translation: float
    assumed_log_odds: float
    onset_days: float

    @property
    def is_null(self) -> bool:
        """Return whether the treated patients do as they would have done without cells."""
        return not (self.translation or self.assumed_log_odds)

    @property
    def world(self) -> str:
        """Return the name of the bank's world in which the treated patients live."""
        return CONTROL if self.is_null else self.name


@dataclass(frozen=True, slots=True)
class PlannedEndpoint:
    """An endpoint with the visit it is read at; `visit` counts from 0, the first examination after baseline."""

    name: str
    measure: Measure
    unit: str
    improved_grades: int
    day: float
    visit: int
    is_primary: bool
    analysis: AnalysisName
    alpha: float
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """All a simulation needs to know of a trial; days count from the injury, `ratio` is control to treated."""

    design: Design
    grades: tuple[Grade, ...]
    levels: tuple[int, int]
    age_years: tuple[float, float]
    baseline_day: tuple[float, float]
    visits: tuple[float, ...]
    treatment: Treatment
    total: int
    ratio: tuple[int, int]
    block_size: int
    stratify_by_grade: bool
    patients_per_month: float
    dropout_rate: float
    dropout_slope: float
    endpoints: tuple[PlannedEndpoint, ...]
    scenarios: tuple[PlannedScenario, ...]

    @property
    def curve_totals(self) -> tuple[int, ...]:
        """Return the trial sizes of the sample-size curve, rising, in whole blocks."""
        sizes = (self.block_size * max(1, round(self.total * factor / self.block_size)) for factor in _CURVE)
        return tuple(sorted(set(sizes)))


def plan_trial(design: Design) -> TrialPlan:
    """Return the plan of a design: the null scenario is added, days become visits, names become worlds."""
    treated = next(arm for arm in design.arms if arm.control is None)
    null = PlannedScenario(
        NULL_SCENARIO, "the cells change nothing", translation=0.0, assumed_log_odds=0.0, onset_days=0.0
    )
    return TrialPlan(
        design=design,
        grades=design.population.grades,
        levels=levels_of(design.population.levels),
        age_years=design.population.age_years,
        baseline_day=design.population.baseline_day,
        visits=design.followup.visits,
        treatment=_treatment(treated),
        total=design.size.total,
        ratio=design.randomisation.ratio,
        block_size=design.randomisation.block_size,
        stratify_by_grade=design.randomisation.stratify_by_grade,
        patients_per_month=design.accrual.patients_per_month,
        dropout_rate=design.dropout.rate,
        dropout_slope=design.dropout.log_odds_per_motor_point,
        endpoints=tuple(_endpoint(endpoint, design.followup.visits) for endpoint in design.endpoints),
        scenarios=(null, *map(_scenario, design.scenarios)),
    )


def _treatment(arm: Arm) -> Treatment:
    given = arm.model_dump(include={"product", "route", "dose_cells", "day"})
    return Treatment(**given)


def _endpoint(endpoint: Endpoint, visits: tuple[float, ...]) -> PlannedEndpoint:
    return PlannedEndpoint(
        name=endpoint.name,
        measure=endpoint.measure,
        unit=_UNITS[endpoint.measure],
        improved_grades=endpoint.improved_grades,
        day=endpoint.day,
        visit=visits.index(endpoint.day),
        is_primary=endpoint.primary,
        analysis=endpoint.analysis,
        alpha=endpoint.alpha,
        strategy=endpoint.estimand.strategy,
    )


def _scenario(scenario: Scenario) -> PlannedScenario:
    effects = (scenario.translation or 0.0, scenario.assumed_log_odds or 0.0, scenario.onset_days or 0.0)
    return PlannedScenario(scenario.name, scenario.description, *effects)
