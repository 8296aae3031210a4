"""ASIA Impairment Scale (2019 revision): A complete, B sensory incomplete, C and D motor incomplete, E normal."""

from enum import IntEnum

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.anatomy import ANTIGRAVITY, INTACT, MUSCLE_LEVELS, S4_5
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.reasons import Decision, Reason, Whole

_MUSCLE_LEVELS = np.array(MUSCLE_LEVELS)
MORE_THAN_THREE_LEVELS = 4


class AIS(IntEnum):
    """Grade of the ASIA Impairment Scale; a greater number is less impairment."""

    A = 0
    B = 1
    C = 2
    D = 3
    E = 4


_A, _B, _C, _D, _E = (int(grade) for grade in AIS)  # compiled code takes plain numbers
_CONTRACTION, _SILENT = int(Reason.CONTRACTION), int(Reason.SACRUM_SILENT)
_KEY_MUSCLE, NON_KEY_MUSCLE_DECIDES = int(Reason.RIGHT_KEY_MUSCLE_FAR_BELOW), int(Reason.RIGHT_NON_KEY_MUSCLE_FAR_BELOW)
_NOTHING_FAR_BELOW, _NOT_MOTOR_INCOMPLETE = int(Reason.NOTHING_FAR_BELOW), int(Reason.NOT_MOTOR_INCOMPLETE)
_ALL_NORMAL, _COMPLETE = int(Reason.ALL_NORMAL), int(Reason.INJURY_COMPLETE)
_HALF, _FEWER = int(Reason.HALF_RESIST_GRAVITY), int(Reason.FEWER_THAN_HALF_RESIST_GRAVITY)


@compilable
def is_far_below(level: Whole, motor_level: Whole) -> bool:
    """Return whether a level lies more than three levels below the motor level of its side."""
    return bool(level >= motor_level + MORE_THAN_THREE_LEVELS)


@compilable
def motor_sparing(
    deepest_muscles: Int8[ndarray, " side"],
    non_key_muscles: Int8[ndarray, " side"],
    motor_levels: Int8[ndarray, " side"],
    sacral_sensation: Whole,
    voluntary_anal_contraction: bool,
) -> Decision:
    """Return whether an injury is motor incomplete; 1 if so.

    Movement more than three levels below the motor level of its side counts only where the sacrum feels.
    """
    if voluntary_anal_contraction:
        return Decision(1, _CONTRACTION, S4_5)
    if not sacral_sensation:
        return Decision(0, _SILENT, S4_5)
    for side in range(2):
        if is_far_below(deepest_muscles[side], motor_levels[side]):
            return Decision(1, _KEY_MUSCLE + side, np.int64(deepest_muscles[side]))
    for side in range(2):
        if is_far_below(non_key_muscles[side], motor_levels[side]):
            return Decision(1, NON_KEY_MUSCLE_DECIDES + side, np.int64(non_key_muscles[side]))
    return Decision(0, _NOTHING_FAR_BELOW, S4_5)


@compilable
def useful_muscles(motor: Int8[ndarray, "side muscle"], neurological_level: int) -> tuple[int, int]:
    """Return how many key muscles below the neurological level are 3 or better, and how many are there."""
    useful, muscles = 0, 0
    for side in range(motor.shape[0]):
        for muscle in range(motor.shape[1]):
            if _MUSCLE_LEVELS[muscle] > neurological_level:
                muscles += 1
                useful += int(motor[side, muscle] >= ANTIGRAVITY)
    return useful, muscles


@compilable
def impairment_grade(
    motor: Int8[ndarray, "side muscle"], neurological_level: int, complete: Whole, motor_incomplete: Whole
) -> Decision:
    """Return the grade as a number of `AIS`.

    E is given for a normal examination; that there once was a deficit, which E presumes, no examination can tell. Half
    of the muscles below the neurological level make a D; below S1 there is none, and none of none counts as half.
    """
    level = np.int64(neurological_level)  # an element of an array; a decision holds whole numbers of one kind
    if level == INTACT:
        return Decision(_E, _ALL_NORMAL, INTACT)
    if complete:
        return Decision(_A, _COMPLETE, level)
    if not motor_incomplete:
        return Decision(_B, _NOT_MOTOR_INCOMPLETE, level)
    useful, muscles = useful_muscles(motor, neurological_level)
    if 2 * useful >= muscles:
        return Decision(_D, _HALF, level)
    return Decision(_C, _FEWER, level)
