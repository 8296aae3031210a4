"""Examinations as a wide table, one row an exam and one column a cell, in CSV or Parquet."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
from jaxtyping import Int8
from numpy import ndarray

from cordwise.errors import Fault, InputError
from cordwise.isncsci.anatomy import LEVELS, MYOTOMES, NO_MUSCLE, canonical_level
from cordwise.isncsci.cells import (
    CELLS,
    ILLEGAL,
    Cell,
    cell_code,
    codes_of,
    exams_of,
    expectation,
    quote,
)
from cordwise.isncsci.exam import Exams
from cordwise.isncsci.reading import ExamId, Reading, Refusal

ID = "id"
_COLUMNS = (ID, *(cell.column for cell in CELLS))


def read_wide_table(path: Path, chunk_size: int) -> Iterator[Reading]:
    """Yield the exams of a file, about `chunk_size` rows at a time."""
    with _faults_of_the_file(path):
        table = _scan(path)
        chosen = table.select(_selection(path, table.collect_schema().names()))
        first = 0
        for piece in chosen.collect_batches(chunk_size=chunk_size, maintain_order=True):
            yield _read_piece(piece, first)
            first += piece.height


def count_table_rows(path: Path) -> int:
    """Return the number of rows of a table."""
    with _faults_of_the_file(path):
        return _scan(path).select(pl.len()).collect().item()


def write_wide_table(path: Path, exams: Exams, ids: Sequence[ExamId]) -> None:
    """Write the table that `read_wide_table` reads, with scores as whole numbers."""
    frame = wide_frame(exams, ids)
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, separator=_separator(path))


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
        return pl.scan_parquet(path)
    return pl.scan_csv(path, infer_schema=False, separator=_separator(path))


def _separator(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","


def _selection(path: Path, names: Sequence[str]) -> list[pl.Expr]:
    """Return the needed columns under their usual names; raise for all that are missing or there twice."""
    written: dict[str, list[str]] = {}
    for name in names:
        written.setdefault(_usual_name(name), []).append(name)
    faults = [
        Fault(f"{path}: column {column}", "one column of this name", " and ".join(written.get(column, ())) or "none")
        for column in _COLUMNS
        if len(written.get(column, ())) != 1
    ]
    if faults:
        raise InputError(faults)
    return [pl.col(written[column][0]).alias(column) for column in _COLUMNS]


def _usual_name(column: str) -> str:
    """Return a column's name with its level spelt as in `LEVELS`: `right_pin_prick_S4-5` as `…_S4_5`."""
    stem = column.strip()
    for kind in ("motor_", "light_touch_", "pin_prick_"):
        before, found, level = stem.partition(kind)
        if found:
            return f"{before}{found}{canonical_level(level)}"
    return stem


def _read_piece(piece: pl.DataFrame, first: int) -> Reading:
    texts = piece.select(pl.all().cast(pl.String).str.strip_chars().fill_null(""))
    codes = _codes(texts)
    names = piece[ID] if piece[ID].dtype.is_integer() else texts[ID]
    refused = _faults_by_row(texts, codes, first)
    rows = np.array([row for row in range(piece.height) if row not in refused], np.int64)
    return Reading(
        exams_of(codes[rows]),
        tuple(names.gather(rows).to_list()),
        tuple(rows.tolist()),
        tuple(Refusal(row, _name(names[row]), tuple(refused[row])) for row in sorted(refused)),
    )


def _name(value: ExamId | None) -> ExamId | None:
    return None if value == "" else value


def _codes(texts: pl.DataFrame) -> Int8[ndarray, "exam cell"]:
    """Return the codes of all cells; each text that occurs in a column is judged once."""
    occurring = texts.select(pl.all().unique().implode()).row(0, named=True)
    return texts.select(
        pl.col(cell.column).replace_strict(
            {text: cell_code(cell.kind, text) for text in occurring[cell.column]}, return_dtype=pl.Int8
        )
        for cell in CELLS
    ).to_numpy()


def _faults_by_row(texts: pl.DataFrame, codes: Int8[ndarray, "exam cell"], first: int) -> dict[int, list[Fault]]:
    faults: dict[int, list[Fault]] = {}
    for row in np.flatnonzero(texts[ID] == ""):
        where = f"row {first + int(row) + 1}: {ID}"
        faults.setdefault(int(row), []).append(Fault(where, "the name or number of the exam", quote("")))
    for row, column in np.argwhere(codes == ILLEGAL):
        cell = CELLS[column]
        text = texts[cell.column][int(row)]
        fault = Fault(cell.column, expectation(cell.kind, text), quote(text))
        faults.setdefault(int(row), []).append(fault)
    return faults


def wide_frame(exams: Exams, ids: Sequence[ExamId]) -> pl.DataFrame:
    """Return exams as a wide table."""
    codes = codes_of(exams)
    columns = [_written(cell, pl.Series(cell.column, codes[:, number])) for number, cell in enumerate(CELLS)]
    return pl.DataFrame([pl.Series(ID, ids), *columns])


def _written(cell: Cell, codes: pl.Series) -> pl.Series:
    words: dict[int, str | None] = {0: "No", 1: "Yes"}
    if cell.kind == "non_key_muscle":
        words = {NO_MUSCLE: None} | {LEVELS.index(name): name for name in MYOTOMES}
    elif cell.kind != "finding":
        return codes
    return codes.replace_strict(words, return_dtype=pl.String)
