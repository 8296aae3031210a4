"""What a recorded cell may stand for, and the facts about a side that follow, one bit for each muscle or dermatome.

Tagged scores have two readings. As assumed, a score counts for what it would be without the other condition; as
examined, the tag is dropped. What is not testable or not recorded may be any score in both, unless its tag says more.
Either way a cell may hold every score from a lowest to a highest, and the rules ask of that range only a few questions.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Int8, Int64
from numpy import ndarray

from cordwise.isncsci.anatomy import ANTIGRAVITY, DERMATOMES, MYOTOMES, NO_MUSCLE, NORMAL_SENSATION, NORMAL_STRENGTH
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.recorded import (
    ASSUMED_ZERO,
    NORMAL,
    NOT_NORMAL,
    NOT_RECORDED,
    NOT_TESTABLE,
    READING,
    UNTAGGED,
    legal_codes,
)

ASSUMED, EXAMINED = range(2)
"""The two readings of an examination."""


def score_range(code: int, top: int, reading: int) -> tuple[int, int]:
    """Return the lowest and the highest score, of 0 to `top`, that a cell may stand for under a reading."""
    tag, score = (UNTAGGED, NOT_TESTABLE) if code == NOT_RECORDED else divmod(code, READING)
    lowest, highest = (0, top) if score == NOT_TESTABLE else (score, score)
    if reading == EXAMINED or tag == UNTAGGED:
        return lowest, highest
    if tag == NOT_NORMAL:
        return lowest, top - 1
    return (top, top) if tag == NORMAL else (tag - ASSUMED_ZERO, tag - ASSUMED_ZERO)


_MUSCLES: Final = len(MYOTOMES)
_ALL_MUSCLES: Final = (1 << _MUSCLES) - 1
_ALL_DERMATOMES: Final = (1 << len(DERMATOMES)) - 1
_SECOND_QUESTION: Final = 32
_TABLE_LENGTH: Final = 1 + max(legal_codes(NORMAL_STRENGTH)) - NOT_RECORDED
_Question = Callable[[int, int], bool]

_ASKED_OF_MUSCLES: Final[tuple[_Question, ...]] = (
    lambda lowest, highest: highest == NORMAL_STRENGTH,
    lambda lowest, highest: lowest < NORMAL_STRENGTH and highest >= ANTIGRAVITY,
    lambda lowest, highest: lowest < ANTIGRAVITY,
    lambda lowest, highest: highest >= ANTIGRAVITY,
    lambda lowest, highest: highest > 0,
    lambda lowest, highest: lowest > 0,
)
_ASKED_OF_BOTH: Final[tuple[_Question, ...]] = (
    lambda lowest, highest: highest == NORMAL_SENSATION,
    lambda lowest, highest: lowest == 0,
)
_ASKED_OF_EITHER: Final[tuple[_Question, ...]] = (
    lambda lowest, highest: lowest < NORMAL_SENSATION,
    lambda lowest, highest: highest > 0,
)


def _answers(questions: tuple[_Question, ...], top: int, stride: int) -> Int64[ndarray, "reading code"]:
    """Return, for each reading and each code less `NOT_RECORDED`, the answers as bits that lie `stride` apart."""
    table = np.zeros((2, _TABLE_LENGTH), np.int64)
    for reading in (ASSUMED, EXAMINED):
        for code in legal_codes(top):
            ends = score_range(code, top, reading)
            bits = (int(asks(*ends)) << place * stride for place, asks in enumerate(questions))
            table[reading, code - NOT_RECORDED] = sum(bits)
    return table


_MUSCLE_ANSWERS = _answers(_ASKED_OF_MUSCLES, NORMAL_STRENGTH, _MUSCLES)
_BOTH_ANSWERS = _answers(_ASKED_OF_BOTH, NORMAL_SENSATION, _SECOND_QUESTION)
_EITHER_ANSWERS = _answers(_ASKED_OF_EITHER, NORMAL_SENSATION, _SECOND_QUESTION)


Bits = int | np.int64
"""A set, as the bits of a whole number."""


class PossibleMuscles(NamedTuple):
    """Key muscles of a side, bit i for muscle i of `MYOTOMES`: those that may be so, and those that must move."""

    strong: Bits  # may be 5
    fair: Bits  # may be 3 or 4
    weak: Bits  # may be 0 to 2
    useful: Bits  # may be 3 or better
    may_move: Bits
    must_move: Bits


class Sensation(NamedTuple):
    """Dermatomes of a side, bit i for dermatome i of `DERMATOMES`, that may be so in light touch and pin prick."""

    normal: Bits  # both 2
    silent: Bits  # both 0
    impaired: Bits  # either below 2
    felt: Bits  # either above 0


class Side(NamedTuple):
    """What one reading of a side leaves open; `non_key` is the bit of the non-key muscle's level, 0 for none."""

    sensation: Sensation
    muscles: PossibleMuscles
    non_key: Bits


@compilable
def read_muscles(motor: Int8[ndarray, " muscle"], reading: int) -> PossibleMuscles:
    """Return what the codes of a side's key muscles leave open."""
    word = np.int64(0)
    for muscle in range(motor.size):
        word |= _MUSCLE_ANSWERS[reading, np.int64(motor[muscle]) - NOT_RECORDED] << np.int64(muscle)
    return PossibleMuscles(
        word & _ALL_MUSCLES,
        word >> _MUSCLES & _ALL_MUSCLES,
        word >> 2 * _MUSCLES & _ALL_MUSCLES,
        word >> 3 * _MUSCLES & _ALL_MUSCLES,
        word >> 4 * _MUSCLES & _ALL_MUSCLES,
        word >> 5 * _MUSCLES & _ALL_MUSCLES,
    )


@compilable
def read_sensation(
    light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"], reading: int
) -> Sensation:
    """Return what the codes of a side's dermatomes leave open."""
    both, either = np.int64(0), np.int64(0)
    for dermatome in range(light_touch.size):
        place = np.int64(dermatome)
        touch = np.int64(light_touch[dermatome]) - NOT_RECORDED
        prick = np.int64(pin_prick[dermatome]) - NOT_RECORDED
        both |= (_BOTH_ANSWERS[reading, touch] & _BOTH_ANSWERS[reading, prick]) << place
        either |= (_EITHER_ANSWERS[reading, touch] | _EITHER_ANSWERS[reading, prick]) << place
    return Sensation(
        both & _ALL_DERMATOMES,
        both >> _SECOND_QUESTION & _ALL_DERMATOMES,
        either & _ALL_DERMATOMES,
        either >> _SECOND_QUESTION & _ALL_DERMATOMES,
    )


@compilable
def read_side(
    motor: Int8[ndarray, " muscle"],
    light_touch: Int8[ndarray, " dermatome"],
    pin_prick: Int8[ndarray, " dermatome"],
    non_key_muscle: int,
    reading: int,
) -> Side:
    """Return what one reading of a side leaves open."""
    non_key = np.int64(0) if non_key_muscle == NO_MUSCLE else np.int64(1) << np.int64(non_key_muscle)
    return Side(read_sensation(light_touch, pin_prick, reading), read_muscles(motor, reading), non_key)
