"""The result of a trial as a command prints it: question, answer and one line for each scenario and endpoint."""

from collections.abc import Mapping
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE

_HEADINGS = ("scenario", "endpoint", "true", "rejects", "theory", "coverage")


def summary(result: Mapping[str, Any]) -> str:
    """Return the text of a trial result."""
    rows = [_row(scenario, endpoint) for scenario in result["scenarios"] for endpoint in scenario["endpoints"]]
    checked = (result["numerics"]["words"],) if "numerics" in result else ()
    run = f"{result['replicates']} simulated trials in each scenario, seed {result['seed']}."
    body = (*_examples(result), *_table([_HEADINGS, *rows]), *_looks(result), *_days(result), "", run, *checked)
    return "\n".join((result["question"], "", result["answer"], "", *body, CONTEXT_OF_USE))


def _examples(result: Mapping[str, Any]) -> list[str]:
    """Return three single trials of each scenario, to be seen before any average."""
    rows = [
        (
            row["scenario"],
            _signed(row["estimate"]),
            "-" if row["low"] is None else f"{row['low']:+.3f} to {row['high']:+.3f}",
            f"{row['p']:.3f}",
            str(row["patients"]),
            row["ends"],
        )
        for row in result.get("example_trials", ())
    ]
    headings = ("single trials", "estimate", "interval", "p", "patients", "how it ends")
    return [*_table([headings, *rows]), ""] if rows else []


def _looks(result: Mapping[str, Any]) -> list[str]:
    """Return the table of looks, empty where a trial has none."""
    rows = [
        (
            scenario["name"],
            str(look["look"]),
            f"{look['patients_analysed']:.0f}",
            f"{look['efficacy_z']:.3f}",
            f"{look['stopped_for_efficacy']:.3f}",
            f"{look['stopped_for_futility']:.3f}",
        )
        for scenario in result["scenarios"]
        for look in scenario.get("looks", ())
    ]
    headings = ("scenario", "look", "patients", "z limit", "stops for efficacy", "for futility")
    return ["", *_table([headings, *rows])] if rows else []


def _days(result: Mapping[str, Any]) -> list[str]:
    """Return how the patients needed fall with the day of enrolment."""
    found = result.get("enrolment_days", ())
    days = sorted({row["day"] for row in found})
    endpoints = list(dict.fromkeys(row["endpoint"] for row in found))
    needed = {(row["day"], row["endpoint"]): f"{row['n_per_arm']:.0f}" for row in found}
    rows = [(f"{day:g}", *(needed[day, endpoint] for endpoint in endpoints)) for day in days]
    return ["", *_table([("patients per arm, enrolled on day", *endpoints), *rows])] if rows else []


def _row(scenario: Mapping[str, Any], endpoint: Mapping[str, Any]) -> tuple[str, ...]:
    theory = endpoint["theory_reject_rate"]
    return (
        scenario["name"],
        endpoint["name"]
        if endpoint.get("arm") is None or _one_arm(scenario)
        else f"{endpoint['name']}, {endpoint['arm']}",
        _signed(endpoint["estimand_true"]),
        _rate(endpoint["reject_rate"], endpoint["mcse"]),
        "-" if theory is None else f"{theory:.3f}",
        _rate(endpoint["coverage"], endpoint["coverage_mcse"]),
    )


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{value:+.3f}"


def _rate(value: float | None, mcse: float | None) -> str:
    return "-" if value is None else f"{value:.3f} (MCSE {mcse:.3f})"


def _one_arm(scenario: Mapping[str, Any]) -> bool:
    return len({endpoint.get("arm") for endpoint in scenario["endpoints"]}) == 1


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
