"""What changed between two examinations of the same persons: levels and grades gained, conversions, scores.

An examination with gaps has a set of possible answers, and so has each change: a gain is a range, a conversion a set of
verdicts. Where all combinations of the two sets agree the change is determined in spite of the gaps.

A level gained is one segment of the cord further down; intact (INT) counts as S4-5, the last segment there is. Arm
motor levels count key muscles instead, from C4 (none) to T1 (all five), since below T1 the motor level follows
sensation. Two or more motor levels have been proposed as the threshold of a meaningful response in complete cervical
injuries (Steeves et al. 2012, doi 10.1310/sci1801-1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntFlag
from typing import Final

import numpy as np
from jaxtyping import Bool, Int16, Shaped, UInt8
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.ais import AIS
from cordwise.isncsci.anatomy import C4, INTACT, S4_5, T1
from cordwise.isncsci.possible import PossibleAnswers


class ChangeVerdict(IntFlag):
    """Whether something came about; several bits where an examination leaves it open."""

    NO = 1
    YES = 2
    NOT_APPLICABLE = 4


_GRADES: Final = len(AIS)
_ARM_PLACES: Final = T1 - C4 + 1
_RESPONSE_LEVELS: Final = 2
_NO_TOTAL: Final = np.iinfo(np.int16).max
"""Bound of the change of a total that has no number."""


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """The least and the most that was gained, positive for recovery."""

    least: Int16[ndarray, "person ..."]
    most: Int16[ndarray, "person ..."]

    @property
    def is_determined(self) -> Bool[ndarray, "person ..."]:
        """Whether all possible answers agree on the gain."""
        return self.least == self.most

    def side(self, index: int) -> "Gain":
        """Return the gain of one side."""
        return Gain(self.least[:, index], self.most[:, index])


@dataclass(frozen=True, slots=True, eq=False)
class ExaminationChange:
    """What changed from baseline to follow-up; verdicts are bits of `Verdict`, sides right then left.

    Parameters
    ----------
    ais
        Grades gained.
    neurological_level, sensory_level, motor_level
        Levels gained.
    arm_motor_level
        Levels gained from C4 to T1 on each side; `better_arm` and `worse_arm` are the greater and the smaller of both.
    uems, lems, light_touch, pin_prick
        Points gained; undetermined where a total has no number.
    improved_one_grade, improved_two_grades
        Not applicable where the scale leaves no room.
    deteriorated
        Lost a grade or more; not applicable from A.
    to_incomplete, to_motor_incomplete, to_functional
        From A to B or better, from A or B to C or better, from A, B or C to D or better; not applicable from elsewhere.
    two_arm_levels_either_side, two_arm_levels_both_sides
        Gained two arm motor levels or more; a side with fewer than two left, from C8 down, does not apply.
    """

    ais: Gain
    neurological_level: Gain
    sensory_level: Gain
    motor_level: Gain
    arm_motor_level: Gain
    better_arm: Gain
    worse_arm: Gain
    uems: Gain
    lems: Gain
    light_touch: Gain
    pin_prick: Gain
    improved_one_grade: UInt8[ndarray, " person"]
    improved_two_grades: UInt8[ndarray, " person"]
    deteriorated: UInt8[ndarray, " person"]
    to_incomplete: UInt8[ndarray, " person"]
    to_motor_incomplete: UInt8[ndarray, " person"]
    to_functional: UInt8[ndarray, " person"]
    two_arm_levels_either_side: UInt8[ndarray, " person"]
    two_arm_levels_both_sides: UInt8[ndarray, " person"]


def compare(baseline: PossibleAnswers, followup: PossibleAnswers) -> ExaminationChange:
    """Return what changed; person i is row i of both batches.

    Every output is compared by its own set, so that a gain of the better or the worse side may be left open although
    the two sides of one completion would decide it.
    """
    if len(baseline) != len(followup):
        expected = f"{len(baseline)} examinations, one for each at baseline"
        raise InputError([Fault("followup", expected, str(len(followup)))])
    arms = _arm_places(baseline.motor_level), _arm_places(followup.motor_level)
    arm, two_levels = _gain(*arms), _TWO_ARM_LEVELS[arms]
    grades = baseline.ais.astype(np.int64), followup.ais.astype(np.int64)
    before, after = baseline.totals, followup.totals
    return ExaminationChange(
        ais=_gain(*grades),
        neurological_level=_gain_of_levels(baseline.neurological_level, followup.neurological_level),
        sensory_level=_gain_of_levels(baseline.sensory_level, followup.sensory_level),
        motor_level=_gain_of_levels(baseline.motor_level, followup.motor_level),
        arm_motor_level=arm,
        better_arm=Gain(arm.least.max(axis=1), arm.most.max(axis=1)),
        worse_arm=Gain(arm.least.min(axis=1), arm.most.min(axis=1)),
        uems=_gain_of_totals(before.uems, after.uems),
        lems=_gain_of_totals(before.lems, after.lems),
        light_touch=_gain_of_totals(before.light_touch, after.light_touch),
        pin_prick=_gain_of_totals(before.pin_prick, after.pin_prick),
        improved_one_grade=_IMPROVED_ONE_GRADE[grades],
        improved_two_grades=_IMPROVED_TWO_GRADES[grades],
        deteriorated=_DETERIORATED[grades],
        to_incomplete=_TO_INCOMPLETE[grades],
        to_motor_incomplete=_TO_MOTOR_INCOMPLETE[grades],
        to_functional=_TO_FUNCTIONAL[grades],
        two_arm_levels_either_side=_EITHER_SIDE[two_levels[:, 0], two_levels[:, 1]],
        two_arm_levels_both_sides=_BOTH_SIDES[two_levels[:, 0], two_levels[:, 1]],
    )


def _gain(baseline: Shaped[ndarray, "..."], followup: Shaped[ndarray, "..."]) -> Gain:
    """Return the gain in places between two sets of bits."""
    return Gain(_first(followup) - _last(baseline), _last(followup) - _first(baseline))


def _gain_of_levels(baseline: Shaped[ndarray, "..."], followup: Shaped[ndarray, "..."]) -> Gain:
    """Return the gain between two sets of levels, with intact in the place of S4-5."""
    return _gain(_without_intact(baseline), _without_intact(followup))


def _without_intact(levels: Shaped[ndarray, "..."]) -> Shaped[ndarray, "..."]:
    wide = levels.astype(np.int64)
    return (wide & ~(1 << INTACT)) | (wide >> INTACT & 1) << S4_5


def _gain_of_totals(baseline: Int16[ndarray, " person"], followup: Int16[ndarray, " person"]) -> Gain:
    known = (baseline >= 0) & (followup >= 0)
    points = followup - baseline
    return Gain(np.where(known, points, -_NO_TOTAL), np.where(known, points, _NO_TOTAL))


def _last(bits: Shaped[ndarray, "..."]) -> Int16[ndarray, "..."]:
    """Return the place of the highest bit of each set."""
    return (np.frexp(bits.astype(np.float64))[1] - 1).astype(np.int16)


def _first(bits: Shaped[ndarray, "..."]) -> Int16[ndarray, "..."]:
    """Return the place of the lowest bit of each set."""
    wide = bits.astype(np.int64)
    return _last(wide & -wide)


def _arm_places(levels: Shaped[ndarray, "person side"]) -> Shaped[ndarray, "person side"]:
    """Return sets of levels as sets of places in the arm: C4 and above is 0, T1 and below the last."""
    wide = levels.astype(np.int64)
    first, last = wide & ((2 << C4) - 1) != 0, wide >> T1 != 0
    within = (wide >> C4) & ((1 << _ARM_PLACES) - 2) & ~(1 << (T1 - C4))
    return within | first | (last.astype(np.int64) << (T1 - C4))


def _table(places: int, rule: Callable[[int, int], ChangeVerdict]) -> UInt8[ndarray, "before after"]:
    """Return the verdicts of a rule on two places for all pairs of sets of places, joined over their members."""
    table = np.zeros((1 << places, 1 << places), np.uint8)
    sets = np.arange(1 << places)
    for before in range(places):
        for after in range(places):
            both = (sets >> before & 1)[:, None] & (sets >> after & 1)
            table |= (both * int(rule(before, after))).astype(np.uint8)
    return table


def _gained(least: int, places: int) -> Callable[[int, int], ChangeVerdict]:
    """Return the rule that at least so many places were gained, where there is room for them."""

    def verdict(before: int, after: int) -> ChangeVerdict:
        if before + least >= places:
            return ChangeVerdict.NOT_APPLICABLE
        return ChangeVerdict.YES if after - before >= least else ChangeVerdict.NO

    return verdict


def _reached(grade: AIS) -> Callable[[int, int], ChangeVerdict]:
    """Return the rule that a grade or a better one was reached from below it."""

    def verdict(before: int, after: int) -> ChangeVerdict:
        if before >= grade:
            return ChangeVerdict.NOT_APPLICABLE
        return ChangeVerdict.YES if after >= grade else ChangeVerdict.NO

    return verdict


def _lost(before: int, after: int) -> ChangeVerdict:
    if before == AIS.A:
        return ChangeVerdict.NOT_APPLICABLE
    return ChangeVerdict.YES if after < before else ChangeVerdict.NO


def _joined(yes: Callable[[bool, bool], bool], *, needs_both: bool) -> UInt8[ndarray, "right left"]:
    """Return the verdicts on both sides together for all sets of verdicts on each."""
    verdicts = tuple(ChangeVerdict)

    def verdict(right: int, left: int) -> ChangeVerdict:
        sides = verdicts[right], verdicts[left]
        missing = sides.count(ChangeVerdict.NOT_APPLICABLE)
        if missing == len(sides) or (needs_both and missing):
            return ChangeVerdict.NOT_APPLICABLE
        return ChangeVerdict.YES if yes(*(side == ChangeVerdict.YES for side in sides)) else ChangeVerdict.NO

    return _table(len(verdicts), verdict)


_IMPROVED_ONE_GRADE: Final = _table(_GRADES, _gained(1, _GRADES))
_IMPROVED_TWO_GRADES: Final = _table(_GRADES, _gained(2, _GRADES))
_DETERIORATED: Final = _table(_GRADES, _lost)
_TO_INCOMPLETE: Final = _table(_GRADES, _reached(AIS.B))
_TO_MOTOR_INCOMPLETE: Final = _table(_GRADES, _reached(AIS.C))
_TO_FUNCTIONAL: Final = _table(_GRADES, _reached(AIS.D))
_TWO_ARM_LEVELS: Final = _table(_ARM_PLACES, _gained(_RESPONSE_LEVELS, _ARM_PLACES))
_EITHER_SIDE: Final = _joined(lambda right, left: right or left, needs_both=False)
_BOTH_SIDES: Final = _joined(lambda right, left: right and left, needs_both=True)
