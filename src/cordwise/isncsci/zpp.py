"""Zones of partial preservation: the most caudal segment with some function, in injuries without sacral function.

Since the 2019 revision they no longer depend on the grade: the sensory zone applies to a side without sacral sensation,
the motor zone to an examination without voluntary anal contraction.
"""

from enum import StrEnum

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.ais import AIS, NON_KEY_MUSCLE_DECIDES, is_far_below
from cordwise.isncsci.anatomy import FIRST_DERMATOME, NOT_APPLICABLE, S4_5, SACRAL_DERMATOME
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.completeness import feels_at_s4_5
from cordwise.isncsci.reasons import Decision, Reason, Whole


class NonKeyZpp(StrEnum):
    """When a non-key muscle enters the motor zone, which the published standard leaves open."""

    STANDARD = "standard"
    PEER = "peer"
    NEVER = "never"


NOT_AT_ALL, BELOW_MOTOR_LEVEL, BELOW_ZONE = range(3)
_C = int(AIS.C)
_PRESSURE, _CONTRACTION = int(Reason.PRESSURE), int(Reason.CONTRACTION)
_SACRAL_SENSATION, _LAST_FELT = int(Reason.SACRAL_SENSATION), int(Reason.LAST_FELT)
_NOTHING_FELT, _MOTOR_LEVEL = int(Reason.NOTHING_FELT), int(Reason.NOTHING_MOVES_BELOW)
_KEY_MUSCLE, _NON_KEY_MUSCLE = int(Reason.LAST_KEY_MUSCLE), int(Reason.NON_KEY_MUSCLE)
STANDARD, PEER, NEVER = range(len(NonKeyZpp))  # compiled code takes plain numbers


@compilable
def sensory_zpp(
    light_touch: Int8[ndarray, " dermatome"], pin_prick: Int8[ndarray, " dermatome"], deep_anal_pressure: bool
) -> Decision:
    """Return the most caudal level of a side that feels anything, C1 where none does."""
    if deep_anal_pressure:
        return Decision(NOT_APPLICABLE, _PRESSURE, S4_5)
    if feels_at_s4_5(light_touch, pin_prick):
        return Decision(NOT_APPLICABLE, _SACRAL_SENSATION, S4_5)
    for dermatome in range(SACRAL_DERMATOME - 1, -1, -1):
        if light_touch[dermatome] > 0 or pin_prick[dermatome] > 0:
            return Decision(dermatome + FIRST_DERMATOME, _LAST_FELT, dermatome + FIRST_DERMATOME)
    return Decision(0, _NOTHING_FELT, 0)


@compilable
def motor_zpp(
    motor_level: int, deepest_muscle: int, non_key_muscle: int, voluntary_anal_contraction: bool, non_key_enters: int
) -> Decision:
    """Return the most caudal level of a side that moves, at least its motor level.

    A non-key muscle `non_key_enters` where it lies far below the motor level (`BELOW_MOTOR_LEVEL`), far below the zone
    of the key muscles (`BELOW_ZONE`), or `NOT_AT_ALL`.
    """
    if voluntary_anal_contraction:
        return Decision(NOT_APPLICABLE, _CONTRACTION, S4_5)
    zone, reason = np.int64(motor_level), _MOTOR_LEVEL
    if deepest_muscle > motor_level:
        zone, reason = np.int64(deepest_muscle), _KEY_MUSCLE
    origin = zone if non_key_enters == BELOW_ZONE else motor_level
    if non_key_enters != NOT_AT_ALL and non_key_muscle > zone and is_far_below(non_key_muscle, origin):
        return Decision(np.int64(non_key_muscle), _NON_KEY_MUSCLE, np.int64(non_key_muscle))
    return Decision(zone, reason, zone)


@compilable
def measured_from(rule: int, sparing: Whole, grade: Whole) -> int:
    """Return what a non-key muscle must lie far below to enter the motor zone of an examination.

    By the standard, of which the published words are few, it enters where such muscles alone make the examination motor
    incomplete, which the reason for the motor `sparing` says; it is then measured from the motor level. The peer, the
    program that the public calculators share, asks for grade C, and measures from the zone of the key muscles.
    """
    if rule == STANDARD and sparing >= NON_KEY_MUSCLE_DECIDES and sparing <= NON_KEY_MUSCLE_DECIDES + 1:
        return BELOW_MOTOR_LEVEL
    if rule == PEER and grade == _C:
        return BELOW_ZONE
    return NOT_AT_ALL
