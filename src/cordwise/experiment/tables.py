"""The tables behind an experiment: settings, hosts, levers, targets and read-outs, each number with its source."""

import csv
import difflib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict

from cordwise.cord.parameters import Species

Row = Mapping[str, str]


class Assumption(TypedDict):
    """One number an experiment rests on that is no parameter of the tissue."""

    what: str
    value: float
    unit: str
    source: str
    status: str


@cache
def table(name: str) -> tuple[Row, ...]:
    """Return the rows of `data/experiment_<name>.csv`."""
    text = files("cordwise.experiment").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def setting(name: str, species: Species = Species.HUMAN) -> float:
    """Return one number of the settings, that of the species where it has its own."""
    return float(setting_row(name, species)["value"])


def setting_row(name: str, species: Species) -> Row:
    """Return the row of one setting."""
    return next(row for row in table("settings") if row["name"] == name and row["species"] in ("both", species))


def has_setting(name: str, species: Species) -> bool:
    """Tell whether a setting exists for a species."""
    return any(row["name"] == name and row["species"] in ("both", species) for row in table("settings"))


def setting_assumption(name: str, species: Species) -> Assumption:
    """Return one setting as a result lists it."""
    row = setting_row(name, species)
    return Assumption(
        what=row["meaning"], value=float(row["value"]), unit=row["unit"], source=row["source"], status=row["status"]
    )


def plain(name: str) -> str:
    """Return a name as names are compared: lower case, every separator an underscore."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").replace("/", " ").split())


def closest(name: str, known: tuple[str, ...]) -> str:
    """Return advice that names the closest known name, or nothing."""
    close = difflib.get_close_matches(plain(name), known, n=1)
    return f'Did you mean "{close[0]}"?' if close else ""
