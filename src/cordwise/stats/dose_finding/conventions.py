"""The few numbers that dose-escalation designs take by convention, from their table."""

import csv
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, float]:
    text = files("cordwise.stats.dose_finding").joinpath("data/conventions.csv").read_text(encoding="utf-8")
    return {row["name"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def convention(name: str) -> float:
    """Return the number of that name."""
    return _table()[name]
