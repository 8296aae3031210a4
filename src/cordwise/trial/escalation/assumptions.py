"""What the numbers of a simulated dose-finding trial rest on, each with where it comes from."""

from cordwise.base.assumptions import Assumption
from cordwise.trial.escalation.spec import EscalationSpec
from cordwise.trial.observe.adverse_events import AdverseEventRate, adverse_event_rates

_INTERVAL = 0.05  # outside the interval that is shown


def assumptions(spec: EscalationSpec) -> tuple[Assumption, ...]:
    """Return the assumptions: toxicity rates, doses, pace, published event rates, simplifications."""
    toxicity, accrual = spec.toxicity, spec.accrual
    return (
        *(
            Assumption(what=f"toxicity of each dose if {each.description}", value=each.toxicity, source=each.source)
            for each in spec.scenarios
        ),
        *(
            Assumption(what=f"dose {level}, cells", value=dose.cells, source=dose.source)
            for level, dose in enumerate(spec.doses, start=1)
        ),
        Assumption(what="toxicity rate aimed at", value=toxicity.target, source=toxicity.source),
        Assumption(
            what="days over which a patient is observed for toxicity",
            value=toxicity.window_days,
            source=toxicity.source,
        ),
        Assumption(what="patients enrolled per month", value=accrual.patients_per_month, source=accrual.source),
        *(_reported(rate) for rate in adverse_event_rates() if rate.route == spec.product.route),
        _simplification("a toxicity falls on any day of the window with the same chance"),
        _simplification("patients who come while a design waits are not enrolled"),
        _simplification("toxicity depends on the dose alone, not on the patient's injury"),
    )


def _reported(rate: AdverseEventRate) -> Assumption:
    """Return what was reported of an event by the trial's route, for a reader to hold the assumed rates against."""
    low, high = rate.posterior.interval(_INTERVAL)
    value = f"{rate.events} of {rate.patients} (95 % interval {100 * low:.1f} to {100 * high:.1f} %)"
    what = f"{rate.event}, reported by the {rate.route} route"
    return Assumption(what=what, value=value, source=rate.sources, status=rate.status)


def _simplification(what: str) -> Assumption:
    return Assumption(what=what, value="as stated", source="simplification")
