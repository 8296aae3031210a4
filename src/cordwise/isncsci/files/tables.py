"""Examinations as a wide table, one row an exam and one column a cell, in CSV or Parquet."""

import csv
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.files.coding import Cells, settle_legacy
from cordwise.isncsci.files.columns import Columns, choose_visit, column_faults, match_columns
from cordwise.isncsci.files.exam_ids import NAMELESS, tokens_of
from cordwise.isncsci.files.layout import FileLayout, layout_of
from cordwise.isncsci.files.pieces import ExamId, Piece, Position, Refusal, values_of
from cordwise.isncsci.files.score_codes import ILLEGAL, cell_text, quote
from cordwise.isncsci.files.table_codes import TableCodes
from cordwise.isncsci.files.text_lines import next_lines
from cordwise.isncsci.files.writing import table_of
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import CELLS

_Frame = tuple[pl.DataFrame, Position]
"""Rows of a table, and where it goes on."""


def read_table(path: Path, layout: FileLayout, chunk_size: int, start: Position) -> Iterator[Piece]:
    """Yield the exams of a file, about `chunk_size` rows at a time."""
    with _faults_of_the_file(path):
        columns = _columns(str(path), _scan(path).collect_schema(), layout)
        slices = _slices if path.suffix.lower() == ".parquet" else _blocks
        first, table_codes = start.rows, TableCodes(layout.cells)
        for frame, end in slices(path, columns.used, chunk_size, start):
            yield _piece(frame, columns, table_codes, layout, first, end)
            first = end.rows


def read_frame(frame: pl.DataFrame, layout: FileLayout | None = None) -> Piece:
    """Return the exams of a table in memory, of numbers or text; faults name it `examinations`."""
    layout = layout or layout_of()
    columns = _columns("examinations", frame.schema, layout)
    return _piece(frame.select(columns.used), columns, TableCodes(layout.cells), layout, 0, Position(frame.height))


def _slices(path: Path, used: list[str], chunk_size: int, start: Position) -> Iterator[_Frame]:
    """Yield the rows of a Parquet file from the first wanted one on."""
    # Slices, not batches: these would be read ahead, a row group of short texts taking hundreds of megabytes.
    table = _scan(path).select(used)
    for begin in range(start.rows, table.select(pl.len()).collect().item(), chunk_size):
        frame = table.slice(begin, chunk_size).collect()
        yield frame, Position(begin + frame.height)


def _blocks(path: Path, used: list[str], chunk_size: int, start: Position) -> Iterator[_Frame]:
    """Yield the rows of a text file from the first wanted one on."""
    with path.open("rb") as file:
        header = _whole_rows(file, 1)
        if start.bytes:
            file.seek(start.bytes)
        rows = start.rows
        while text := _whole_rows(file, chunk_size):
            table = pl.scan_csv(BytesIO(header + text), infer_schema=False, separator=_separator(path))
            frame = table.select(used).collect()
            rows += frame.height
            yield frame, Position(rows, file.tell())


def _whole_rows(file: BinaryIO, count: int) -> bytes:
    """Return the next lines, and more of them where a quoted text goes on in the next line."""
    text = b"".join(next_lines(file, count))
    while text.count(b'"') % 2 and (more := next_lines(file, count)):
        text += b"".join(more)
    return text


def count_table_rows(path: Path) -> int:
    """Return the number of rows of a table."""
    with _faults_of_the_file(path):
        return _scan(path).select(pl.len()).collect().item()


def names_are_numbers(path: Path, layout: FileLayout) -> bool:
    """Return whether a table names its exams by whole numbers, so that the answers can do so too."""
    with _faults_of_the_file(path):
        schema = _scan(path).collect_schema()
        columns = _columns(str(path), schema, layout)
    return len(columns.ids) == 1 and schema[columns.ids[0]].is_integer()


def first_rows(path: Path, count: int) -> pl.DataFrame:
    """Return the first rows of a table with all its columns, whatever their names."""
    with _faults_of_the_file(path):
        return _scan(path).head(count).collect()


