"""ASIA Impairment Scale: A for complete, B to D for what is spared below, E for a normal examination."""

from enum import IntEnum

import numpy as np
from jaxtyping import Int8
from numba import njit
from numpy import ndarray

from cordwise.isncsci.anatomy import ANTIGRAVITY, INTACT, MUSCLE_LEVELS

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


@njit(cache=True, error_model="numpy")
def is_far_below(level: int, motor_level: int) -> bool:
    """Return whether a level lies more than three levels below the motor level of its side."""
    return level >= motor_level + MORE_THAN_THREE_LEVELS


@njit(cache=True, error_model="numpy")
def spares_far_below(levels: Int8[ndarray, " side"], motor_levels: Int8[ndarray, " side"]) -> bool:
    """Return whether, on either side, the level given for it lies more than three below the motor level there."""
    return is_far_below(levels[0], motor_levels[0]) or is_far_below(levels[1], motor_levels[1])


@njit(cache=True, error_model="numpy")
def most_muscles_resist_gravity(motor: Int8[ndarray, "side muscle"], neurological_level: int) -> bool:
    """Return whether at least half of the key muscles below the neurological level, of both sides, are 3 or better.

    Below S1 there is no key muscle; none of none counts as half.
    """
    balance = 0
    for side in range(motor.shape[0]):
        for muscle in range(motor.shape[1]):
            if _MUSCLE_LEVELS[muscle] > neurological_level:
                balance += 1 if motor[side, muscle] >= ANTIGRAVITY else -1
    return balance >= 0


@njit(cache=True, error_model="numpy")
def impairment_grade(
    motor: Int8[ndarray, "side muscle"], neurological_level: int, complete: bool, motor_incomplete: bool
) -> int:
    """Return the grade as a number of `AIS`.

    E is given for a normal examination; that there once was a deficit, which E presumes, no examination can tell.
    """
    if neurological_level == INTACT:
        return _E
    if complete:
        return _A
    if not motor_incomplete:
        return _B
    return _D if most_muscles_resist_gravity(motor, neurological_level) else _C
