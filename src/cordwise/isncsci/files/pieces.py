"""What a piece of a file gave: a row of codes for each examination, and for a refused row all its faults."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int8
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.isncsci.classified_exam import ExamId
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import CELLS, exams_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not classified: its place in the reading, its number in the file, its name and all its faults."""

    row: int
    number: int
    id: ExamId | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows of a file from where reading can go on: rows before it, and bytes in a file of lines."""

    rows: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some rows of a file, in their order; the codes of a refused row mean nothing.

    Parameters
    ----------
    names
        The name of each row as a JSON token, `17` or `"p17"`; `null` where it has none.
    codes
        Codes of the cells, in the order of `CELLS`.
    refusals
        The refused rows, rising.
    end
        Where the file goes on.
    converted
        Scores `5*` that were read as 5 on request.
    """

    names: list[str]
    codes: Int8[ndarray, "exam cell"]
    refusals: tuple[Refusal, ...]
    end: Position
    converted: int

    def __len__(self) -> int:
        return len(self.codes)

    def is_read(self) -> Bool[ndarray, " exam"]:
        """Return which rows hold an examination."""
        read = np.ones(len(self), bool)
        read[[refusal.row for refusal in self.refusals]] = False
        return read


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Exams with their names and places, and refusals with theirs; together they are all rows that were read."""

    exams: RecordedExams
    ids: tuple[ExamId, ...]
    rows: tuple[int, ...]
    refusals: tuple[Refusal, ...]
    converted: int

    def __len__(self) -> int:
        return len(self.rows) + len(self.refusals)


def join(pieces: Iterable[Piece]) -> Reading:
    """Return one reading that holds the rows of all pieces, counted through."""
    codes, ids, rows, refusals = [np.empty((0, len(CELLS)), np.int8)], [], [], []
    first = converted = 0
    for piece in pieces:
        read = np.flatnonzero(piece.is_read())
        codes.append(piece.codes[read])
        ids += values_of([piece.names[row] for row in read.tolist()])
        rows += (read + first).tolist()
        refusals += [Refusal(first + one.row, one.number, one.id, one.faults) for one in piece.refusals]
        first += len(piece)
        converted += piece.converted
    return Reading(exams_of(np.concatenate(codes)), tuple(ids), tuple(rows), tuple(refusals), converted)


def values_of(names: Sequence[str]) -> list[ExamId | None]:
    """Return the names of exams from their JSON tokens."""
    return [json.loads(name) for name in names]
