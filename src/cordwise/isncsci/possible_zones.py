"""The zones of partial preservation that an examination leaves open, as sets of levels.

Given the motor level of a side, what the muscles below it leave open is not bound by it: a muscle deeper than the next
is free, and the next one may be moving or still whichever way it ended the walk. So a deepest moving muscle goes with
every motor level above it.
"""

import numpy as np

from cordwise.isncsci.ais import MORE_THAN_THREE_LEVELS
from cordwise.isncsci.anatomy import FIRST_DERMATOME, LEVELS, MUSCLE_LEVELS, NOT_APPLICABLE_BIT, S3, S4_5
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.possible_grades import (
    C_BIT,
    D_BIT,
    Counts,
    SacralFindings,
    count_useful,
    far_above,
    grades_of_motor_incomplete,
)
from cordwise.isncsci.possible_levels import SideLevels, bit, motor_stops, span, up_to_first, up_to_last
from cordwise.isncsci.readings import Bits, PossibleMuscles, Sensation
from cordwise.isncsci.zpp import NEVER, STANDARD

_ALL_MUSCLES = (1 << len(MUSCLE_LEVELS)) - 1
_MUSCLE_LEVELS = sum(1 << level for level in MUSCLE_LEVELS)
_DOWN_TO = np.array(
    [sum(1 << muscle for muscle, place in enumerate(MUSCLE_LEVELS) if place <= level) for level in range(len(LEVELS))],
    np.int64,
)
"""Set of the key muscles at or above each level."""


@compilable
def possible_sensory_zones(sensation: Sensation, pressure: int) -> Bits:
    """Return the sensory zones of a side; `pressure` is the code of deep anal pressure."""
    below = span(FIRST_DERMATOME, S3)
    sacral = bit(S4_5)
    felt, silent = sensation.felt << FIRST_DERMATOME, sensation.silent << FIRST_DERMATOME
    found = bit(NOT_APPLICABLE_BIT) if pressure != 0 or felt & sacral else np.int64(0)
    if pressure != 1 and silent & sacral:
        always_felt = ~silent & below
        found |= (felt & below | bit(0)) & ~_above_last(always_felt)
    return found


@compilable
def _zones(side: SideLevels, motor_levels: Bits) -> Bits:
    """Return the zones of key muscles on a side with one of the motor levels: the level, or a muscle below it."""
    deeper = side.may_move & ~up_to_first(motor_levels)
    return (motor_levels | deeper) & ~_above_last(side.must_move)


@compilable
def _above_last(levels: Bits) -> Bits:
    """Return all levels above the most caudal of a set; of the empty set, none."""
    return up_to_last(levels) >> 1


@compilable
def possible_motor_zones(
    side: SideLevels,
    other: SideLevels,
    sacral: SacralFindings,
    rule: int,
    counts_of_other: Counts,
    counts: Counts,
) -> Bits:
    """Return the motor zones of a side; `counts` is room to work in."""
    found = bit(NOT_APPLICABLE_BIT) if sacral.may_contract else np.int64(0)
    if not sacral.may_not_contract:
        return found
    if rule == NEVER or side.non_key == 0 or not sacral.may_feel:
        return found | _zones(side, side.motor_without_contraction)
    if rule == STANDARD:
        return found | _zones_by_the_standard(side, other, sacral)
    return found | _zones_of_the_peer(side, sacral, counts_of_other, counts)


@compilable
def _zones_by_the_standard(side: SideLevels, other: SideLevels, sacral: SacralFindings) -> Bits:
    """Return the zones where a non-key muscle counts if it is far below and no key muscle of either side is.

    A zone of the key muscles remains where that does not hold: nothing is felt at the sacrum, a key muscle of the other
    side or of this one moves far below, or the motor level is too close to the non-key muscle.
    """
    levels = side.motor_without_contraction
    deepest = side.may_move & ~_above_last(side.must_move)
    overtaken = levels & far_above(side.non_key)
    found = np.int64(0)
    other_may_be_still = other.motor_without_contraction & ~far_above(other.must_move)
    if other_may_be_still and overtaken & ~far_above(side.must_move):
        found |= side.non_key
    if sacral.may_not_feel or other.motor_without_contraction & far_above(other.may_move):
        return found | _zones(side, levels)
    found |= _zones(side, levels & ~overtaken)
    if overtaken:
        found |= (
            deepest & ~span(0, MORE_THAN_THREE_LEVELS - 2) & ~(up_to_first(overtaken) << MORE_THAN_THREE_LEVELS - 1)
        )
    return found


@compilable
def _zones_of_the_peer(side: SideLevels, sacral: SacralFindings, counts_of_other: Counts, counts: Counts) -> Bits:
    """Return the zones where a non-key muscle counts if the grade is C and it lies far below the key muscles' zone.

    Such a muscle lies far below the motor level too: the injury is motor incomplete if anything is felt at the sacrum.
    """
    zones = _zones(side, side.motor_without_contraction)
    overtaken = zones & far_above(side.non_key)
    found = zones & ~overtaken
    for level in range(len(LEVELS)):
        if overtaken >> level & 1:
            _count_useful_with_zone(side, level, counts)
            grades = grades_of_motor_incomplete(counts, counts_of_other)
            if grades & C_BIT:
                found |= side.non_key
            if grades & D_BIT or sacral.may_not_feel:
                found |= bit(level)
    return found


@compilable
def _count_useful_with_zone(side: SideLevels, zone: int, counts: Counts) -> None:
    """Fill the counts of a side from those of its completions whose key muscles end at a level."""
    muscles, upper = side.muscles, _DOWN_TO[zone]
    cut = PossibleMuscles(
        muscles.strong & upper,
        muscles.fair & upper,
        muscles.weak | (_ALL_MUSCLES & ~upper),
        muscles.useful & upper,
        muscles.may_move & upper,
        muscles.must_move & upper,
    )
    # A muscle that moves ends the zone wherever the walk ended; at any other level the walk itself must have ended.
    levels = span(0, zone) if _MUSCLE_LEVELS >> zone & 1 else bit(zone)
    count_useful(side.sensory, cut, motor_stops(cut), levels, counts)
