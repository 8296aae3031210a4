"""The result of an escalation run as a command prints it: question, answer, and a line for each design and truth."""

from collections.abc import Mapping, Sequence
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE

_HEADINGS = ("scenario", "design", "right", "selects none, dose 1, 2, … (%)", "patients", "toxic", "overdosed", "days")


def summary(result: Mapping[str, Any]) -> str:
    """Return the text of an escalation result."""
    names = [each["name"] for each in result["designs"][0]["scenarios"]]
    rows = [
        _row(design["name"], scenario)
        for name in names
        for design in result["designs"]
        for scenario in design["scenarios"]
        if scenario["name"] == name
    ]
    run = f"{result['replicates']} simulated trials of each design in each scenario, seed {result['seed']}."
    tables = [line for table in result["decision_tables"] for line in _decisions(table)]
    return "\n".join(
        (result["question"], "", result["answer"], "", *_table([_HEADINGS, *rows]), "", *tables, run, CONTEXT_OF_USE)
    )


def _row(design: str, scenario: Mapping[str, Any]) -> tuple[str, ...]:
    right = scenario["right_dose"]
    return (
        scenario["name"],
        design,
        "none" if right is None else str(right),
        " ".join(f"{100 * share:.0f}" for share in scenario["selected"]),
        f"{scenario['expected_n']:.1f}",
        f"{scenario['expected_toxicities']:.1f}",
        f"{100 * scenario['overdosed_share']:.0f} % (MCSE {100 * scenario['overdosed_share_mcse']:.1f})",
        f"{scenario['expected_duration_days']:.0f}",
    )


def _decisions(table: Mapping[str, Any]) -> list[str]:
    """Return the lines of a decision table, patients treated at the dose across."""
    rows = {
        "patients at the dose": table["patients"],
        "go up at most": table["escalate_at_most"],
        "go down at least": table["deescalate_at_least"],
        "close the dose at least": table["close_at_least"],
    }
    lines = [(name, *("-" if value is None else str(value) for value in values)) for name, values in rows.items()]
    return [f"{table['design']}: toxicities that decide", *_table(lines), ""]


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
