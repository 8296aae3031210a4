"""Files of examinations, told apart by their suffix: read in pieces or whole, and written."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from cordwise.errors import Fault, InputError
from cordwise.isncsci.exam import Exams
from cordwise.isncsci.json_lines import json_lines, read_json_lines
from cordwise.isncsci.reading import ExamId, Reading, join

JSON_LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv", ".parquet")
CHUNK_SIZE = 20_000
"""Exams held in memory at a time, unless the caller says otherwise."""


def read_pieces(path: Path, *, chunk_size: int = CHUNK_SIZE) -> Iterator[Reading]:
    """Yield the exams of a file piece by piece, so that its size does not matter.

    Raises `InputError` for what concerns the file as a whole: its name, its kind, missing columns. What is wrong with
    one exam is a refusal in the reading, and the others are read all the same.
    """
    _check_file(path)
    if path.suffix.lower() in JSON_LINES:
        return read_json_lines(path, chunk_size)
    from cordwise.isncsci.wide_table import read_wide_table  # loads polars, which JSON lines do without

    return read_wide_table(path, chunk_size)


def read_exams(path: Path) -> Reading:
    """Return all exams of a file, and its refusals."""
    return join(read_pieces(path))


def count_rows(path: Path) -> int:
    """Return how many exams a file holds, without judging them."""
    _check_file(path)
    if path.suffix.lower() in JSON_LINES:
        with path.open("rb") as file:
            return sum(1 for line in file if line.strip())
    from cordwise.isncsci.wide_table import count_table_rows

    return count_table_rows(path)


def write_exams(path: Path, exams: Exams, ids: Sequence[ExamId]) -> None:
    """Write exams to a file of the kind that its suffix says, to be read again."""
    _check_suffix(path)
    if path.suffix.lower() in JSON_LINES:
        path.write_text("".join(f"{line}\n" for line in json_lines(exams, ids)))
        return
    from cordwise.isncsci.wide_table import write_wide_table

    write_wide_table(path, exams, ids)


def _check_file(path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise InputError(
            [Fault(str(path), "a file that can be read", error.strerror or type(error).__name__)]
        ) from error
    _check_suffix(path)


def _check_suffix(path: Path) -> None:
    known = (*JSON_LINES, *TABLES)
    if path.suffix.lower() not in known:
        raise InputError([Fault(str(path), f"a file name that ends in {', '.join(known)}", path.suffix or "no ending")])
