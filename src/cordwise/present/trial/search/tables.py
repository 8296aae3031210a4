"""Tables of a search over designs."""

from dataclasses import fields
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Table, table
from cordwise.present.trial.search.text import endpoint_words, money
from cordwise.trial.search.result import Search, SearchedDesign

_DAYS_PER_YEAR = 365.25
_HEADINGS = {
    "Baseline days": False,
    "Primary endpoint": False,
    "Looks": False,
    "Patients": True,
    "Power": True,
    "95\u202f% of the sets": True,
    "Null rate": True,
    "Mean patients": True,
    "Years": True,
    "Cost": True,
}


def frontier_table(result: Search) -> Table:
    """Return the designs that no other beats, numbered as in the drawing."""
    rows = [
        (f"{number}, chosen" if place == result.cheapest else str(number), *_row(result, result.designs[place]))
        for number, place in enumerate(result.frontier, start=1)
    ]
    headings = {"Number": False, **_HEADINGS}
    return table(
        "Designs that no other beats in cost and power, cheapest first; chosen: the cheapest that reaches the power",
        headings,
        rows,
    )


def all_designs_table(result: Search) -> Table:
    """Return every design in the order of its cost."""
    rows = [(_standing(each), *_row(result, each)) for each in sorted(result.designs, key=lambda each: each.cost)]
    return table(
        "Every design, cheapest first; in brackets the MCSE and the total error of a rate",
        {"Standing": False, **_HEADINGS},
        rows,
    )


def _row(result: Search, design: SearchedDesign) -> tuple[str, ...]:
    return (
        numbers.between(*design.baseline_day, 0),
        endpoint_words(design, result.designs),
        design.looks,
        numbers.count(design.total),
        _short(design.power, design.mcse, design.total_error),
        numbers.between(design.sets_low95, design.sets_high95, 3),
        _short(design.null_rate, design.null_mcse, design.null_total_error),
        numbers.number(design.expected_n, 0) + _bracketed(design.expected_n_total_error, 1),
        numbers.number(design.expected_duration_days / _DAYS_PER_YEAR),
        money(design.cost, "").strip(),
    )


def _short(rate: float, mcse: float, total: float | None) -> str:
    """Return a rate with its errors in brackets, for tables that say so above."""
    return f"{numbers.number(rate, 3)} ({numbers.number(mcse, 3)}; {numbers.number(total, 3)})"


def _bracketed(error: float | None, digits: int) -> str:
    return "" if error is None else f" ({numbers.number(error, digits)})"


def _standing(design: SearchedDesign) -> str:
    if not design.keeps_null_rate:
        return "null rate too high"
    return "not beaten" if design.on_frontier else "beaten"


def goal_table(result: Search) -> Table:
    """Return the goal and the prices."""
    goal, cost = result.goal, result.cost
    prices = {"patient": cost.patient, "month": cost.month, "site": cost.site}
    rows = [
        ("Scenario", goal.scenario),
        ("Power wanted, by the lower end of its 95 % interval", numbers.value(goal.power)),
        ("Null rate at most, by the upper end of its 95 % interval", numbers.value(goal.most_null_rate)),
        *((f"Each {name}", f"{money(price.amount, cost.currency)}; {price.source}") for name, price in prices.items()),
        *((f"Choices of {name}", str(count)) for name, count in result.varied.items()),
    ]
    return facts("Goal and prices", rows)


def design_rows(result: Search) -> list[dict[str, Any]]:
    """Return a row for each design, with its days and true effects spread over columns of their own."""
    return [_flat(each) | {"is_cheapest": place == result.cheapest} for place, each in enumerate(result.designs)]


def _flat(design: SearchedDesign) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for each in fields(design):
        value = getattr(design, each.name)
        if each.name == "baseline_day":
            row |= {"baseline_first_day": value[0], "baseline_last_day": value[1]}
        elif isinstance(value, tuple):  # one value for each treated arm
            row |= {f"{each.name}_{arm}" if len(value) > 1 else each.name: part for arm, part in enumerate(value, 1)}
        else:
            row[each.name] = value
    return row
