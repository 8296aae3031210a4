"""The tables behind an experiment: settings, hosts, levers, targets and read-outs, each number with its source."""

import difflib
from functools import cache

from cordwise.base.assumptions import Assumption
from cordwise.base.tables import RawTable, SourcedNumber, packaged_numbers, packaged_table
from cordwise.cord.parameters import Species

_PACKAGE = "cordwise.experiment"


def table(name: str) -> RawTable:
    """Return the table `data/<name>.csv`."""
    return packaged_table(_PACKAGE, name)


@cache
def setting(name: str, species: Species = Species.HUMAN) -> float:
    """Return one number of the settings, that of the species where it has its own."""
    return setting_row(name, species).value


def setting_row(name: str, species: Species) -> SourcedNumber:
    """Return the row of one setting."""
    return next(row for row in _settings() if row.name == name and row.species in ("both", species))


def has_setting(name: str, species: Species) -> bool:
    """Tell whether a setting exists for a species."""
    return any(row.name == name and row.species in ("both", species) for row in _settings())


def setting_assumption(name: str, species: Species) -> Assumption:
    """Return one setting as a result lists it."""
    return assumption_of(setting_row(name, species))


def assumption_of(row: SourcedNumber) -> Assumption:
    """Return a number of a table as a result lists it."""
    return Assumption(what=row.meaning, value=row.value, unit=row.unit, source=row.source, status=row.status)


def _settings() -> tuple[SourcedNumber, ...]:
    return packaged_numbers(_PACKAGE, "settings")


def plain(name: str) -> str:
    """Return a name as names are compared: lower case, every separator an underscore."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").replace("/", " ").split())


def closest(name: str, known: tuple[str, ...]) -> str:
    """Return advice that names the closest known name, or nothing."""
    close = difflib.get_close_matches(plain(name), known, n=1)
    return f'Did you mean "{close[0]}"?' if close else ""
