"""The grades that an examination leaves open, decided jointly: each grade found belongs to a completion that has it.

Levels, useful muscles and sacral findings of one completion hang together, so sets of them found apart would promise
grades that no completion has. They hang together through little, though. Between the sides: the neurological level,
which is the more rostral of two, and the count of useful muscles below it. Within a side: where the walk down the
muscles ends. So for each side and each level it is enough to know the most and the fewest useful muscles among the
completions that are normal down to just that level.

Without voluntary anal contraction the score of S4-5 moves no level (S3 is the lowest answer whatever it is), so that
sacral sensation is then free of all else; with contraction the grades do not ask for it.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Int64
from numpy import ndarray

from cordwise.isncsci.ais import AIS, MORE_THAN_THREE_LEVELS
from cordwise.isncsci.anatomy import (
    C4,
    FIRST_LEG_MUSCLE,
    INTACT,
    L1,
    LEVELS,
    MUSCLE_LEVELS,
    MUSCLES_PER_LIMB,
    S1,
    S3,
    SACRAL_DERMATOME,
    T1,
)
from cordwise.isncsci.compilable import compilable
from cordwise.isncsci.possible_levels import LevelStops, SideLevels, bit, neurological_levels, span, up_to_last
from cordwise.isncsci.readings import Bits, PossibleMuscles, Sensation

COMPLETE_BIT, INCOMPLETE_BIT = range(2)
MOST, FEWEST = range(2)
EVERY_LEVEL: Final = (1 << len(LEVELS)) - 1
_MUSCLES: Final = len(MUSCLE_LEVELS)
_ARM, _LEG = range(2)
_ALL_MUSCLES: Final = (1 << _MUSCLES) - 1
_NOWHERE: Final = 4 * _MUSCLES
"""Stands for the count of no completion: too many, or with a minus too few, whatever is added."""
_HOW_MANY: Final = np.array([bin(muscles).count("1") for muscles in range(1 << _MUSCLES)], np.int64)
_DOWN_TO: Final = np.array([sum(muscle <= level for muscle in MUSCLE_LEVELS) for level in range(len(LEVELS))], np.int64)
_A, _B, C_BIT, D_BIT, _E = (1 << int(grade) for grade in AIS)

Counts = Int64[ndarray, "bound level"]
"""Most and fewest useful muscles of a side by the level down to which it is normal, where all above that count."""


class SacralFindings(NamedTuple):
    """What the lowest sacral segments leave open, each on its own."""

    may_contract: bool
    may_not_contract: bool
    may_feel: bool
    may_not_feel: bool


@compilable
def sacral_findings(contraction: int, pressure: int, right: Sensation, left: Sensation) -> SacralFindings:
    """Return what the codes of both anal findings and the dermatomes S4-5 leave open."""
    sacral = bit(SACRAL_DERMATOME)
    may_feel = pressure != 0 or ((right.felt | left.felt) & sacral) != 0
    may_not_feel = pressure != 1 and (right.silent & left.silent & sacral) != 0
    return SacralFindings(contraction != 0, contraction != 1, may_feel, may_not_feel)


@compilable
def far_above(levels: Bits) -> Bits:
    """Return all motor levels that have one of `levels` more than three levels below them."""
    return up_to_last(levels >> MORE_THAN_THREE_LEVELS)


@compilable
def count_useful(
    sensory: Bits, muscles: PossibleMuscles, stops: LevelStops, motor_levels: Bits, counts: Counts
) -> None:
    """Fill the counts of a side from those of its completions whose motor level is one of `motor_levels`.

    An intact side counts as in the presence of voluntary anal contraction.
    """
    counts[MOST, :], counts[FEWEST, :] = -_NOWHERE, _NOWHERE
    followed = sensory & motor_levels
    _count_at(followed & span(0, C4 - 1), muscles, 0, counts)
    if sensory >= bit(C4):
        _count_limb(sensory, muscles, stops, _ARM, motor_levels, counts)
        if stops.arm_open:
            _count_at(followed & span(T1 + 1, L1 - 1), muscles, FIRST_LEG_MUSCLE, counts)
    if sensory >= bit(L1) and stops.arm_open:
        _count_limb(sensory, muscles, stops, _LEG, motor_levels, counts)
        if stops.leg_open:
            _count_at(followed & span(S1 + 1, INTACT), muscles, _MUSCLES, counts)


@compilable
def _bounds(muscles: PossibleMuscles, passed: int, decided: int) -> tuple[Bits, Bits]:
    """Return most and fewest useful muscles where the first `passed` are, and those from `decided` on are free."""
    always = ~muscles.weak & _ALL_MUSCLES
    most = passed + _HOW_MANY[muscles.useful >> np.int64(decided)]
    return most, passed + _HOW_MANY[always >> np.int64(decided)]


@compilable
def _count_at(levels: Bits, muscles: PossibleMuscles, passed: int, counts: Counts) -> None:
    """Set the counts of levels at which sensation ends, all muscles from the `passed`-th on being free."""
    if levels:
        most, fewest = _bounds(muscles, passed, passed)
        for level in range(len(LEVELS)):
            if levels >> level & 1:
                counts[MOST, level], counts[FEWEST, level] = most, fewest


@compilable
def _count_limb(
    sensory: Bits, muscles: PossibleMuscles, stops: LevelStops, limb: int, motor_levels: Bits, counts: Counts
) -> None:
    """Set the counts of the levels from the gate of a limb to its end.

    A side is normal down to a level if sensation ends there and the muscles no higher, or if the muscles end there and
    sensation no higher. Going up the limb, the first of these gathers all stops that were met.
    """
    gate, first, is_open = (C4, 0, stops.arm_open) if limb == _ARM else (L1, FIRST_LEG_MUSCLE, stops.leg_open)
    end, passed = gate + MUSCLES_PER_LIMB, first + MUSCLES_PER_LIMB
    most, fewest = -_NOWHERE, _NOWHERE
    if is_open and motor_levels & bit(end) and sensory & span(gate, end):
        most, fewest = _bounds(muscles, passed, passed)
    for place in range(MUSCLES_PER_LIMB, -1, -1):
        level = gate + place
        most_here, fewest_here = -_NOWHERE, _NOWHERE
        if motor_levels & bit(level):
            most_here, fewest_here = _bounds_of_stop(muscles, stops, level, first + place)
        most, fewest = max(most, most_here), min(fewest, fewest_here)
        if sensory & bit(level):
            counts[MOST, level], counts[FEWEST, level] = most, fewest
        elif sensory > bit(level):
            counts[MOST, level], counts[FEWEST, level] = most_here, fewest_here


@compilable
def _bounds_of_stop(muscles: PossibleMuscles, stops: LevelStops, level: int, passed: int) -> tuple[Bits, Bits]:
    """Return most and fewest useful muscles where the walk ends at a level, after `passed` muscles."""
    most, fewest = -_NOWHERE, _NOWHERE
    if stops.above_weak & bit(level):
        most, fewest = _bounds(muscles, passed, passed + 1)
    if stops.at_fair & bit(level):
        most_free, fewest_free = _bounds(muscles, passed, passed)
        most, fewest = max(most, most_free), min(fewest, fewest_free)
    return most, fewest


@compilable
def grades_of_motor_incomplete(right: Counts, left: Counts) -> Bits:
    """Return which of C and D the completions that the counts of both sides stand for have."""
    most_right, fewest_right = right[MOST, INTACT], right[FEWEST, INTACT]
    most_left, fewest_left = left[MOST, INTACT], left[FEWEST, INTACT]
    found = 0
    for level in range(S3, -1, -1):
        most_right, fewest_right = max(most_right, right[MOST, level]), min(fewest_right, right[FEWEST, level])
        most_left, fewest_left = max(most_left, left[MOST, level]), min(fewest_left, left[FEWEST, level])
        most = max(right[MOST, level] + most_left, most_right + left[MOST, level])
        fewest = min(right[FEWEST, level] + fewest_left, fewest_right + left[FEWEST, level])
        # Of both sides' muscles below the level at least half; those above it are in the counts of both.
        half = _MUSCLES - _DOWN_TO[level] + 2 * _DOWN_TO[level]
        if most >= half:
            found |= D_BIT
        if fewest < half:
            found |= C_BIT
    return found


@compilable
def possible_grades(
    right: SideLevels, left: SideLevels, sacral: SacralFindings, counts: Int64[ndarray, "side restriction bound level"]
) -> Bits:
    """Return the set of grades; `counts` is room to work in and holds the unrestricted counts of both sides after."""
    found = 0
    _count_side(right, EVERY_LEVEL, counts[0, 0])
    _count_side(left, EVERY_LEVEL, counts[1, 0])
    if sacral.may_contract:
        found |= grades_of_motor_incomplete(counts[0, 0], counts[1, 0])
        if neurological_levels(right, left, True) & bit(INTACT):
            found |= _E
    if sacral.may_not_contract and sacral.may_not_feel:
        found |= _A
    if sacral.may_not_contract and sacral.may_feel:
        if _may_spare_nothing(right) and _may_spare_nothing(left):
            found |= _B
        _count_side(right, far_above(right.may_move | right.non_key), counts[0, 1])
        _count_side(left, far_above(left.may_move | left.non_key), counts[1, 1])
        found |= grades_of_motor_incomplete(counts[0, 1], counts[1, 0])
        found |= grades_of_motor_incomplete(counts[0, 0], counts[1, 1])
    return found


@compilable
def _count_side(side: SideLevels, motor_levels: Bits, counts: Counts) -> None:
    count_useful(side.sensory, side.muscles, side.stops, motor_levels, counts)


@compilable
def _may_spare_nothing(side: SideLevels) -> bool:
    """Return whether a side may have no movement far below its motor level, without voluntary anal contraction."""
    return (side.motor_without_contraction & ~far_above(side.must_move | side.non_key)) != 0


@compilable
def possible_completeness(sacral: SacralFindings) -> Bits:
    """Return the set of answers to whether the injury is complete: `COMPLETE_BIT`, `INCOMPLETE_BIT` or both."""
    complete = sacral.may_not_contract and sacral.may_not_feel
    incomplete = sacral.may_contract or sacral.may_feel
    return int(complete) << COMPLETE_BIT | int(incomplete) << INCOMPLETE_BIT
