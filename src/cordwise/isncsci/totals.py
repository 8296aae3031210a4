"""Sums of scores: extremity motor scores, light touch and pin prick, for each side and together.

The total over arms and legs (0 to 100) is left out on purpose: the standard reports upper and lower extremities apart.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Int8, Int16
from numba import njit, prange
from numpy import ndarray

from cordwise.isncsci.anatomy import FIRST_LEG_MUSCLE
from cordwise.isncsci.exam import Exams


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """Totals of each exam: motor 0-25 per limb, 0-50 per side and pair of limbs; sensory 0-56 per side, 0-112."""

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


@njit(cache=True, error_model="numpy")
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


def totals_of(sums: Int16[ndarray, "exam side sum"]) -> Totals:
    """Return all totals from the sums of each side."""
    arm, leg, touch, prick = np.moveaxis(sums, 2, 0)
    pairs = [part.sum(axis=1, dtype=np.int16) for part in (arm, leg, touch, prick)]
    sides = [np.ascontiguousarray(part[:, side]) for part in (arm, leg, arm + leg, touch, prick) for side in (0, 1)]
    return Totals(*pairs, *sides)


@njit(cache=True, parallel=True, error_model="numpy")
def _add_all(
    motor: Int8[ndarray, "exam side muscle"],
    light_touch: Int8[ndarray, "exam side dermatome"],
    pin_prick: Int8[ndarray, "exam side dermatome"],
    sums: Int16[ndarray, "exam side sum"],
) -> None:
    for exam in prange(len(motor)):
        for side in range(2):
            add_side(motor[exam, side], light_touch[exam, side], pin_prick[exam, side], sums[exam, side])


def total_scores(exams: Exams) -> Totals:
    """Return the totals alone, for those who need no classification."""
    sums = np.empty((len(exams), 2, LIMB_AND_MODALITY_SUMS), np.int16)
    scores = (np.ascontiguousarray(array) for array in (exams.motor, exams.light_touch, exams.pin_prick))
    _add_all(*scores, sums)
    return totals_of(sums)
