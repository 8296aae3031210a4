"""Keeps results that the model is judged on out of the evidence base, but for the rows on a list."""

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cordwise.base.tables import RawTable, Row, packaged_table
from cordwise.evidence.faults import Reporter, TableFault
from cordwise.evidence.printed import followup_day
from cordwise.evidence.schema import PACKAGE, REGISTRY_TARGETS, TableSchema

CELL_SEPARATOR = "\x1f"
FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class HeldOutSource:
    """A source whose later results are held out; `until_day` is the last day that may be used, NaN for none."""

    name: str
    pattern: re.Pattern[str]
    until_day: float

    def holds_out(self, row: Row) -> bool:
        """Return whether a row names this source and describes an examination that may not be used.

        Cells are read as one text, since the author and the year of a source may stand in columns side by side.
        """
        is_named = self.pattern.search(CELL_SEPARATOR.join(row.cells.values())) is not None
        return is_named and not followup_day(row) <= self.until_day


@cache
def held_out_sources() -> tuple[HeldOutSource, ...]:
    """Return the sources the model is judged on."""
    return tuple(
        HeldOutSource(row["source"], re.compile(row["pattern"], re.IGNORECASE), float(row["until_day"] or math.nan))
        for row in packaged_table(PACKAGE, "schema/held_out_sources")
    )


def fingerprint(row: Row) -> str:
    """Return a digest of the cells of a row, so that a row on the list cannot change under its name."""
    text = CELL_SEPARATOR.join(row.cells.values())
    return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_LENGTH]


@cache
def given_rows(rule: str) -> Mapping[tuple[str, str], str]:
    """Return the fingerprints of the listed rows that a rule lets pass, by table and row id."""
    return {
        (row["table"], row["row"]): row["fingerprint"]
        for row in packaged_table(PACKAGE, "given_rows")
        if row["rule"] == rule
    }


def is_given(rule: str, table: str, name: str, row: Row) -> bool:
    """Return whether a row is on the list of rows that `rule` lets pass, and unchanged since."""
    return given_rows(rule).get((table, name)) == fingerprint(row)


def held_out_results_stay_out(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse rows of a held-out source and a time that may not be used; `given_rows.csv` lists those that pass.

    The registries in `registry_targets` were released row by row, so there every row must be on that list.
    """
    report = Reporter("held-out", table, schema)
    source_column = next((column.name for column in schema.of_kind("source")), schema.column_names[0])
    for row in table:
        named = [source.name for source in held_out_sources() if source.holds_out(row)]
        if named or schema.name == REGISTRY_TARGETS:
            expected = "no result of a held-out source but the rows given or released, unchanged"
            found = f"a row of {' and '.join(named)}" if named else "a row that was not released"
            advice = "Remove the row: the model is judged on such results unseen."
            yield report.cell(row, source_column, expected, found, advice)
