"""What a piece of a file gave: the exams that could be read, and for each other row why it was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int8

from cordwise.errors import Fault
from cordwise.isncsci.cells import CELLS
from cordwise.isncsci.exam import Exams, concatenate, no_exams

ExamId = str | int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not classified: its place among the rows of the reading, its name and all its faults."""

    row: int
    id: ExamId | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Exams with their names and places, and refusals with theirs; together they are all rows that were read."""

    exams: Exams
    ids: tuple[ExamId, ...]
    rows: tuple[int, ...]
    refusals: tuple[Refusal, ...]

    def __len__(self) -> int:
        return len(self.rows) + len(self.refusals)


def join(readings: Iterable[Reading]) -> Reading:
    """Return one reading that holds the rows of all, counted through."""
    exams: list[Exams] = [no_exams()]
    ids: list[ExamId] = []
    rows: list[int] = []
    refusals: list[Refusal] = []
    for reading in readings:
        first = len(rows) + len(refusals)
        exams.append(reading.exams)
        ids += reading.ids
        rows += [first + row for row in reading.rows]
        refusals += [Refusal(first + refusal.row, refusal.id, refusal.faults) for refusal in reading.refusals]
    return Reading(concatenate(exams), tuple(ids), tuple(rows), tuple(refusals))


def codes_from_bytes(codes: Sequence[bytes]) -> Int8[np.ndarray, "exam cell"]:
    """Return the code matrix whose rows are the given bytes."""
    return np.frombuffer(b"".join(codes), np.int8).reshape(len(codes), len(CELLS))
