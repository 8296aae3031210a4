"""CSV tables, the one way they are read: a user's files and those of the package; rows, and numbers with their source.

Rows keep the number that a reader sees in a spreadsheet.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from cordwise.base.errors import Fault, InputError
from cordwise.base.kinds import TARGETS, wrong_kind

FIRST_DATA_ROW = 2
REMARK_WIDTH = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the header is row 1), how many cells it has, and its cells by column name."""

    number: int
    width: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text of a cell, blank where the row or the table lacks it."""
        return self.cells.get(column, "")

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the columns; without this, `in` would ask for cell 0, 1, 2 and never end."""
        return iter(self.cells)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table before any number is read from it."""

    name: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def parse_table(text: str, *, name: str, file: str) -> RawTable:
    """Split CSV text into rows; blank lines are skipped but keep their number."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(
            [Fault(file, "a CSV file", str(error), "Save the table as comma-separated values.")]
        ) from error
    columns = tuple(cell.strip() for cell in lines[0]) if lines else ()
    rows = tuple(
        Row(number, len(cells), dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
        for number, cells in enumerate(lines[1:], FIRST_DATA_ROW)
        if any(cell.strip() for cell in cells)
    )
    return RawTable(name, file, columns, rows)


def table_bytes(path: Path) -> bytes:
    """Return the bytes of a user's CSV file, or say why they cannot be read, or that it is a file of another kind."""
    if fault := wrong_kind(path, None, TARGETS.folder):
        raise InputError([fault])
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError([Fault(str(path), "a CSV file", "no such file", "Check the name and the folder.")]) from error
    except OSError as error:
        raise InputError([Fault(str(path), "a CSV file that can be read", error.strerror or str(error))]) from error


def read_table(data: bytes, path: Path, *, name: str) -> RawTable:
    """Return the rows of a user's CSV file, from its bytes, as a table of the evidence base called `name`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at position {error.start}"
        raise InputError([Fault(str(path), "a CSV file in UTF-8", found, "Save the table as CSV, UTF-8.")]) from error
    if not text.strip():
        raise InputError([Fault(str(path), "a header row and at least one row", "an empty file")])
    return parse_table(text, name=name, file=path.name)


def packaged_text(package: str, name: str) -> str:
    """Return the text of a file in the data folder of a package; `name` may hold a slash."""
    return files(package).joinpath("data", name).read_text(encoding="utf-8")


@cache
def packaged_table(package: str, name: str) -> RawTable:
    """Return the table `data/<name>.csv` of a package as it is written, read once; `name` may hold a slash."""
    return parse_table(packaged_text(package, f"{name}.csv"), name=name, file=f"{name}.csv")


@dataclass(frozen=True, slots=True)
class SourcedNumber:
    """A number of a parameter table: its 90 % range where it has one, unit, source and status (seen, judgement ...).

    `species` and `mechanism` are blank in tables that do not part their numbers by them.
    """

    name: str
    value: float
    low90: float | None
    high90: float | None
    unit: str
    species: str
    mechanism: str
    source: str
    status: str
    meaning: str


_WORDS = ("name", "unit", "species", "mechanism", "source", "status", "meaning")


@cache
def packaged_numbers(package: str, name: str) -> tuple[SourcedNumber, ...]:
    """Return the rows of a parameter table of a package, in the order of its file."""
    return tuple(
        SourcedNumber(
            **{word: row[word] for word in _WORDS},
            value=float(row["value"]),
            low90=float(row["low90"]) if row["low90"] else None,
            high90=float(row["high90"]) if row["high90"] else None,
        )
        for row in packaged_table(package, name)
    )


@cache
def packaged_values(package: str, name: str) -> Mapping[str, float]:
    """Return the numbers of a parameter table of a package by name."""
    return MappingProxyType({row.name: row.value for row in packaged_numbers(package, name)})


def shortened(text: str) -> str:
    """Return `text` in quotes, cut to the length of a remark."""
    cut = text if len(text) <= REMARK_WIDTH else f"{text[: REMARK_WIDTH - 1]}…"
    return f'"{cut}"' if cut else "nothing"
