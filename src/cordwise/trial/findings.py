"""What is read off a simulation: characteristics, curves and required sizes of every endpoint in every scenario."""

from dataclasses import dataclass

from cordwise.trial.characteristics import Characteristics, characteristics
from cordwise.trial.plan import PlannedScenario
from cordwise.trial.sample_size import CurvePoint, RequiredSize, required_size, sample_size_curve
from cordwise.trial.simulate import EndpointResult, TrialResult


@dataclass(frozen=True, slots=True)
class EndpointFinding:
    """One endpoint in one scenario."""

    result: EndpointResult
    characteristics: Characteristics
    curve: tuple[CurvePoint, ...]
    required: RequiredSize


@dataclass(frozen=True, slots=True)
class ScenarioFinding:
    """All endpoints in one scenario, in the plan's order."""

    scenario: PlannedScenario
    endpoints: tuple[EndpointFinding, ...]

    @property
    def primary(self) -> EndpointFinding:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.result.endpoint.is_primary)


@dataclass(frozen=True, slots=True)
class TrialFindings:
    """A simulation and what it shows."""

    result: TrialResult
    scenarios: tuple[ScenarioFinding, ...]


def find(result: TrialResult) -> TrialFindings:
    """Return the operating characteristics of a simulation."""
    scenarios = (
        ScenarioFinding(each.scenario, tuple(_endpoint(result, endpoint) for endpoint in each.endpoints))
        for each in result.scenarios
    )
    return TrialFindings(result, tuple(scenarios))


def _endpoint(result: TrialResult, endpoint: EndpointResult) -> EndpointFinding:
    curve = sample_size_curve(result.plan, endpoint)
    return EndpointFinding(endpoint, characteristics(result.plan, endpoint), curve, required_size(curve))
