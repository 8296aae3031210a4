"""A file of examinations in, a file of classifications out."""

import errno
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cordwise.errors import Fault, InputError
from cordwise.isncsci.answers import classification_lines, refusal_line
from cordwise.isncsci.classification import classify
from cordwise.isncsci.formats import CHUNK_SIZE, count_rows, read_pieces
from cordwise.isncsci.reading import Reading
from cordwise.progress import progress

_DONE, _SOME_REFUSED = 0, 2


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """How many exams a file held, and what became of them."""

    read: int
    classified: int
    refused: int

    @property
    def exit_code(self) -> int:
        """The code that a command ends with: 2 when any exam was refused."""
        return _SOME_REFUSED if self.refused else _DONE


def classify_file(source: Path, target: Path, *, quiet: bool = False, chunk_size: int = CHUNK_SIZE) -> BatchSummary:
    """Classify every exam of a file and write one line of JSON for each, in the order of the file.

    Parameters
    ----------
    source
        JSON lines, CSV or Parquet, by its suffix.
    target
        JSON lines; replaced only when all of `source` has been worked through.
    quiet
        Show no progress.
    chunk_size
        Exams held in memory at a time.
    """
    classified = refused = 0
    pieces = read_pieces(source, chunk_size=chunk_size)
    with (
        replaced_when_done(target) as file,
        progress("classifying", 0 if quiet else count_rows(source), quiet=quiet) as advance,
    ):
        for piece in pieces:
            file.writelines(f"{line}\n" for line in _lines(piece))
            classified += len(piece.rows)
            refused += len(piece.refusals)
            advance(len(piece))
    return BatchSummary(classified + refused, classified, refused)


def _lines(piece: Reading) -> Iterator[str]:
    """Yield the lines of classified and refused exams in the order they were read."""
    places = dict(zip(piece.rows, classification_lines(piece.ids, classify(piece.exams)), strict=True))
    places |= {refusal.row: refusal_line(refusal) for refusal in piece.refusals}
    return (places[row] for row in range(len(piece)))


@contextmanager
def replaced_when_done(target: Path) -> Generator[TextIO]:
    """Open a file beside `target` that takes its place at the end, or vanishes if anything fails."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a folder")
        file = partial.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        expected = "a place where a file can be written"
        raise InputError([Fault(str(target), expected, error.strerror or type(error).__name__)]) from error
    try:
        with file:
            yield file
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
