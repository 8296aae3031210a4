"""A batch of examinations as arrays: what was scored, before anything is concluded from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

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

_SHAPES = {
    "motor": (len(SIDES), len(MYOTOMES)),
    "light_touch": (len(SIDES), len(DERMATOMES)),
    "pin_prick": (len(SIDES), len(DERMATOMES)),
    "voluntary_anal_contraction": (),
    "deep_anal_pressure": (),
    "lowest_non_key_muscle": (len(SIDES),),
}
_TOP_SCORES = {"motor": NORMAL_STRENGTH, "light_touch": NORMAL_SENSATION, "pin_prick": NORMAL_SENSATION}


@dataclass(frozen=True, slots=True, eq=False)
class Exams:
    """A batch of fully testable examinations; the sides are right, then left.

    Parameters
    ----------
    motor
        Grades 0 to 5 of the key muscles, in the order of `MYOTOMES`.
    light_touch, pin_prick
        Scores 0 to 2 of the dermatomes, in the order of `DERMATOMES`.
    voluntary_anal_contraction, deep_anal_pressure
        Whether the finding is present.
    lowest_non_key_muscle
        Level number of the most caudal non-key muscle that moves, `NO_MUSCLE` where none is recorded.
    """

    motor: Int8[ndarray, "exam side muscle"]
    light_touch: Int8[ndarray, "exam side dermatome"]
    pin_prick: Int8[ndarray, "exam side dermatome"]
    voluntary_anal_contraction: Bool[ndarray, " exam"]
    deep_anal_pressure: Bool[ndarray, " exam"]
    lowest_non_key_muscle: Int8[ndarray, "exam side"]

    def __post_init__(self) -> None:
        faults = list(_shape_faults(self)) or list(_score_faults(self))
        if faults:
            raise InputError(faults)

    def __len__(self) -> int:
        return len(self.motor)

    def __getitem__(self, rows: slice | Int[ndarray, " chosen"] | Bool[ndarray, " exam"]) -> "Exams":
        """Return the exams of the chosen rows as a batch of their own."""
        return Exams(*(getattr(self, field.name)[rows] for field in fields(self)))


def concatenate(batches: Sequence[Exams]) -> Exams:
    """Return one batch that holds the exams of all batches, in their order."""
    columns = ([getattr(batch, field.name) for batch in batches] for field in fields(Exams))
    return Exams(*(np.concatenate(column) for column in columns))


def _dtype(name: str) -> np.dtype:
    return np.dtype(bool if _SHAPES[name] == () else np.int8)


def _shape_faults(exams: Exams) -> Iterator[Fault]:
    count = np.shape(exams.motor)[:1]
    for name, shape in _SHAPES.items():
        array = np.asarray(getattr(exams, name))
        expected, found = (*count, *shape), array.shape
        if array.dtype != _dtype(name) or expected != found:
            yield Fault(f"exams.{name}", f"{_dtype(name)} array of shape {expected}", f"{array.dtype} of shape {found}")


def _score_faults(exams: Exams) -> Iterator[Fault]:
    for name, top in _TOP_SCORES.items():
        # As unsigned numbers the negative scores are large: one pass over the array finds both kinds of mistake.
        scores = getattr(exams, name)
        if scores.size and scores.view(np.uint8).max() > top:
            yield Fault(f"exams.{name}", f"scores from 0 to {top}", f"{scores.min()} to {scores.max()}")
    muscles = exams.lowest_non_key_muscle
    strangers = muscles[~np.isin(muscles, (NO_MUSCLE, *MUSCLE_LEVELS))]
    if strangers.size:
        yield Fault("exams.lowest_non_key_muscle", f"{NO_MUSCLE} or one of {MUSCLE_LEVELS}", f"{strangers[0]}")