@contextmanager
def _faults_of_the_file(path: Path) -> Generator[None]:
    """Turn the complaint of the table reader into one about the file."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        found = quote(str(error).splitlines()[0])
        raise InputError([Fault(str(path), "a table with one row for each exam", found)]) from error


def _scan(path: Path) -> pl.LazyFrame:
    """Return the table of a file, unread; every cell of a text file stays text until it is judged."""
    if path.suffix.lower() == ".parquet":
        return pl.scan_parquet(path, glob=False)
    _check_header(path)
    return pl.scan_csv(path, infer_schema=False, separator=_separator(path), glob=False)


def _check_header(path: Path) -> None:
    """Raise for column names that stand twice, which the table reader would rename."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file, delimiter=_separator(path)), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError([Fault(str(path), "a table of UTF-8 text with column names", quote(str(error)))]) from error
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise InputError([Fault(f"{path}: column {name}", "one column of this name", "several") for name in twice])


def _separator(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _columns(place: str, schema: pl.Schema, layout: FileLayout) -> Columns:
    """Return which column holds which cell; raise for all that are missing, there twice or neither text nor number."""
    names = schema.names()
    visit = choose_visit(layout.mapping, names, layout.visit)
    if isinstance(visit, Fault):
        raise InputError([Fault(f"{place}: {visit.where}", visit.expected, visit.found, visit.advice)])
    match = match_columns(layout.mapping, names, visit)
    faults = column_faults(place, match, layout.mapping, names)
    for name in match.columns.used:
        if schema[name].is_nested() or schema[name] in (pl.Binary, pl.Object):
            faults.append(Fault(f"{place}: column {name}", "text or numbers", str(schema[name])))
    if faults:
        raise InputError(faults)
    return match.columns


def _piece(
    frame: pl.DataFrame, columns: Columns, table_codes: TableCodes, layout: FileLayout, first: int, end: Position
) -> Piece:
    codes = table_codes.codes(frame, columns)
    names = tokens_of([frame[name] for name in columns.ids])
    refusals = _refusals(frame, names, codes, columns, layout.cells, first)
    codes[:, [refusal.row for refusal in refusals]] = 0
    converted = settle_legacy(codes)
    return Piece(names, codes.T, refusals, end, converted)


def _refusals(
    frame: pl.DataFrame,
    names: list[str],
    codes: Int8[ndarray, "cell row"],
    columns: Columns,
    cells: Cells,
    first: int,
) -> tuple[Refusal, ...]:
    nameless = np.array([name == NAMELESS for name in names], bool)
    rows = np.flatnonzero((codes == ILLEGAL).any(axis=0) | nameless)
    chosen = frame[rows]
    refusals = []
    for row, values, name in zip(
        rows.tolist(), chosen.iter_rows(named=True), values_of([names[row] for row in rows.tolist()]), strict=True
    ):
        number = first + row + 1
        faults = []
        if name is None:
            where = f"row {number}: {columns.ids[0]}"
            faults.append(Fault(where, "the name or number of the exam", "nothing"))
        wrong = np.flatnonzero(codes[:, row] == ILLEGAL).tolist()
        faults += [_cell_fault(cell, values, columns, cells, number) for cell in wrong]
        refusals.append(Refusal(row, number, name, tuple(faults)))
    return tuple(refusals)


def _cell_fault(cell: int, values: dict[str, object], columns: Columns, cells: Cells, number: int) -> Fault:
    column, choice = columns.cells[cell] or CELLS[cell].column, columns.choices[cell]
    text, chosen = (cell_text(values.get(name)) if name else "" for name in (column, choice))
    fault = cells.fault(CELLS[cell], column, text, choice, chosen)
    return Fault(f"row {number}: {fault.where}", fault.expected, fault.found)


def write_table(path: Path, exams: RecordedExams, ids: Sequence[ExamId]) -> None:
    """Write the table that `read_table` reads by the usual mapping."""
    frame = table_of(exams, ids)
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, separator=_separator(path))
