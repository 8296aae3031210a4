"""Tables of a trial design."""

import re
from collections.abc import Iterator, Sequence

from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Table, table
from cordwise.trial.characteristics.scenario_result import EndpointResult, ScenarioResult
from cordwise.trial.design.file import DesignTables
from cordwise.trial.plan.accrual import DAYS_PER_MONTH
from cordwise.trial.result import SizeForPower, TrialResult


def arm_in_words(result: TrialResult, arm: str) -> str:
    """Return which treated arm something is about, where there are several."""
    return f" (arm: {arm})" if len(result.treated_arms) > 1 else ""


def months(days: float | None, total_error: float | None = None) -> str:
    """Return days as whole months, with their total error where one is given."""
    in_months = [None if each is None else each / DAYS_PER_MONTH for each in (days, total_error)]
    return numbers.number(in_months[0], 0) + (numbers.errors(None, in_months[1], 1) if days is not None else "")


def sentences(answer: str) -> tuple[str, ...]:
    """Return an answer sentence by sentence, each to be a paragraph of its own."""
    return tuple(re.split(r"(?<=\.) (?=[A-Z])", answer))


def scenarios_table(scenarios: Sequence[ScenarioResult]) -> Table:
    """Return what each scenario means, how often the trial rejects, and what it costs in patients and months."""
    headings = {
        "Scenario": False,
        "What is assumed": False,
        "Rejects": True,
        "95\u202f% of the sets": True,
        "Patients": True,
        "Months": True,
    }
    rows = [
        (
            row.name,
            row.description,
            numbers.rate(row.reject_rate, row.mcse, row.total_error),
            numbers.between(row.sets_low95, row.sets_high95, 3),
            numbers.mean(row.expected_n, None, 0, row.expected_n_total_error),
            months(row.expected_duration_days, row.expected_duration_total_error),
        )
        for row in scenarios
    ]
    return table("Scenarios: how often the trial rejects, mean size and duration", headings, list(rows))


def endpoints_table(scenarios: Sequence[ScenarioResult]) -> tuple[Table, ...]:
    """Return the operating characteristics, one table for each endpoint, a row for each scenario and treated arm."""
    tables = []
    for first in {item.name: item for item in scenarios[0].endpoints}.values():
        found = [(row.name, item) for row in scenarios for item in row.endpoints if item.name == first.name]
        several = len({item.arm for _, item in found}) > 1
        headings = {
            "Scenario": False,
            **({"Arm": False} if several else {}),
            "Reject rate": True,
            "For the cells": True,
            "Theory": True,
            "True value": True,
            "95\u202f% of the sets": True,
            "Bias": True,
            "RMSE": True,
            "Coverage of 95\u202f%": True,
        }
        rows = [_endpoint_row(name, item, with_arm=several) for name, item in found]
        tables.append(table(_endpoint_caption(first), headings, rows))
    return tuple(tables)


def _endpoint_caption(endpoint: EndpointResult) -> str:
    """Return which endpoint a table is about, how it is analysed, on which scale and at which level."""
    role = "Primary endpoint" if endpoint.primary else "Further endpoint"
    analysis = str(endpoint.analysis).replace("_", " ")
    scale = f"difference in {endpoint.unit}" if endpoint.scale == "difference" else endpoint.scale
    return f"{role}: {endpoint.name} ({analysis}; {scale}; {level_words(endpoint)})"


def level_words(endpoint: EndpointResult) -> str:
    """Return the level of the test, and what is promised of it without an effect."""
    nominal = endpoint.nominal
    if nominal is None:
        return f"two-sided level {numbers.value(endpoint.alpha)}, no promise of its error"
    side = "two-sided" if nominal == endpoint.alpha else "one-sided"
    return f"{side} level {numbers.value(nominal)}"


def _endpoint_row(scenario: str, endpoint: EndpointResult, *, with_arm: bool) -> tuple[str, ...]:
    """Return the operating characteristics of one endpoint for one treated arm under one scenario."""
    theory = endpoint.theory_reject_rate
    return (
        scenario,
        *((endpoint.arm,) if with_arm else ()),
        numbers.rate(endpoint.reject_rate, endpoint.mcse, endpoint.total_error),
        numbers.rate(endpoint.better_rate, None),
        "none" if theory is None else numbers.rate(theory, None),
        numbers.signed(endpoint.estimand_true, 3),
        numbers.between(endpoint.estimand_low95, endpoint.estimand_high95, 3),
        numbers.estimate(endpoint.bias, endpoint.bias_mcse, 3, endpoint.bias_total_error),
        numbers.number(endpoint.rmse, 3),
        numbers.rate(endpoint.coverage, endpoint.coverage_mcse, endpoint.coverage_total_error),
    )


def required_table(rows: Sequence[SizeForPower]) -> Table:
    """Return the patients per arm that reach the planned power, by simulation and by theory."""
    headings = {
        "Scenario": False,
        "Endpoint": False,
        "Assurance": True,
        "Patients per arm": True,
        "95\u202f% of the sets take": True,
        "By theory": True,
    }
    body = [
        (
            row.scenario,
            row.endpoint,
            numbers.value(row.power),
            f"{row.relation} {numbers.count(row.n_per_arm)}{numbers.errors(row.mcse, row.total_error, 0)}",
            size_range(row.low95, row.high95, row.largest),
            "no theory" if row.theory_n_per_arm is None else numbers.count(row.theory_n_per_arm),
        )
        for row in rows
    ]
    return table("Patients per arm for an assurance: a power averaged over the parameter sets", headings, list(body))


def size_range(low: int | None, high: int | None, largest: int) -> str:
    """Return what 95 % of the parameter sets take on their own; the curve ends at `largest`."""
    if low == high:  # both unknown, or sets that cannot be told apart
        return numbers.NOT_GIVEN if low is None else numbers.count(low)
    beyond = f"more than {numbers.count(largest)}"
    return f"{beyond if low is None else numbers.count(low)} to {beyond if high is None else numbers.count(high)}"


def design_table(design: DesignTables) -> Table:
    """Return the design as names and values, nested parts by their path; estimands have a table of their own."""
    values = to_plain(design)
    del values["question"]
    for endpoint in values["endpoints"]:
        del endpoint["estimand"]
    return facts("The design as simulated", list(flat(values)))


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
