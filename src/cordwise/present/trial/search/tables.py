"""Tables of a search over designs."""

from collections.abc import Mapping, Sequence
from typing import Any

from cordwise.present import numbers
from cordwise.present.html.closing import facts
from cordwise.present.html.page import Table, table
from cordwise.trial.search.answer import endpoint_words, money

Result = Mapping[str, Any]
_DAYS_PER_YEAR = 365.25
_HEADINGS = {
    "Baseline days": False,
    "Primary endpoint": False,
    "Looks": False,
    "Patients": True,
    "Power": True,
    "Null rate": True,
    "Mean patients": True,
    "Years": True,
    "Cost": True,
}


def frontier_table(result: Result) -> Table:
    """Return the designs that no other beats, numbered as in the drawing."""
    rows = [
        (
            f"{number}, chosen" if at == result["cheapest"] else str(number),
            *_row(result, at),
        )
        for number, at in enumerate(result["frontier"], start=1)
    ]
    headings = {"Number": False, **_HEADINGS}
    return table(
        "Designs that no other beats in cost and power, cheapest first; chosen: the cheapest that reaches the power",
        headings,
        rows,
    )


def all_designs_table(result: Result) -> Table:
    """Return every design in the order of its cost."""
    order: Sequence[int] = sorted(range(len(result["designs"])), key=lambda at: result["designs"][at]["cost"])
    rows = [(_standing(result["designs"][at]), *_row(result, at)) for at in order]
    return table(
        "Every design, cheapest first; rates with their MCSE in brackets", {"Standing": False, **_HEADINGS}, rows
    )


def _row(result: Result, at: int) -> tuple[str, ...]:
    row = result["designs"][at]
    return (
        numbers.between(*row["baseline_day"], 0),
        endpoint_words(row, result["designs"]),
        row["looks"],
        numbers.count(row["total"]),
        _short(row["power"], row["mcse"]),
        _short(row["null_rate"], row["null_mcse"]),
        numbers.number(row["expected_n"], 0),
        numbers.number(row["expected_duration_days"] / _DAYS_PER_YEAR),
        money(row["cost"], "").strip(),
    )


def _short(rate: float, mcse: float) -> str:
    """Return a rate with its error in brackets, for tables that say so above."""
    return f"{numbers.number(rate, 3)} ({numbers.number(mcse, 3)})"


def _standing(row: Result) -> str:
    if not row["keeps_null_rate"]:
        return "null rate too high"
    return "not beaten" if row["on_frontier"] else "beaten"


def goal_table(result: Result) -> Table:
    """Return the goal and the prices."""
    goal, cost = result["goal"], result["cost"]
    rows = [
        ("Scenario", goal["scenario"]),
        ("Power wanted, by the lower end of its 95 % interval", numbers.value(goal["power"])),
        ("Null rate at most, by the upper end of its 95 % interval", numbers.value(goal["most_null_rate"])),
        *(
            (f"Each {name}", f"{money(cost[name]['amount'], cost['currency'])}; {cost[name]['source']}")
            for name in ("patient", "month", "site")
        ),
        *((f"Choices of {name}", str(count)) for name, count in result["varied"].items()),
    ]
    return facts("Goal and prices", rows)
