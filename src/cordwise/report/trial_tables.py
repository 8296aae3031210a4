"""Tables of a trial design."""

from collections.abc import Iterator
from typing import Any

from cordwise.report import numbers
from cordwise.report.closing import facts
from cordwise.report.page import Table, table


def scenarios_table(scenarios: list[dict[str, Any]]) -> Table:
    """Return what each scenario means and what it costs in patients and days."""
    headings = {"Scenario": False, "What is assumed": False, "Patients": True, "Duration (days)": True}
    rows = [
        (
            row["name"],
            row["description"],
            numbers.number(row["expected_n"], 0),
            numbers.number(row["expected_duration_days"], 0),
        )
        for row in scenarios
    ]
    return table("Scenarios: expected size and duration", headings, list(rows))


def endpoints_table(scenarios: list[dict[str, Any]]) -> tuple[Table, ...]:
    """Return the operating characteristics, one table for each endpoint, theory beside simulation."""
    headings = {
        "Scenario": False,
        "Reject rate": True,
        "Theory": True,
        "True effect": True,
        "Bias of the estimate": True,
        "Coverage of the 95 % interval": True,
    }
    tables = []
    for place, endpoint in enumerate(scenarios[0]["endpoints"]):
        found = [(row["name"], row["endpoints"][place]) for row in scenarios if place < len(row["endpoints"])]
        tables.append(table(_endpoint_caption(endpoint), headings, [_endpoint_row(name, item) for name, item in found]))
    return tuple(tables)


def _endpoint_caption(endpoint: dict[str, Any]) -> str:
    """Return which endpoint a table is about, how it is analysed, and at which level."""
    role = "Primary endpoint" if endpoint["primary"] else "Further endpoint"
    analysis = str(endpoint["analysis"]).replace("_", " ")
    return f"{role}: {endpoint['name']} ({endpoint['unit']}; {analysis}; alpha {numbers.value(endpoint['alpha'])})"


def _endpoint_row(scenario: str, endpoint: dict[str, Any]) -> tuple[str, ...]:
    """Return the operating characteristics of one endpoint under one scenario."""
    theory = endpoint.get("theory_reject_rate")
    return (
        scenario,
        numbers.rate(endpoint["reject_rate"], endpoint["mcse"]),
        "no theory" if theory is None else numbers.rate(theory, None),
        numbers.signed(endpoint["estimand_true"], 3),
        numbers.estimate(endpoint["bias"], endpoint["bias_mcse"], 3),
        numbers.rate(endpoint["coverage"], endpoint["coverage_mcse"]),
    )


def required_table(rows: list[dict[str, Any]]) -> Table:
    """Return the patients per arm that reach the planned power, by simulation and by theory."""
    headings = {"Scenario": False, "Endpoint": False, "Power": True, "Patients per arm": True, "By theory": True}
    body = [
        (
            row["scenario"],
            row["endpoint"],
            numbers.value(row["power"]),
            f"{row['relation']} {numbers.count(row['n_per_arm'])}",
            "no theory" if row.get("theory_n_per_arm") is None else numbers.count(row["theory_n_per_arm"]),
        )
        for row in rows
    ]
    return table("Patients per arm that reach the planned power", headings, list(body))


def design_table(design: dict[str, Any]) -> Table:
    """Return the design file as names and values, nested parts by their path."""
    return facts("The design as simulated", [(name, text) for name, text in flat(design) if name != "question"])


def flat(item: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of nested JSON with its path in words; empty values are left out."""
    if isinstance(item, dict):
        for name, inner in item.items():
            yield from flat(inner, f"{path}: {_words(name)}" if path else _words(name))
    elif isinstance(item, list) and any(isinstance(inner, dict) for inner in item):
        for place, inner in enumerate(item, start=1):
            yield from flat(inner, f"{path} {place}")
    elif item is not None and item not in ("", []):
        yield path, numbers.value(item)


def _words(name: object) -> str:
    """Return a key as words."""
    return str(name).replace("_", " ")
