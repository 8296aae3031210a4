"""The result of a trial as a command prints it: question, answer and one line for each scenario and endpoint."""

from collections.abc import Mapping
from typing import Any

from cordwise.provenance import CONTEXT_OF_USE

_HEADINGS = ("scenario", "endpoint", "true", "rejects", "theory", "coverage")


def summary(result: Mapping[str, Any]) -> str:
    """Return the text of a trial result."""
    rows = [_row(scenario, endpoint) for scenario in result["scenarios"] for endpoint in scenario["endpoints"]]
    checked = (result["numerics"]["words"],) if "numerics" in result else ()
    run = f"{result['replicates']} simulated trials in each scenario, seed {result['seed']}."
    return "\n".join(
        (result["question"], "", result["answer"], "", *_table([_HEADINGS, *rows]), "", run, *checked, CONTEXT_OF_USE)
    )


def _row(scenario: Mapping[str, Any], endpoint: Mapping[str, Any]) -> tuple[str, ...]:
    theory = endpoint["theory_reject_rate"]
    return (
        scenario["name"],
        endpoint["name"],
        f"{endpoint['estimand_true']:+.3f}",
        f"{endpoint['reject_rate']:.3f} (MCSE {endpoint['mcse']:.3f})",
        "-" if theory is None else f"{theory:.3f}",
        f"{endpoint['coverage']:.3f} (MCSE {endpoint['coverage_mcse']:.3f})",
    )


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
