"""What a trial's numbers rest on, each with where it comes from."""

from typing import Any

from cordwise.trial.plan import PlannedScenario, TrialPlan

_DESIGN_FILE = "the design file"


def assumptions(plan: TrialPlan, *, bank_patients: int) -> list[dict[str, Any]]:
    """Return the assumptions as rows of what, value, source and status."""
    dropout, accrual = plan.design.dropout, plan.design.accrual
    return [
        *(_effect(scenario) for scenario in plan.scenarios if not scenario.is_null),
        _row("withdrawn by the last visit", plan.dropout_rate, dropout.source),
        _row("log odds of withdrawing per motor point at baseline", plan.dropout_slope, dropout.source),
        _row("patients enrolled per month", plan.patients_per_month, accrual.source),
        _row("withdrawal does not depend on the arm, given the motor score at baseline", "as stated", "simplification"),
        _row("assessors do not know the arm, and a control injection changes nothing", "as stated", "simplification"),
        _row("endpoints beside the primary are tested without adjustment for their number", "as stated", _DESIGN_FILE),
        _row(
            "natural recovery of the simulated patients",
            f"{bank_patients} patients, drawn again for every trial",
            "population fitted to registry targets (EMSCI)",
            status="fitted",
        ),
    ]


def _effect(scenario: PlannedScenario) -> dict[str, Any]:
    if scenario.translation:
        what = f'{scenario.name}: share of the rodent effect that carries over ("translation")'
        return _row(
            what, scenario.translation, "mechanistic cord model; the share itself is assumed by the design file"
        )
    what = (
        f"{scenario.name}: shift of tract log odds, full after some {scenario.onset_days:g} days; assumed, not derived"
    )
    return _row(what, scenario.assumed_log_odds, _DESIGN_FILE)


def _row(what: str, value: float | str, source: str, *, status: str = "judgement") -> dict[str, Any]:
    return {"what": what, "value": value, "source": source, "status": status}
