"""Examinations as they were written down: scores, what could not be tested, what another condition altered, blanks.

A cell is one small whole number. A score stands for itself and `NOT_TESTABLE` for NT; a tag adds `READING` times the
way in which the tagged score is to be read: 1 for one star (consider not normal), 2 for two (consider normal), and
3 + v where the examiner named the value v to assume. So 13 is `3*`, 26 is `NT**`, and 53 is a 3 to be read as 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from jaxtyping import Bool, Int, Int8
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.anatomy import (
    DERMATOMES,
    MUSCLE_LEVELS,
    MYOTOMES,
    NO_MUSCLE,
    NORMAL_SENSATION,
    NORMAL_STRENGTH,
    SIDES,
)
from cordwise.isncsci.testable import Exams

NOT_TESTABLE: Final = 6
"""Code of NT, also of a finding at the anus."""
NOT_RECORDED: Final = -1
"""Code of a blank: nobody says whether it was tested."""
READING: Final = 10
"""A code is a score plus this many times its reading."""
UNTAGGED, NOT_NORMAL, NORMAL, ASSUMED_ZERO = range(4)
"""Readings; `ASSUMED_ZERO + v` reads the score as the value v."""

_TOP_SCORES: Final = {"motor": NORMAL_STRENGTH, "light_touch": NORMAL_SENSATION, "pin_prick": NORMAL_SENSATION}
_FINDINGS: Final = ("voluntary_anal_contraction", "deep_anal_pressure")
_FAULTS_SHOWN: Final = 20


def legal_codes(top: int) -> frozenset[int]:
    """Return the codes that a cell with scores from 0 to `top` may hold; a normal score cannot be tagged."""
    readings = range(UNTAGGED + 1, ASSUMED_ZERO + top + 1)
    tagged = (score + READING * reading for reading in readings for score in (*range(top), NOT_TESTABLE))
    return frozenset((NOT_RECORDED, *range(top + 1), NOT_TESTABLE, *tagged))


FINDING_CODES: Final = frozenset((NOT_RECORDED, 0, 1, NOT_TESTABLE))
MUSCLE_CODES: Final = frozenset((NO_MUSCLE, *MUSCLE_LEVELS))
_LEGAL: Final = {
    **{name: legal_codes(top) for name, top in _TOP_SCORES.items()},
    **dict.fromkeys(_FINDINGS, FINDING_CODES),
    "lowest_non_key_muscle": MUSCLE_CODES,
}
_COLUMNS: Final = {
    "motor": (SIDES, MYOTOMES),
    "light_touch": (SIDES, DERMATOMES),
    "pin_prick": (SIDES, DERMATOMES),
    "voluntary_anal_contraction": (),
    "deep_anal_pressure": (),
    "lowest_non_key_muscle": (SIDES,),
}


@dataclass(frozen=True, slots=True, eq=False)
class RecordedExams:
    """A batch of examinations as codes, whether or not everything could be tested; the sides are right, then left.

    Parameters
    ----------
    motor
        Codes of the key muscles, in the order of `MYOTOMES`; grades 0 to 5.
    light_touch, pin_prick
        Codes of the dermatomes, in the order of `DERMATOMES`; scores 0 to 2.
    voluntary_anal_contraction, deep_anal_pressure
        0 for absent, 1 for present, `NOT_TESTABLE` or `NOT_RECORDED`; a finding has no tag.
    lowest_non_key_muscle
        Level number of the most caudal non-key muscle that moves, `NO_MUSCLE` where none is recorded.
    """

    motor: Int8[ndarray, "exam side muscle"]
    light_touch: Int8[ndarray, "exam side dermatome"]
    pin_prick: Int8[ndarray, "exam side dermatome"]
    voluntary_anal_contraction: Int8[ndarray, " exam"]
    deep_anal_pressure: Int8[ndarray, " exam"]
    lowest_non_key_muscle: Int8[ndarray, "exam side"]

    def __post_init__(self) -> None:
        faults = list(_shape_faults(self)) or list(_code_faults(self))
        if faults:
            raise InputError(faults)

    def __len__(self) -> int:
        return len(self.motor)

    def __getitem__(self, rows: slice | Int[ndarray, " chosen"] | Bool[ndarray, " exam"]) -> "RecordedExams":
        """Return the exams of the chosen rows as a batch of their own."""
        return RecordedExams(*(getattr(self, field.name)[rows] for field in fields(self)))

    @classmethod
    def from_exams(cls, exams: Exams) -> "RecordedExams":
        """Return fully testable exams as they would be written down."""
        return cls(*(getattr(exams, field.name).astype(np.int8, copy=False) for field in fields(cls)))


def _shape_faults(exams: RecordedExams) -> Iterator[Fault]:
    count = np.shape(exams.motor)[:1]
    for name, axes in _COLUMNS.items():
        array, shape = np.asarray(getattr(exams, name)), (*count, *map(len, axes))
        if array.dtype != np.int8 or array.shape != shape:
            yield Fault(f"exams.{name}", f"int8 array of shape {shape}", f"{array.dtype} of shape {array.shape}")


def _code_faults(exams: RecordedExams) -> Iterator[Fault]:
    """Yield a fault for each cell with an illegal code, and one for those beyond the first few."""
    found = [(name, place) for name in _COLUMNS for place in _illegal_places(exams, name)]
    for name, place in found[:_FAULTS_SHOWN]:
        labels = (axis[index] for axis, index in zip(_COLUMNS[name], place[1:], strict=True))
        where = f"exams.{name}[{', '.join((str(place[0]), *labels))}]"
        yield Fault(where, f"one of {sorted(_LEGAL[name])}", str(getattr(exams, name)[place]))
    if len(found) > _FAULTS_SHOWN:
        yield Fault("exams", "legal codes in all cells", f"{len(found) - _FAULTS_SHOWN} more that are not")


def _illegal_places(exams: RecordedExams, name: str) -> list[tuple[int, ...]]:
    legal = np.zeros(np.iinfo(np.uint8).max + 1, bool)
    legal[np.array(sorted(_LEGAL[name]), np.int8).view(np.uint8)] = True
    good = legal[np.ascontiguousarray(getattr(exams, name)).view(np.uint8)]
    return [] if good.all() else [tuple(place) for place in np.argwhere(~good).tolist()]
