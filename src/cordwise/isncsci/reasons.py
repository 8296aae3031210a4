"""Why a rule decided as it did: every deciding rule returns its answer together with a reason and a place.

The batch keeps the answers only; the compiler drops the rest there. An explanation calls the same rules and keeps all.
"""

from enum import IntEnum, auto
from typing import NamedTuple

import numpy as np

Whole = int | np.int64


class Reason(IntEnum):
    """What decided; the comment says what the place is, a level unless it says otherwise."""

    LIGHT_TOUCH_IMPAIRED = auto()  # the first dermatome that is not normal
    PIN_PRICK_IMPAIRED = auto()
    BOTH_MODALITIES_IMPAIRED = auto()
    SENSATION_INTACT = auto()

    SENSATION_ENDS_ABOVE_ARM = auto()  # the sensory level, as in all that follow sensation
    SENSATION_ENDS_IN_ARM = auto()
    SENSATION_ENDS_IN_TRUNK = auto()
    SENSATION_ENDS_IN_LEG = auto()
    SENSATION_ENDS_BELOW_LEG = auto()
    MUSCLE_RESISTS_GRAVITY = auto()  # the first muscle that is not normal
    MUSCLE_TOO_WEAK = auto()
    ALL_NORMAL_BUT_NO_CONTRACTION = auto()
    ALL_NORMAL = auto()

    RIGHT_SENSORY_LEVEL = auto()  # the level that is the most rostral; the first named of several
    LEFT_SENSORY_LEVEL = auto()
    RIGHT_MOTOR_LEVEL = auto()
    LEFT_MOTOR_LEVEL = auto()

    CONTRACTION = auto()  # S4-5, as in all that are found there
    PRESSURE = auto()
    RIGHT_SACRAL_SENSATION = auto()
    LEFT_SACRAL_SENSATION = auto()
    SACRUM_SILENT = auto()

    RIGHT_KEY_MUSCLE_FAR_BELOW = auto()  # the muscle that moves
    LEFT_KEY_MUSCLE_FAR_BELOW = auto()
    RIGHT_NON_KEY_MUSCLE_FAR_BELOW = auto()
    LEFT_NON_KEY_MUSCLE_FAR_BELOW = auto()
    NOTHING_FAR_BELOW = auto()

    INJURY_COMPLETE = auto()  # the neurological level, as in all grades
    NOT_MOTOR_INCOMPLETE = auto()
    FEWER_THAN_HALF_RESIST_GRAVITY = auto()
    HALF_RESIST_GRAVITY = auto()

    LAST_FELT = auto()  # the end of the zone, as in all zones
    NOTHING_FELT = auto()
    SACRAL_SENSATION = auto()
    NOTHING_MOVES_BELOW = auto()
    LAST_KEY_MUSCLE = auto()
    NON_KEY_MUSCLE = auto()


class Decision(NamedTuple):
    """The answer of a rule, the `Reason` as a number, and the place that it speaks of."""

    value: Whole
    reason: Whole
    place: Whole
