"""Rows of a CSV table as they are written, each with the row number a reader sees in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from cordwise.base.errors import Fault, InputError

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


def read_table_file(path: Path, *, name: str) -> RawTable:
    """Read a user's CSV file as a table of the evidence base called `name`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError([Fault(str(path), "a CSV file", "no such file", "Check the name and the folder.")]) from error
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at position {error.start}"
        raise InputError([Fault(str(path), "a CSV file in UTF-8", found, "Save the table as CSV, UTF-8.")]) from error
    except OSError as error:
        raise InputError([Fault(str(path), "a CSV file that can be read", error.strerror or str(error))]) from error
    if not text.strip():
        raise InputError([Fault(str(path), "a header row and at least one row", "an empty file")])
    return parse_table(text, name=name, file=path.name)


def packaged_text(name: str) -> str:
    """Return the text of a file in the package's data folder; `name` may hold a slash."""
    return files("cordwise.evidence").joinpath("data", name).read_text(encoding="utf-8")


@cache
def packaged_table(name: str) -> RawTable:
    """Return a table of the package's data folder as it is written."""
    return parse_table(packaged_text(f"{name}.csv"), name=name, file=f"{name}.csv")


def shortened(text: str) -> str:
    """Return `text` in quotes, cut to the length of a remark."""
    cut = text if len(text) <= REMARK_WIDTH else f"{text[: REMARK_WIDTH - 1]}…"
    return f'"{cut}"' if cut else "nothing"
