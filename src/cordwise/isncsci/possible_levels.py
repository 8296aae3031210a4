"""The levels that an examination leaves open, as sets: bit i of a whole number stands for level i of `LEVELS`.

The rules are those of `levels.py`, walked once for all completions. A walk down a side can end at every place where it
may find a deficit, as long as it may have passed all places above; the deficits of different cells are independent.
"""

from typing import Final, NamedTuple

import numpy as np

from cordwise.isncsci.anatomy import (
    C4,
    FIRST_DERMATOME,
    FIRST_LEG_MUSCLE,
    INTACT,
    L1,
    MUSCLE_LEVELS,
    MUSCLES_PER_LIMB,
    S1,
    S3,
    T1,
)
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.readings import Bits, PossibleMuscles, Sensation, Side

_LIMB: Final = (1 << MUSCLES_PER_LIMB) - 1
_ARM_LEVEL: Final = MUSCLE_LEVELS[0]
_LEG_LEVEL: Final = MUSCLE_LEVELS[FIRST_LEG_MUSCLE]


@compilable
def bit(level: int) -> Bits:
    """Return the set that holds one level."""
    return np.int64(1) << np.int64(level)


@compilable
def span(first: int, last: int) -> Bits:
    """Return the set of all levels from `first` to `last`."""
    return bit(last + 1) - bit(first)


@compilable
def up_to_first(levels: Bits) -> Bits:
    """Return the set of all levels down to the most rostral of a set; of the empty set, all levels."""
    return levels ^ (levels - 1)


@compilable
def up_to_last(levels: Bits) -> Bits:
    """Return the set of all levels down to the most caudal of a set; of the empty set, none."""
    for shift in (1, 2, 4, 8, 16):
        levels |= levels >> shift
    return levels


@compilable
def more_rostral(first: Bits, second: Bits) -> Bits:
    """Return the set of the more rostral levels of all pairs from two sets."""
    return (first & up_to_last(second)) | (second & up_to_last(first))


@compilable
def levels_of_muscles(muscles: Bits) -> Bits:
    """Return the levels of a set of key muscles."""
    return (muscles & _LIMB) << _ARM_LEVEL | muscles >> FIRST_LEG_MUSCLE << _LEG_LEVEL


class LevelStops(NamedTuple):
    """Where the walk down the key muscles of a side can end.

    It ends at the level of a fair muscle, or above a weak one. An open limb may be strong throughout.
    """

    at_fair: Bits
    above_weak: Bits
    arm_open: bool
    leg_open: bool


@compilable
def motor_stops(muscles: PossibleMuscles) -> LevelStops:
    """Return where each limb can set the motor level, were it reached, and whether it can let the walk pass."""
    arm_bars = ~muscles.strong & _LIMB
    leg_bars = ~muscles.strong >> FIRST_LEG_MUSCLE & _LIMB
    reached = (up_to_first(arm_bars) & _LIMB) | (up_to_first(leg_bars) & _LIMB) << FIRST_LEG_MUSCLE
    at_fair, above_weak = levels_of_muscles(muscles.fair & reached), levels_of_muscles(muscles.weak & reached) >> 1
    return LevelStops(at_fair, above_weak, arm_bars == 0, leg_bars == 0)


@compilable
def sensory_levels(sensation: Sensation) -> Bits:
    """Return the sensory levels of a side: above each dermatome that may be the first impaired."""
    bars = ~sensation.normal & span(0, S3)
    reached = sensation.impaired & up_to_first(bars)
    first_level = np.int64(FIRST_DERMATOME - 1)
    return reached << first_level | (bit(INTACT) if bars == 0 else np.int64(0))


@compilable
def motor_levels(sensory: Bits, stops: LevelStops, contracts: bool) -> Bits:
    """Return the motor levels of a side for its sensory levels, with or without voluntary anal contraction."""
    found = sensory & span(0, C4 - 1)
    if sensory >= bit(C4):
        found |= (stops.at_fair | stops.above_weak) & span(C4, T1)
        if stops.arm_open:
            found |= _follow(sensory, C4, T1) | (sensory & span(T1, L1 - 1))
    if sensory >= bit(L1) and stops.arm_open:
        found |= (stops.at_fair | stops.above_weak) & span(L1, S1)
        if stops.leg_open:
            found |= _follow(sensory, L1, S1) | _beyond_the_legs(sensory, contracts)
    return found


@compilable
def _follow(sensory: Bits, gate: int, limb_end: int) -> Bits:
    """Return the last level of a strong limb as a set, if sensation may end within it."""
    return bit(limb_end) if sensory & span(gate, limb_end) else np.int64(0)


@compilable
def _beyond_the_legs(sensory: Bits, contracts: bool) -> Bits:
    """Return the motor levels where all muscles are strong and sensation reaches below S1."""
    found = sensory & span(S1 + 1, S3)
    if sensory & bit(INTACT):
        found |= bit(INTACT if contracts else S3)
    return found


@compilable
def levels_of_side(sensory: Bits, stops: LevelStops, contracts: bool) -> Bits:
    """Return the levels down to which a side may be normal in sensation and in strength."""
    found = sensory & span(0, C4 - 1)
    found |= more_rostral(sensory & span(C4, INTACT), (stops.at_fair | stops.above_weak) & span(C4, T1))
    if stops.arm_open:
        found |= sensory & span(C4, L1 - 1)
        found |= more_rostral(sensory & span(L1, INTACT), (stops.at_fair | stops.above_weak) & span(L1, S1))
        if stops.leg_open:
            found |= sensory & span(L1, S1) | _beyond_the_legs(sensory, contracts)
    return found


class SideLevels(NamedTuple):
    """The sets of levels of one side, and the answers of its muscles that they came from."""

    sensory: Bits
    motor_without_contraction: Bits
    may_move: Bits  # levels of the key muscles that may move, and of those that must
    must_move: Bits
    non_key: Bits
    muscles: PossibleMuscles
    stops: LevelStops


@compilable
def find_levels(side: Side) -> SideLevels:
    """Return the levels that a side leaves open."""
    sensory, stops = sensory_levels(side.sensation), motor_stops(side.muscles)
    return SideLevels(
        sensory,
        motor_levels(sensory, stops, False),
        levels_of_muscles(side.muscles.may_move),
        levels_of_muscles(side.muscles.must_move),
        side.non_key,
        side.muscles,
        stops,
    )


@compilable
def neurological_levels(right: SideLevels, left: SideLevels, contracts: bool) -> Bits:
    """Return the neurological levels, with or without voluntary anal contraction, the one tie between the sides."""
    return more_rostral(
        levels_of_side(right.sensory, right.stops, contracts), levels_of_side(left.sensory, left.stops, contracts)
    )
