"""A fault of a table: which rule it breaks, and the row and column it stands in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cordwise.base.errors import Fault
from cordwise.base.tables import RawTable, Row, shortened
from cordwise.evidence.schema import TableSchema


@dataclass(frozen=True, slots=True)
class TableFault(Fault):
    """A fault with its place in parts; `row` counts the header as row 1 and is 0 for the table as a whole."""

    rule: str = ""
    file: str = ""
    row: int = 0
    column: str = ""


Rule = Callable[[RawTable, TableSchema], Iterator[TableFault]]


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes the faults of one rule in one table."""

    rule: str
    table: RawTable
    schema: TableSchema

    def cell(self, row: Row, column: str, expected: str, found: str | None = None, advice: str = "") -> TableFault:
        """Return the fault of one cell; what was found is the cell's text unless said otherwise."""
        name = self.schema.row_id(row)
        place = f"{self.table.file} row {row.number}{f' ({name})' if name else ''}, column {column}"
        text = shortened(row[column]) if found is None else found
        return TableFault(place, expected, text, advice, self.rule, self.table.file, row.number, column)

    def whole(self, expected: str, found: str, advice: str = "", column: str = "") -> TableFault:
        """Return a fault of the table as a whole."""
        return TableFault(self.table.file, expected, found, advice, self.rule, self.table.file, 0, column)
