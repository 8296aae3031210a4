"""What is read off a simulation: characteristics, curves and required sizes of every endpoint in every scenario."""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from cordwise.bank.bank import PatientBank
from cordwise.stats.nested_means import NestedMean, nested_mean, nested_rate
from cordwise.trial.analyse.simulate import SimulatedEndpoint, SimulatedScenario, SimulatedTrials
from cordwise.trial.characteristics.after_stopping import AfterStopping, after_stopping
from cordwise.trial.characteristics.rates import Characteristics, characteristics
from cordwise.trial.characteristics.sample_size import POWER, CurvePoint, Curves, RequiredSize, required_size
from cordwise.trial.characteristics.theory import (
    TheoryComparison,
    allowance,
    must_agree,
    theory_n_per_arm,
    theory_reject_rate,
)
from cordwise.trial.decide.stopping import Stops, stops_of
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import PlannedScenario


@dataclass(frozen=True, slots=True)
class ArmFinding:
    """One endpoint for one treated arm, with what theory says of its reject rate."""

    characteristics: Characteristics
    theory: float | None
    theory_n_per_arm: float | None
    after_stopping: AfterStopping | None  # of the primary endpoint, where the trial may stop early


@dataclass(frozen=True, slots=True)
class EndpointFinding:
    """One endpoint in one scenario; `curve` is empty and `required` absent in the null scenario."""

    result: SimulatedEndpoint
    arms: tuple[ArmFinding, ...]
    curve: tuple[CurvePoint, ...]
    required: RequiredSize | None

    @property
    def endpoint(self) -> PlannedEndpoint:
        """Return what was planned."""
        return self.result.endpoint


@dataclass(frozen=True, slots=True)
class ScenarioFinding:
    """All endpoints in one scenario, in the plan's order, and how the trials end."""

    scenario: PlannedScenario
    endpoints: tuple[EndpointFinding, ...]
    stops: Stops
    reject: NestedMean  # any treated arm, on the primary endpoint
    enrolled: NestedMean
    analysed: NestedMean
    day: NestedMean

    @property
    def primary(self) -> EndpointFinding:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.endpoint.is_primary)


@dataclass(frozen=True, slots=True)
class TrialFindings:
    """A simulation and what it shows."""

    result: SimulatedTrials
    scenarios: tuple[ScenarioFinding, ...]
    bank: PatientBank


def find(result: SimulatedTrials, bank: PatientBank, curves: Curves) -> TrialFindings:
    """Return the operating characteristics of a simulation.

    Raises
    ------
    ModelError
        Simulation and theory part by more than chance and the approximations of theory allow.
    """
    scenarios = tuple(_scenario(result, each, curves) for each in result.scenarios)
    must_agree(chain.from_iterable(_comparisons(result, each) for each in scenarios))
    return TrialFindings(result, scenarios, bank)


def _scenario(result: SimulatedTrials, scenario: SimulatedScenario, curves: Curves) -> ScenarioFinding:
    stops = stops_of(result.plan, scenario, result.course)
    endpoints = []
    for each in scenario.endpoints:
        curve = curves.get((scenario.scenario.name, each.endpoint.name))
        arms = tuple(_arm(result, each, stops, arm) for arm in range(len(each.arms)))
        endpoints.append(
            EndpointFinding(each, arms, curve.points if curve else (), required_size(curve) if curve else None)
        )
    enrolled, analysed, day = (
        nested_mean(values.astype(np.float64), result.nesting) for values in (stops.enrolled, stops.analysed, stops.day)
    )
    reject = nested_rate(stops.any_success, result.nesting)
    return ScenarioFinding(scenario.scenario, tuple(endpoints), stops, reject, enrolled, analysed, day)


def _arm(trials: SimulatedTrials, endpoint: SimulatedEndpoint, stops: Stops, arm: int) -> ArmFinding:
    plan, result, adjusted = trials.plan, endpoint.arms[arm], None
    if endpoint.endpoint.is_primary:
        adjusted = after_stopping(plan, result.estimates, stops, result.truth, trials.nesting)
    return ArmFinding(
        characteristics(trials, endpoint, result, stops, arm),
        theory_reject_rate(plan, endpoint.potential_outcomes, arm + 1),
        theory_n_per_arm(plan, endpoint.potential_outcomes, power=POWER, arm=arm + 1),
        adjusted,
    )


def _comparisons(result: SimulatedTrials, finding: ScenarioFinding) -> list[TheoryComparison]:
    per_arm = result.plan.total * min(result.plan.ratio) / sum(result.plan.ratio)
    return [
        TheoryComparison(
            f"scenario {finding.scenario.name}, endpoint {each.endpoint.name}, arm {arm.characteristics.arm}: rejects",
            arm.characteristics.reject,
            arm.theory,
            per_arm,
            result.replicates,
            allowance(result.plan, each.endpoint),
        )
        for each in finding.endpoints
        for arm in each.arms
        if arm.theory is not None
    ]
