"""A simulated dose-finding trial in words: the answer, and the text that the command prints."""

from collections.abc import Sequence

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.trial.escalation.characteristics import EscalationCharacteristics
from cordwise.trial.escalation.result import DoseDecisions, Escalation
from cordwise.trial.plan.accrual import DAYS_PER_MONTH

_HEADINGS = ("scenario", "design", "right", "selects none, dose 1, 2, … (%)", "patients", "toxic", "overdosed", "days")


def answer(result: Escalation) -> str:
    """Return one sentence for each scenario, which compares the designs, and one on how long they take."""
    scenarios = range(len(result.design.scenarios))
    return " ".join([*(_sentence(result, place) for place in scenarios), _durations(result)])


def _sentence(result: Escalation, place: int) -> str:
    found = {design.name: design.scenarios[place] for design in result.designs}
    scenario = result.designs[0].scenarios[place]
    right = scenario.right_dose
    aim = "no dose is right" if right is None else f"dose {right} is right"
    done = "stop without one" if right is None else "select it"
    shares = ", ".join(
        f"{name} in {_percent(each.correct_rate)} of trials (overdosing {_percent(each.overdosed_share)} of patients)"
        for name, each in found.items()
    )
    return f"If {scenario.description}, {aim}; the designs {done}: {shares}."


def _durations(result: Escalation) -> str:
    parts = []
    for design in result.designs:
        days = [each.expected_duration_days for each in design.scenarios]
        months = [day / DAYS_PER_MONTH for day in (min(days), max(days))]
        parts.append(f"{design.name} {months[0]:.0f} to {months[1]:.0f} months")
    return f"Mean duration over the scenarios: {', '.join(parts)}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def text(result: Escalation) -> str:
    """Return the text that the command prints."""
    rows = [
        _row(design.name, design.scenarios[place])
        for place in range(len(result.design.scenarios))
        for design in result.designs
    ]
    run = f"{result.replicates} simulated trials of each design in each scenario, seed {result.seed}."
    tables = [line for table in result.decision_tables for line in _decisions(table)]
    return "\n".join(
        (result.question, "", answer(result), "", *columns([_HEADINGS, *rows]), "", *tables, run, CONTEXT_OF_USE)
    )


def _row(design: str, found: EscalationCharacteristics) -> tuple[str, ...]:
    return (
        found.name,
        design,
        "none" if found.right_dose is None else str(found.right_dose),
        " ".join(f"{100 * share:.0f}" for share in found.selected),
        f"{found.expected_n:.1f}",
        f"{found.expected_toxicities:.1f}",
        f"{100 * found.overdosed_share:.0f} % (MCSE {100 * found.overdosed_share_mcse:.1f})",
        f"{found.expected_duration_days:.0f}",
    )


def _decisions(table: DoseDecisions) -> list[str]:
    """Return the lines of a decision table, patients treated at the dose across."""
    rows: dict[str, Sequence[int | None]] = {
        "patients at the dose": table.patients,
        "go up at most": table.escalate_at_most,
        "go down at least": table.deescalate_at_least,
        "close the dose at least": table.close_at_least,
    }
    lines = [(name, *("-" if value is None else str(value) for value in values)) for name, values in rows.items()]
    return [f"{table.design}: toxicities that decide", *columns(lines), ""]
