"""The numbers that a sensitivity analysis itself needs, each with its source."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def settings() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of `data/sensitivity_settings.csv` by name."""
    text = files("cordwise.experiment").joinpath("data/sensitivity_settings.csv").read_text(encoding="utf-8")
    return {row["name"]: row for row in csv.DictReader(text.splitlines())}


def setting_of(name: str) -> float:
    """Return one number."""
    return float(settings()[name]["value"])
