"""What the numbers of an escalation run rest on, each with where it comes from."""

from typing import Any

from cordwise.trial.escalation.file import EscalationFile
from cordwise.trial.observe.adverse_events import AdverseEventRate, adverse_event_rates

_INTERVAL = 0.05  # outside the interval that is shown


def assumptions(file: EscalationFile) -> list[dict[str, Any]]:
    """Return the assumptions as rows of what, value, source and status."""
    toxicity, accrual = file.toxicity, file.accrual
    return [
        *(
            _row(f"toxicity of each dose if {each.description}", list(each.toxicity), each.source)
            for each in file.scenarios
        ),
        *(_row(f"dose {level}, cells", dose.cells, dose.source) for level, dose in enumerate(file.doses, start=1)),
        _row("toxicity rate aimed at", toxicity.target, toxicity.source),
        _row("days over which a patient is observed for toxicity", toxicity.window_days, toxicity.source),
        _row("patients enrolled per month", accrual.patients_per_month, accrual.source),
        *(_reported(rate) for rate in adverse_event_rates() if rate.route == file.product.route),
        _row("a toxicity falls on any day of the window with the same chance", "as stated", "simplification"),
        _row("patients who come while a design waits are not enrolled", "as stated", "simplification"),
        _row("toxicity depends on the dose alone, not on the patient's injury", "as stated", "simplification"),
    ]


def _reported(rate: AdverseEventRate) -> dict[str, Any]:
    """Return what was reported of an event by the file's route, for a reader to hold the assumed rates against."""
    low, high = rate.posterior.interval(_INTERVAL)
    value = f"{rate.events} of {rate.patients} (95 % interval {100 * low:.1f} to {100 * high:.1f} %)"
    return _row(f"{rate.event}, reported by the {rate.route} route", value, rate.sources, status=rate.status)


def _row(what: str, value: float | str | list[float], source: str, *, status: str = "judgement") -> dict[str, Any]:
    return {"what": what, "value": value, "source": source, "status": status}
