"""An endpoint as the engine takes it, with its analysis."""

from collections.abc import Mapping
from dataclasses import dataclass

from cordwise.trial.design.endpoints import Endpoint
from cordwise.trial.design.measures import MEASURES, MeasureKind
from cordwise.trial.plan.methods import PlannedMethod, planned_method


@dataclass(frozen=True, slots=True)
class PlannedEndpoint:
    """An endpoint with all that reading and analysing it takes.

    Attributes
    ----------
    name, measure, kind
        What it is called, and what it measures.
    improved_grades, improved_levels
        From how many AIS grades or motor levels gained on a patient counts as improved.
    is_confirmed
        Whether AIS grades are the lower of two examinations on the same day.
    components
        The measures of a hierarchical composite, the most important first; empty for any other.
    day, visit
        When it is read; `visit` counts from 0, the first examination after baseline.
    is_primary, alpha
        Its role, and its two-sided level.
    method
        Its analysis.
    missing, strategy, event_strategies
        The rule for missing values, and how withdrawal and each further event are handled.
    """

    name: str
    measure: str
    kind: MeasureKind
    improved_grades: int
    improved_levels: int
    is_confirmed: bool
    components: tuple[str, ...]
    day: float
    visit: int
    is_primary: bool
    alpha: float
    method: PlannedMethod
    missing: str
    strategy: str
    event_strategies: Mapping[str, str]

    def strategy_for(self, event: str) -> str:
        """Return how an intercurrent event is handled; what the design does not name follows the treatment policy."""
        return self.event_strategies.get(event, "treatment_policy")


def planned_endpoint(endpoint: Endpoint, visits: tuple[float, ...]) -> PlannedEndpoint:
    """Return an endpoint with its analysis, read at one of the visits."""
    return PlannedEndpoint(
        name=endpoint.name,
        measure=endpoint.measure,
        kind=MEASURES[endpoint.measure],
        improved_grades=endpoint.improved_grades,
        improved_levels=endpoint.improved_levels,
        is_confirmed=endpoint.confirmed,
        components=endpoint.components,
        day=endpoint.day,
        visit=visits.index(endpoint.day),
        is_primary=endpoint.primary,
        alpha=endpoint.alpha,
        method=planned_method(endpoint),
        missing=endpoint.missing,
        strategy=endpoint.estimand.strategy,
        event_strategies=endpoint.estimand.events,
    )
