"""Keeps results that the model is judged on out of the evidence base, but for the rows given from the start."""

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cordwise.base.tables import RawTable, Row, packaged_table
from cordwise.evidence.faults import Reporter, TableFault
from cordwise.evidence.printed import followup_day
from cordwise.evidence.schema import PACKAGE, TableSchema

CELL_SEPARATOR = "\x1f"
FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class HeldOutSource:
    """A source whose later results are held out; `until_day` is the last day that may be used, NaN for none."""

    name: str
    pattern: re.Pattern[str]
    until_day: float

    def holds_out(self, row: Row) -> bool:
        """Return whether a row names this source and describes an examination that may not be used."""
        is_named = any(self.pattern.search(text) for text in row.cells.values())
        return is_named and not followup_day(row) <= self.until_day


@cache
def held_out_sources() -> tuple[HeldOutSource, ...]:
    """Return the sources the model is judged on."""
    return tuple(
        HeldOutSource(row["source"], re.compile(row["pattern"], re.IGNORECASE), float(row["until_day"] or math.nan))
        for row in packaged_table(PACKAGE, "schema/held_out_sources")
    )


def fingerprint(row: Row) -> str:
    """Return a digest of the cells of a row, so that a row given from the start cannot change under its name."""
    text = CELL_SEPARATOR.join(row.cells.values())
    return hashlib.sha256(text.encode()).hexdigest()[:FINGERPRINT_LENGTH]


@cache
def given_rows(rule: str) -> Mapping[tuple[str, str], str]:
    """Return the fingerprints of the rows given from the start that a rule lets pass, by table and row id."""
    return {
        (row["table"], row["row"]): row["fingerprint"]
        for row in packaged_table(PACKAGE, "given_rows")
        if row["rule"] == rule
    }


def is_given(rule: str, table: str, name: str, row: Row) -> bool:
    """Return whether a row is on the list of rows that `rule` lets pass, and unchanged since."""
    return given_rows(rule).get((table, name)) == fingerprint(row)


def held_out_results_stay_out(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Refuse rows of a held-out source and a time that may not be used; `given_rows.csv` lists those that pass."""
    report = Reporter("held-out", table, schema)
    source_column = next((column.name for column in schema.of_kind("source")), schema.column_names[0])
    for row in table:
        named = [source.name for source in held_out_sources() if source.holds_out(row)]
        if named:
            expected = "no result of a held-out source but the rows given from the start, unchanged"
            advice = "Remove the row: the model is judged on these results unseen."
            yield report.cell(row, source_column, expected, f"a row of {' and '.join(named)}", advice)
