"""Sensory level, motor level and neurological level of injury (2019 revision), as numbers of `LEVELS`."""

import numpy as np
from jaxtyping import Int8
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
    S4_5,
    T1,
)
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.reasons import Decision, Reason, Whole

_NONE_WEAK = -1
# Compiled code takes plain numbers.
_TOUCH, _PRICK = int(Reason.LIGHT_TOUCH_IMPAIRED), int(Reason.PIN_PRICK_IMPAIRED)
_BOTH, _SENSATION_INTACT = int(Reason.BOTH_MODALITIES_IMPAIRED), int(Reason.SENSATION_INTACT)
_ABOVE_ARM, _IN_ARM = int(Reason.SENSATION_ENDS_ABOVE_ARM), int(Reason.SENSATION_ENDS_IN_ARM)
_IN_TRUNK, _IN_LEG = int(Reason.SENSATION_ENDS_IN_TRUNK), int(Reason.SENSATION_ENDS_IN_LEG)
_BELOW_LEG, _ALL_NORMAL = int(Reason.SENSATION_ENDS_BELOW_LEG), int(Reason.ALL_NORMAL)
_NO_CONTRACTION = int(Reason.ALL_NORMAL_BUT_NO_CONTRACTION)
_RESISTS, _TOO_WEAK = int(Reason.MUSCLE_RESISTS_GRAVITY), int(Reason.MUSCLE_TOO_WEAK)
_FIRST_OF_FOUR = int(Reason.RIGHT_SENSORY_LEVEL)
_MUSCLE_LEVELS = np.array(MUSCLE_LEVELS)


@compilable
def sensory_level(light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"]) -> Decision:
    """Return the level above the first dermatome that is not normal in both modalities, `INTACT` where all are."""
    for dermatome in range(light_touch.size):
        touch, prick = light_touch[dermatome] != NORMAL_SENSATION, pin_prick[dermatome] != NORMAL_SENSATION
        if touch or prick:
            reason = _BOTH if touch and prick else (_TOUCH if touch else _PRICK)
            return Decision(dermatome + FIRST_DERMATOME - 1, reason, dermatome + FIRST_DERMATOME)
    return Decision(INTACT, _SENSATION_INTACT, INTACT)


@compilable
def motor_level(motor: Int8[ndarray, " muscle"], sensory_level: Whole, voluntary_anal_contraction: bool) -> Decision:
    """Return the most caudal level of grade 3 or more above which all is normal.

    Where a level has no key muscle its dermatome stands in: the motor level then follows the sensory level of the side.
    The dermatomes C5 to T1 and L2 to S1 are not asked for, since there the muscles themselves were graded.
    """
    if sensory_level < C4:
        return Decision(sensory_level, _ABOVE_ARM, sensory_level)
    arm = _level_in_limb(motor, 0)
    if arm.value != _NONE_WEAK:
        return arm
    if sensory_level < L1:
        return _follow_sensation(sensory_level, T1, _IN_ARM, _IN_TRUNK)
    leg = _level_in_limb(motor, FIRST_LEG_MUSCLE)
    if leg.value != _NONE_WEAK:
        return leg
    if sensory_level < INTACT:
        return _follow_sensation(sensory_level, S1, _IN_LEG, _BELOW_LEG)
    if voluntary_anal_contraction:
        return Decision(INTACT, _ALL_NORMAL, INTACT)
    return Decision(S3, _NO_CONTRACTION, S4_5)


@compilable
def _follow_sensation(sensory_level: Whole, end_of_limb: int, within: int, beyond: int) -> Decision:
    """Return the sensory level, or the end of a strong limb where sensation ends within it."""
    if sensory_level <= end_of_limb:
        return Decision(end_of_limb, within, sensory_level)
    return Decision(sensory_level, beyond, sensory_level)


@compilable
def _level_in_limb(motor: Int8[ndarray, " muscle"], first: int) -> Decision:
    """Return the motor level that the first weak muscle of a limb sets, `_NONE_WEAK` where none is weak."""
    for muscle in range(first, first + MUSCLES_PER_LIMB):
        if motor[muscle] < NORMAL_STRENGTH:
            level = _MUSCLE_LEVELS[muscle]
            if motor[muscle] >= ANTIGRAVITY:
                return Decision(level, _RESISTS, level)
            return Decision(level - 1, _TOO_WEAK, level)
    return Decision(_NONE_WEAK, _ALL_NORMAL, INTACT)


@compilable
def neurological_level(sensory_levels: Int8[ndarray, " side"], motor_levels: Int8[ndarray, " side"]) -> Decision:
    """Return the most rostral of the sensory and motor levels of both sides."""
    found, reason = INTACT + 1, _FIRST_OF_FOUR
    for place in range(4):
        level = np.int64(sensory_levels[place] if place < 2 else motor_levels[place - 2])
        if level < found:
            found, reason = level, _FIRST_OF_FOUR + place
    return Decision(found, reason, found)


@compilable
def deepest_moving_muscle(motor: Int8[ndarray, " muscle"]) -> int:
    """Return the level of the most caudal key muscle with any grade above 0, `NO_MUSCLE` where there is none."""
    for muscle in range(motor.size - 1, -1, -1):
        if motor[muscle] > 0:
            return _MUSCLE_LEVELS[muscle]
    return NO_MUSCLE
