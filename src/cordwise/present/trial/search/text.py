"""A search as the command prints it: question, answer, and the frontier."""

from collections.abc import Mapping
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.trial.search.answer import endpoint_words, money

Values = Mapping[str, Any]
_DAYS_PER_YEAR = 365.25
_HEADINGS = ("", "patients", "baseline", "endpoint", "looks", "power", "null rate", "mean patients", "years", "cost")


def summary(result: Values) -> str:
    """Return the text of a search: the frontier, the chosen design marked; all designs are in the report."""
    rows = [_row(result, place) for place in result["frontier"]]
    lines = (
        result["question"],
        "",
        result["answer"],
        "",
        "Designs that no other beats in cost and power (* the cheapest that reaches the power):",
        *columns([_HEADINGS, *rows]),
        "",
        f"{result['replicates']} simulated trials of each design in each scenario, seed {result['seed']}.",
        *((result["numerics"]["words"],) if "numerics" in result else ()),
        CONTEXT_OF_USE,
    )
    return "\n".join(lines)


def _row(result: Values, place: int) -> tuple[str, ...]:
    row = result["designs"][place]
    return (
        "*" if place == result["cheapest"] else "",
        str(row["total"]),
        "day {:g}-{:g}".format(*row["baseline_day"]),
        endpoint_words(row, result["designs"]),
        row["looks"],
        f"{row['power']:.3f} (MCSE {row['mcse']:.3f})",
        f"{row['null_rate']:.3f}",
        f"{row['expected_n']:.0f}",
        f"{row['expected_duration_days'] / _DAYS_PER_YEAR:.1f}",
        money(row["cost"], result["cost"]["currency"]),
    )
