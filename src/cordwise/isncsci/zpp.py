"""Zones of partial preservation: the most caudal level with anything left, where the sacral segments are silent.

Since the 2019 revision they no longer depend on the grade: the sensory zone applies to a side without sacral sensation,
the motor zone to an examination without voluntary anal contraction.
"""

from enum import StrEnum

from jaxtyping import Int8
from numba import njit
from numpy import ndarray

from cordwise.isncsci.ais import AIS, is_far_below
from cordwise.isncsci.anatomy import FIRST_DERMATOME, NOT_APPLICABLE, SACRAL_DERMATOME
from cordwise.isncsci.completeness import feels_at_s4_5


class NonKeyZpp(StrEnum):
    """When a non-key muscle enters the motor zone, which the published standard leaves open."""

    STANDARD = "standard"
    PEER = "peer"
    NEVER = "never"


NOT_AT_ALL, BELOW_MOTOR_LEVEL, BELOW_ZONE = range(3)
_C = int(AIS.C)
STANDARD, PEER, NEVER = range(len(NonKeyZpp))  # compiled code takes plain numbers


@njit(cache=True, error_model="numpy")
def sensory_zpp(
    light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"], deep_anal_pressure: bool
) -> int:
    """Return the most caudal level of a side that feels anything, C1 where none does."""
    if deep_anal_pressure or feels_at_s4_5(light_touch, pin_prick):
        return NOT_APPLICABLE
    for dermatome in range(SACRAL_DERMATOME - 1, -1, -1):
        if light_touch[dermatome] > 0 or pin_prick[dermatome] > 0:
            return dermatome + FIRST_DERMATOME
    return 0


@njit(cache=True, error_model="numpy")
def motor_zpp(
    motor_level: int, deepest_muscle: int, non_key_muscle: int, voluntary_anal_contraction: bool, non_key_enters: int
) -> int:
    """Return the most caudal level of a side that moves, at least its motor level.

    A non-key muscle `non_key_enters` where it lies far below the motor level (`BELOW_MOTOR_LEVEL`), far below the zone
    of the key muscles (`BELOW_ZONE`), or `NOT_AT_ALL`.
    """
    if voluntary_anal_contraction:
        return NOT_APPLICABLE
    zone = max(motor_level, deepest_muscle)
    origin = zone if non_key_enters == BELOW_ZONE else motor_level
    if non_key_enters != NOT_AT_ALL and is_far_below(non_key_muscle, origin):
        return max(zone, non_key_muscle)
    return zone


@njit(cache=True, error_model="numpy")
def measured_from(rule: int, non_key_decides: bool, grade: int) -> int:
    """Return what a non-key muscle must lie far below to enter the motor zone of an examination.

    By the standard, of which the published words are few, it enters where such muscles alone make the examination motor
    incomplete (`non_key_decides`), and is then measured from the motor level. The peer, the program that the public
    calculators share, asks for grade C, and measures from the zone of the key muscles.
    """
    if rule == STANDARD and non_key_decides:
        return BELOW_MOTOR_LEVEL
    if rule == PEER and grade == _C:
        return BELOW_ZONE
    return NOT_AT_ALL
