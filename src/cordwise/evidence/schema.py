"""What each table of the evidence base holds: columns, measures, statistics and words, declared in `data/schema`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from cordwise.base.tables import Row, packaged_table

PACKAGE = "cordwise.evidence"
KEY_SEPARATOR = " / "
TARGETS = "calibration_targets"
REGISTRY_TARGETS = "registry_targets"
SOURCE_OF_TARGETS = "natural_history"


@dataclass(frozen=True, slots=True)
class Bounds:
    """An inclusive range of numbers; an open end is infinite."""

    low: float = -math.inf
    high: float = math.inf

    def __contains__(self, number: float) -> bool:
        return self.low <= number <= self.high

    def __str__(self) -> str:
        """Return the range in words."""
        if math.isinf(self.high):
            return "any number" if math.isinf(self.low) else f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind decides how a cell is read, `need` whether the cell or the column may be missing."""

    name: str
    kind: str
    need: str
    bounds: Bounds
    vocabulary: str
    unit: str
    is_key: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of one table, in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Return the names of all columns."""
        return tuple(column.name for column in self.columns)

    def of_kind(self, kind: str) -> tuple[Column, ...]:
        """Return the columns of one kind."""
        return tuple(column for column in self.columns if column.kind == kind)

    def row_id(self, row: Row) -> str:
        """Return what names a row within its table: the cells of the key columns."""
        return KEY_SEPARATOR.join(row[column.name] for column in self.columns if column.is_key)


@dataclass(frozen=True, slots=True)
class Measure:
    """A thing measured: its range, its unit, and the statistic it is given as (blank where several are)."""

    name: str
    bounds: Bounds
    unit: str
    statistic: str
    meaning: str


def _bounds(row: Row) -> Bounds:
    low, high = row["low"], row["high"]
    return Bounds(float(low) if low else -math.inf, float(high) if high else math.inf)


def _column(row: Row) -> Column:
    is_key = row["key"] == "yes"
    return Column(
        row["column"], row["kind"], row["need"], _bounds(row), row["vocabulary"], row["unit"], is_key, row["meaning"]
    )


@cache
def table_schemas() -> Mapping[str, TableSchema]:
    """Return the schema of every table by name."""
    columns = packaged_table(PACKAGE, "schema/columns")
    return MappingProxyType(
        {
            table["table"]: TableSchema(
                table["table"],
                table["meaning"],
                tuple(_column(row) for row in columns if row["table"] == table["table"]),
            )
            for table in packaged_table(PACKAGE, "schema/tables")
        }
    )


@cache
def measures(table: str) -> Mapping[str, Measure]:
    """Return the measures that a table may name."""
    return MappingProxyType(
        {
            row["measure"]: Measure(row["measure"], _bounds(row), row["unit"], row["statistic"], row["meaning"])
            for row in packaged_table(PACKAGE, "schema/measures")
            if row["table"] == table
        }
    )


@cache
def statistics(table: str) -> Mapping[str, Bounds | None]:
    """Return the statistics a table may name, with a range where it is the statistic's own and not the measure's."""
    return MappingProxyType(
        {
            row["statistic"]: _bounds(row) if row["low"] else None
            for row in packaged_table(PACKAGE, "schema/statistics")
            if row["table"] == table
        }
    )


@cache
def vocabulary(name: str) -> Mapping[str, str]:
    """Return the words a column may hold, each with its meaning."""
    return MappingProxyType(
        {row["term"]: row["meaning"] for row in packaged_table(PACKAGE, "schema/vocabulary") if row["list"] == name}
    )


def figure_bounds(table: str, measure: str, statistic: str) -> Bounds:
    """Return the range of a figure: that of its statistic, or else of its measure; unknown names have no bounds."""
    known = measures(table).get(measure)
    return statistics(table).get(statistic) or (known.bounds if known else Bounds())
