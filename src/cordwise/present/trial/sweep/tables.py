"""The combinations of a sweep as rows, and as tables of its report."""

from typing import Any

from cordwise.present import numbers
from cordwise.present.html.page import Table, table
from cordwise.present.trial.sweep.text import scenario_names, shown
from cordwise.present.trial.tables import months
from cordwise.trial.sweep import Sweep

_SHOWN = (
    "reject_rate", "mcse", "total_error", "low95", "high95", "sets_low95", "sets_high95", "expected_n",
    "expected_n_total_error", "expected_duration_days", "expected_duration_total_error", "bias", "bias_mcse",
    "coverage", "coverage_mcse", "estimand_true",
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
        "95\u202f% of the sets": True,
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
                numbers.rate(each.reject_rate, each.mcse, each.total_error),
                numbers.between(each.sets_low95, each.sets_high95, 3),
                numbers.signed(each.estimand_true, 3),
                numbers.estimate(each.bias, each.bias_mcse, 3, each.bias_total_error),
                numbers.rate(each.coverage, each.coverage_mcse, each.coverage_total_error),
                numbers.mean(each.expected_n, None, 0, each.expected_n_total_error),
                months(each.expected_duration_days, each.expected_duration_total_error),
            )
            for design in result.designs
            for each in design.scenarios
            if each.name == name
        ]
        tables.append(table(f"Scenario: {name}", headings, rows))
    return tuple(tables)
