"""Zones of partial preservation: the most caudal level with anything left, where the sacral segments are silent.

Since the 2019 revision they no longer depend on the grade: the sensory zone applies to a side without sacral sensation,
the motor zone to an examination without voluntary anal contraction.
"""

from enum import StrEnum

from jaxtyping import Int8
from numba import njit
from numpy import ndarray

from cordwise.isncsci.ais import is_far_below
from cordwise.isncsci.anatomy import FIRST_DERMATOME, NOT_APPLICABLE, SACRAL_DERMATOME
from cordwise.isncsci.completeness import feels_at_s4_5


class NonKeyZpp(StrEnum):
    """When a non-key muscle enters the motor zone, which the published standard leaves open."""

    STANDARD = "standard"
    PEER = "peer"
    NEVER = "never"


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
    motor_level: int, deepest_muscle: int, non_key_muscle: int, voluntary_anal_contraction: bool, non_key_decides: bool
) -> int:
    """Return the most caudal level of a side that moves, at least its motor level.

    A non-key muscle enters only where such muscles alone make the examination motor incomplete (`non_key_decides`),
    and then on each side where it lies far enough below the motor level to do so. The published standard is brief
    here and programs differ.
    """
    if voluntary_anal_contraction:
        return NOT_APPLICABLE
    zone = max(motor_level, deepest_muscle)
    if non_key_decides and is_far_below(non_key_muscle, motor_level):
        return max(zone, non_key_muscle)
    return zone
