"""A comparison as the command prints it: question, answer, designs side by side, and how far they part."""

from collections.abc import Mapping
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns

Values = Mapping[str, Any]
_DAYS_PER_YEAR = 365.25
_HEADINGS = ("scenario", "design", "rejects", "patients", "years", "true (its error)", "bias", "per arm for power 0.8")


def summary(result: Values) -> str:
    """Return the text of a comparison."""
    rows = [_row(scenario, cell) for scenario in result["scenarios"] for cell in scenario["results"]]
    parting = [_difference(each) for each in result["differences"]]
    lines = (
        result["question"],
        "",
        result["answer"],
        "",
        *columns([_HEADINGS, *rows]),
        "",
        *columns([("scenario", "difference in the share that rejects", "value", "error"), *parting]),
        "",
        f"{result['replicates']} simulated trials of each design in each scenario, seed {result['seed']}.",
        *((result["numerics"]["words"],) if "numerics" in result else ()),
        CONTEXT_OF_USE,
    )
    return "\n".join(lines)


def _row(scenario: Values, cell: Values) -> tuple[str, ...]:
    if cell["is_missing"]:
        return (scenario["name"], cell["design"], "missing from this design", "", "", "", "", "")
    return (
        scenario["name"],
        cell["design"],
        f"{cell['reject_rate']:.3f} (MCSE {cell['mcse']:.3f})",
        f"{cell['expected_n']:.0f}",
        f"{cell['expected_duration_days'] / _DAYS_PER_YEAR:.1f}",
        " ".join(_truth(arm) for arm in cell["arms"]),
        " ".join(_signed(arm["bias"]) for arm in cell["arms"]),
        f"{cell['required']['relation']} {cell['required']['n_per_arm']}" if cell["required"] else "-",
    )


def _truth(arm: Values) -> str:
    error = arm["estimand_bank_error"]
    return _signed(arm["estimand_true"]) + (f" ({error:.3f})" if error is not None else "")


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _difference(row: Values) -> tuple[str, ...]:
    parting = f"{row['reject_rate']:+.3f} (MCSE {row['mcse']:.3f})"
    return (row["scenario"], f"{row['design']} minus {row['against']}", parting, row["error"])
