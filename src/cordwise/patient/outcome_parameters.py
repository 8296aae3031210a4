"""The few numbers that outcomes and banks take by judgement, from their table."""

import csv
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, float]:
    text = files("cordwise.patient").joinpath("data/outcome_parameters.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def bank_parameter(name: str) -> float:
    """Return the number of that name."""
    return _table()[name]
