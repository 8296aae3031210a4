"""Citations: the label of a row, its address, and the mark on everything that was recalled."""

import re
from dataclasses import asdict, dataclass

from cordwise.base.tables import Row
from cordwise.evidence.load import raw_table, table_schema
from cordwise.evidence.schema import REGISTRY_TARGETS, SOURCE_OF_TARGETS, TARGETS

RECALLED = "recalled"
SEEN = "seen"
RECALLED_MARK = "(recalled)"
FIGURE_KINDS = frozenset({"number", "whole", "reported", "figure", "grade"})
_DOI = re.compile(r"10\.\d{4,9}/[^\s;]+")


@dataclass(frozen=True, slots=True)
class Citation:
    """What to print beside a figure: the label, marked where the figure is recalled, an address and the status."""

    label: str
    url: str
    status: str

    @property
    def is_recalled(self) -> bool:
        """Return whether the figure was recalled and not read in a source."""
        return self.status == RECALLED

    def as_json(self) -> dict[str, str]:
        """Return the citation as plain JSON values."""
        return asdict(self)


def row_status(table: str, row: Row) -> str:
    """Return `seen` or `recalled`; a target has the status of the row it names, and released rows were all seen."""
    if table == REGISTRY_TARGETS:
        return SEEN
    if table != TARGETS:
        return row["status"]
    origin = find_row(SOURCE_OF_TARGETS, row["target_id"])
    return origin["status"]


def is_recalled(table: str, row: Row, column: str | None = None) -> bool:
    """Return whether a row is recalled, or whether one cell of it is, as a remark in the cell may say."""
    return row_status(table, row) == RECALLED or (column is not None and RECALLED in row[column].lower())


def marked(table: str, row: Row, column: str) -> str:
    """Return the text of a cell, with the mark `(recalled)` behind every figure of a recalled row."""
    is_figure = any(known.name == column and known.kind in FIGURE_KINDS for known in table_schema(table).columns)
    needs_mark = row[column] and is_figure and is_recalled(table, row) and RECALLED_MARK not in row[column]
    return f"{row[column]} {RECALLED_MARK}" if needs_mark else row[column]


def find_row(table: str, name: str) -> Row:
    """Return the row of a packaged table by its id; the parts of a composite id are joined by ` / `."""
    schema = table_schema(table)
    for row in raw_table(table):
        if schema.row_id(row) == name:
            return row
    raise KeyError(f"{table} has no row {name}")


def cite(table: str, row: Row, column: str | None = None) -> Citation:
    """Return the citation of a row, or of the figure in one of its columns, which may be recalled by itself.

    A reference that is itself recalled is left out, so that the mark on the label always speaks of the figure.
    """
    schema = table_schema(table)
    cells = (row[known.name] for known in schema.of_kind("source"))
    sources = [text for text in cells if text and RECALLED_MARK not in text]
    if sources and row["year"] and row["year"] not in sources[0]:
        sources[0] = f"{sources[0]} ({row['year']})"
    place = [row["table_or_figure"]] if row["table_or_figure"] else []
    label = ", ".join(sources + place) or f"{table} {schema.row_id(row)}"
    if is_recalled(table, row, column):
        return Citation(f"{label} {RECALLED_MARK}", _url(row, sources), RECALLED)
    return Citation(label, _url(row, sources), row_status(table, row))


def _url(row: Row, sources: list[str]) -> str:
    address = row["seen_at"].split("; ")[0]
    doi = _DOI.search(" ".join(sources))
    return address or (f"https://doi.org/{doi[0]}" if doi else "")
