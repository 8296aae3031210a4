"""The answer of an escalation run in a paragraph of plain words."""

from collections.abc import Sequence

from cordwise.stats.dose_finding.dose_history import STOP
from cordwise.trial.escalation.file import EscalationFile
from cordwise.trial.escalation.finding import DesignFinding
from cordwise.trial.plan.accrual import DAYS_PER_MONTH


def answer(file: EscalationFile, findings: Sequence[DesignFinding]) -> str:
    """Return one sentence for each scenario, which compares the designs, and one on how long they take."""
    names = dict.fromkeys(each.truth.name for each in findings)
    sentences = [_sentence([each for each in findings if each.truth.name == name]) for name in names]
    return " ".join([*sentences, _durations(file, findings)])


def _sentence(findings: list[DesignFinding]) -> str:
    truth = findings[0].truth
    aim = "no dose is right" if truth.right_dose == STOP else f"dose {truth.right_dose + 1} is right"
    done = "stop without one" if truth.right_dose == STOP else "select it"
    shares = ", ".join(
        f"{each.design} in {_percent(each.characteristics.correct.value)} of trials "
        f"(overdosing {_percent(each.characteristics.overdosed.value)} of patients)"
        for each in findings
    )
    return f"If {truth.description}, {aim}; the designs {done}: {shares}."


def _durations(file: EscalationFile, findings: Sequence[DesignFinding]) -> str:
    parts = []
    for design in file.designs:
        days = [each.characteristics.duration_days.value for each in findings if each.design == design.name]
        months = [day / DAYS_PER_MONTH for day in (min(days), max(days))]
        parts.append(f"{design.name} {months[0]:.0f} to {months[1]:.0f} months")
    return f"Mean duration over the scenarios: {', '.join(parts)}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
