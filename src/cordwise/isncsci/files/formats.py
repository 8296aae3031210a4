"""Files of examinations, told apart by their suffix: read in pieces or whole, and written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from cordwise.base.errors import Fault, InputError
from cordwise.base.kinds import EXAMINATIONS, wrong_kind
from cordwise.isncsci.files.json_lines import read_json_lines
from cordwise.isncsci.files.layout import FileLayout, layout_of
from cordwise.isncsci.files.pieces import ExamId, Piece, Position, Reading, join
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.testable import Exams

JSON_LINES: Final = (".jsonl", ".ndjson")
TABLES: Final = (".csv", ".tsv", ".parquet")
CHUNK_SIZE: Final = 20_000
"""Exams held in memory at a time, unless the caller says otherwise."""
START: Final = Position()
_BLOCK: Final = 1 << 22  # bytes read at a time where only line ends are counted


def read_pieces(
    path: Path, layout: FileLayout | None = None, *, chunk_size: int = CHUNK_SIZE, start: Position = START
) -> Iterator[Piece]:
    """Yield the exams of a file piece by piece, so that its size does not matter.

    Raises `InputError` for what concerns the file as a whole: its name, its kind, missing columns. What is wrong with
    one exam is a refusal in the piece, and the others are read all the same.
    """
    check_file(path)
    layout = layout or layout_of()
    if path.suffix.lower() in JSON_LINES:
        pieces = read_json_lines(path, layout, chunk_size, start)
    else:
        from cordwise.isncsci.files.tables import read_table

        pieces = read_table(path, layout, chunk_size, start)
    return pieces if start != START else _at_least_one(path, pieces)


def _at_least_one(path: Path, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a file; raise `InputError` after the last where none held a row."""
    read = 0
    for piece in pieces:
        read += len(piece)
        yield piece
    if not read:
        raise InputError([Fault(str(path), "at least one examination", "none")])


def read_exams(path: Path, layout: FileLayout | None = None) -> Reading:
    """Return all exams of a file, and its refusals."""
    return join(read_pieces(path, layout))


def count_rows(path: Path) -> int:
    """Return about how many exams a file holds, without judging them: exactly, but that blank lines count."""
    check_file(path)
    if path.suffix.lower() in TABLES:
        from cordwise.isncsci.files.tables import count_table_rows

        return count_table_rows(path)
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


def has_number_names(path: Path, layout: FileLayout) -> bool:
    """Return whether all exams of a file are named by whole numbers, which lines of JSON do not tell beforehand."""
    if path.suffix.lower() not in TABLES:
        return False
    from cordwise.isncsci.files.tables import names_are_numbers

    return names_are_numbers(path, layout)


def write_exams(path: Path, exams: Exams | RecordedExams, ids: Sequence[ExamId]) -> None:
    """Write exams to a file of the kind that its suffix says, in the usual layout, to be read again."""
    from cordwise.isncsci.files.tables import write_table
    from cordwise.isncsci.files.writing import json_lines

    check_suffix(path)
    recorded = RecordedExams.from_exams(exams) if isinstance(exams, Exams) else exams
    if path.suffix.lower() in JSON_LINES:
        path.write_text("".join(f"{line}\n" for line in json_lines(recorded, ids)), encoding="utf-8", newline="\n")
    else:
        write_table(path, recorded, ids)


def check_file(path: Path, known: Sequence[str] = (*JSON_LINES, *TABLES)) -> None:
    """Raise where a file cannot be read, is an input of another kind, or is of no known kind."""
    if fault := wrong_kind(path, None, EXAMINATIONS.folder, EXAMINATIONS.name):
        raise InputError([fault])
    try:
        path.open("rb").close()
    except OSError as error:
        raise InputError(
            [Fault(str(path), "a file that can be read", error.strerror or type(error).__name__)]
        ) from error
    check_suffix(path, known)


def check_suffix(path: Path, known: Sequence[str] = (*JSON_LINES, *TABLES)) -> None:
    """Raise where the suffix of a file is of no known kind."""
    if path.suffix.lower() not in known:
        raise InputError([Fault(str(path), f"a file name that ends in {', '.join(known)}", path.suffix or "no ending")])
