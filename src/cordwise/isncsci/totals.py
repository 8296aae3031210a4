"""Sums of scores: extremity motor scores, light touch and pin prick, for each side and together.

The total over arms and legs (0 to 100) is left out on purpose: the standard reports upper and lower extremities apart.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Int8, Int16
from numpy import ndarray

from cordwise.isncsci.anatomy import FIRST_LEG_MUSCLE
from cordwise.isncsci.compilable import apply_to_all, compilable
from cordwise.isncsci.recorded import NOT_RECORDED, NOT_TESTABLE, READING
from cordwise.isncsci.testable import Exams


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Totals of each exam, in points.

    Parameters
    ----------
    uems, lems
        Both arms, both legs: 0 to 50.
    light_touch, pin_prick
        Both sides: 0 to 112.
    uer_right, uer_left, ler_right, ler_left
        One arm or leg: 0 to 25.
    motor_right, motor_left
        Arm and leg of a side: 0 to 50.
    light_touch_right, light_touch_left, pin_prick_right, pin_prick_left
        One side: 0 to 56.
    """

    uems: Int16[ndarray, " exam"]
    lems: Int16[ndarray, " exam"]
    light_touch: Int16[ndarray, " exam"]
    pin_prick: Int16[ndarray, " exam"]
    uer_right: Int16[ndarray, " exam"]
    uer_left: Int16[ndarray, " exam"]
    ler_right: Int16[ndarray, " exam"]
    ler_left: Int16[ndarray, " exam"]
    motor_right: Int16[ndarray, " exam"]
    motor_left: Int16[ndarray, " exam"]
    light_touch_right: Int16[ndarray, " exam"]
    light_touch_left: Int16[ndarray, " exam"]
    pin_prick_right: Int16[ndarray, " exam"]
    pin_prick_left: Int16[ndarray, " exam"]


TOTAL_NOT_RECORDED: Final = -1
TOTAL_NOT_DETERMINABLE: Final = -2
"""Marks of a total of recorded exams that has no number: a part was left blank, or could not be tested."""
LIMB_AND_MODALITY_SUMS: Final = 4
"""Sums kept for each side: arm, leg, light touch, pin prick; all totals follow from these."""


@compilable
def add_side(
    motor: Int8[ndarray, " muscle"],
    light_touch: Int8[ndarray, " dermatome"],
    pin_prick: Int8[ndarray, " dermatome"],
    sums: Int16[ndarray, " sum"],
) -> None:
    """Write the sums of arm, leg, light touch and pin prick of one side into `sums`."""
    arm, leg, touch, prick = 0, 0, 0, 0
    for muscle in range(FIRST_LEG_MUSCLE):
        arm += motor[muscle]
        leg += motor[muscle + FIRST_LEG_MUSCLE]
    for dermatome in range(light_touch.size):
        touch += light_touch[dermatome]
        prick += pin_prick[dermatome]
    sums[0], sums[1], sums[2], sums[3] = arm, leg, touch, prick


@compilable
def add_recorded_side(
    motor: Int8[ndarray, " muscle"],
    light_touch: Int8[ndarray, " dermatome"],
    pin_prick: Int8[ndarray, " dermatome"],
    sums: Int16[ndarray, " sum"],
) -> None:
    """Write the sums of arm, leg, light touch and pin prick of the recorded codes of one side into `sums`."""
    sums[0] = _add_codes(motor[:FIRST_LEG_MUSCLE])
    sums[1] = _add_codes(motor[FIRST_LEG_MUSCLE:])
    sums[2] = _add_codes(light_touch)
    sums[3] = _add_codes(pin_prick)


@compilable
def _add_codes(codes: Int8[ndarray, " cell"]) -> int:
    """Return the sum of the scores of a part, or the mark that says why it has none; a tag does not matter."""
    total, blank = 0, False
    for cell in range(codes.size):
        score = codes[cell] % READING
        if codes[cell] == NOT_RECORDED:
            blank = True
        elif score == NOT_TESTABLE:
            return TOTAL_NOT_DETERMINABLE
        else:
            total += score
    return TOTAL_NOT_RECORDED if blank else total


def totals_of(sums: Int16[ndarray, "exam side sum"]) -> Totals:
    """Return all totals from the sums of each side; a sum without a number leaves its mark on all it enters."""
    arm, leg, touch, prick = np.moveaxis(sums, 2, 0)
    pairs = [_add(part[:, 0], part[:, 1]) for part in (arm, leg, touch, prick)]
    parts = (arm, leg, _add(arm, leg), touch, prick)
    sides = [np.ascontiguousarray(part[:, side]) for part in parts for side in (0, 1)]
    return Totals(*pairs, *sides)


def _add(first: Int16[ndarray, "..."], second: Int16[ndarray, "..."]) -> Int16[ndarray, "..."]:
    """Return the sum of two parts, or of two marks the one that no later record can mend."""
    worst = np.minimum(first, second)
    return np.where(worst < 0, worst, first + second)


@compilable
def _add_some(
    first: int,
    last: int,
    motor: Int8[ndarray, "exam side muscle"],
    light_touch: Int8[ndarray, "exam side dermatome"],
    pin_prick: Int8[ndarray, "exam side dermatome"],
    sums: Int16[ndarray, "exam side sum"],
) -> None:
    for exam in range(first, last):
        for side in range(2):
            add_side(motor[exam, side], light_touch[exam, side], pin_prick[exam, side], sums[exam, side])


def total_scores(exams: Exams) -> Totals:
    """Return the totals alone, for those who need no classification."""
    sums = np.empty((len(exams), 2, LIMB_AND_MODALITY_SUMS), np.int16)
    scores = (np.ascontiguousarray(array) for array in (exams.motor, exams.light_touch, exams.pin_prick))
    apply_to_all(_add_some, len(exams), *scores, sums)
    return totals_of(sums)
