"""Sensory level, motor level and neurological level of injury: how far down the cord is still normal."""

import numpy as np
from jaxtyping import Int8
from numba import njit
from numpy import ndarray

from cordwise.isncsci.anatomy import (
    ANTIGRAVITY,
    C4,
    FIRST_DERMATOME,
    FIRST_LEG_MUSCLE,
    INTACT,
    L1,
    MUSCLE_LEVELS,
    MUSCLES_PER_LIMB,
    NO_MUSCLE,
    NORMAL_SENSATION,
    NORMAL_STRENGTH,
    S1,
    S3,
    T1,
)

_NONE_WEAK = -1
_MUSCLE_LEVELS = np.array(MUSCLE_LEVELS)


@njit(cache=True, error_model="numpy")
def sensory_level(light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"]) -> int:
    """Return the level above the first dermatome that is not normal in both modalities, `INTACT` where all are."""
    for dermatome in range(light_touch.size):
        if light_touch[dermatome] != NORMAL_SENSATION or pin_prick[dermatome] != NORMAL_SENSATION:
            return dermatome + FIRST_DERMATOME - 1
    return INTACT


@njit(cache=True, error_model="numpy")
def motor_level(motor: Int8[ndarray, " muscle"], sensory_level: int, voluntary_anal_contraction: bool) -> int:
    """Return the most caudal level of grade 3 or more above which all is normal.

    Where a level has no key muscle its dermatome stands in: the motor level then follows the sensory level of the side.
    The dermatomes C5 to T1 and L2 to S1 are not asked for, since there the muscles themselves were graded.
    """
    if sensory_level < C4:
        return sensory_level
    arm = _level_in_limb(motor, 0)
    if arm != _NONE_WEAK:
        return arm
    if sensory_level < L1:
        return max(sensory_level, T1)
    leg = _level_in_limb(motor, FIRST_LEG_MUSCLE)
    if leg != _NONE_WEAK:
        return leg
    if sensory_level == INTACT and not voluntary_anal_contraction:
        return S3
    return max(sensory_level, S1)


@njit(cache=True, error_model="numpy")
def _level_in_limb(motor: Int8[ndarray, " muscle"], first: int) -> int:
    """Return the motor level that the first weak muscle of a limb sets, `_NONE_WEAK` where none is weak."""
    for muscle in range(first, first + MUSCLES_PER_LIMB):
        if motor[muscle] < NORMAL_STRENGTH:
            level = _MUSCLE_LEVELS[muscle]
            return level if motor[muscle] >= ANTIGRAVITY else level - 1
    return _NONE_WEAK


@njit(cache=True, error_model="numpy")
def neurological_level(sensory_levels: Int8[ndarray, " side"], motor_levels: Int8[ndarray, " side"]) -> int:
    """Return the most rostral of the sensory and motor levels of both sides."""
    return min(sensory_levels[0], sensory_levels[1], motor_levels[0], motor_levels[1])


@njit(cache=True, error_model="numpy")
def deepest_moving_muscle(motor: Int8[ndarray, " muscle"]) -> int:
    """Return the level of the most caudal key muscle with any grade above 0, `NO_MUSCLE` where there is none."""
    for muscle in range(motor.size - 1, -1, -1):
        if motor[muscle] > 0:
            return _MUSCLE_LEVELS[muscle]
    return NO_MUSCLE
