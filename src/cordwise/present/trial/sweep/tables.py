"""The combinations of a sweep as rows, and as tables of its report."""

from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.present.trial.sweep.text import scenario_names, shown
from cordwise.present.trial.tables import months
from cordwise.trial.sweep import Sweep

_SHOWN = (
    "reject_rate", "mcse", "expected_n", "expected_duration_days", "bias", "bias_mcse", "coverage", "coverage_mcse",
    "estimand_true",
)  # fmt: skip


def combination_rows(result: Sweep) -> list[dict[str, Any]]:
    """Return one row for each combination and scenario: the values, then how the trial behaves."""
    return [
        {
            **design.values,
            "scenario": scenario.name,
            "is_null": scenario.is_null,
            **{name: getattr(scenario, name) for name in _SHOWN},
        }
        for design in result.designs
        for scenario in design.scenarios
    ]


def scenario_tables(result: Sweep) -> tuple[Table, ...]:
    """Return one table for each scenario, a row a combination."""
    headings = {
        **dict.fromkeys(result.grid, False),
        "Rejects": True,
        "True value": True,
        "Bias": True,
        "Coverage of 95\u202f%": True,
        "Patients": True,
        "Months": True,
    }
    tables = []
    for name in scenario_names(result):
        rows = [
            (
                *map(shown, design.values.values()),
                numbers.rate(each.reject_rate, each.mcse),
                numbers.signed(each.estimand_true, 3),
                numbers.estimate(each.bias, each.bias_mcse, 3),
                numbers.rate(each.coverage, each.coverage_mcse),
                numbers.number(each.expected_n, 0),
                months(each.expected_duration_days),
            )
            for design in result.designs
            for each in design.scenarios
            if each.name == name
        ]
        tables.append(table(f"Scenario: {name}", headings, rows))
    return tuple(tables)
