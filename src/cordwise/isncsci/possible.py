"""Every answer that a recorded examination leaves open: sets of levels, grades and zones, as bits of whole numbers.

The sets are those of all completions: each unknown score is replaced by every score it may stand for. They are found
without trying completions, by the rules of `possible_levels.py`, `possible_grades.py` and `possible_zones.py`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Int16, Int64, UInt8, UInt16, UInt32
from numpy import ndarray

from cordwise.isncsci.anatomy import NOT_APPLICABLE, NOT_APPLICABLE_BIT, SIDES
from cordwise.isncsci.classification import Findings, Scores, classify_testable, empty_findings, rule_number
from cordwise.isncsci.compilable import apply_to_all, compilable
from cordwise.isncsci.possible_grades import COMPLETE_BIT, INCOMPLETE_BIT
from cordwise.isncsci.possible_levels import bit
from cordwise.isncsci.possible_outputs import OUTPUTS, Codes, answer_open_exam, is_testable, working_room
from cordwise.isncsci.readings import ASSUMED, Bits
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.totals import Totals, add_recorded_side, totals_of
from cordwise.isncsci.zpp import NonKeyZpp

__all__ = [
    "COMPLETE_BIT",
    "INCOMPLETE_BIT",
    "NOT_APPLICABLE_BIT",
    "OUTPUTS",
    "PossibleAnswers",
    "classify_recorded",
]


@dataclass(frozen=True, slots=True, eq=False)
class PossibleAnswers:
    """What a batch of recorded exams may show, by the 2019 revision; the sides are right, then left.

    Parameters
    ----------
    sensory_level, motor_level, neurological_level
        Bit i for level i of `LEVELS`.
    complete
        `COMPLETE_BIT` and `INCOMPLETE_BIT`.
    ais
        Bit i for grade i of `AIS`.
    sensory_zpp, motor_zpp
        Bit i for level i of `LEVELS`, and `NOT_APPLICABLE_BIT`.
    tagged
        Bit i where output i of `OUTPUTS` is other than it would be by the scores as examined.
    totals
        Sums of the examined scores, whatever their tags; `TOTAL_NOT_DETERMINABLE` where a score of the part is not
        testable, else `TOTAL_NOT_RECORDED` where one was not recorded.
    """

    sensory_level: UInt32[ndarray, "exam side"]
    motor_level: UInt32[ndarray, "exam side"]
    neurological_level: UInt32[ndarray, " exam"]
    complete: UInt8[ndarray, " exam"]
    ais: UInt8[ndarray, " exam"]
    sensory_zpp: UInt32[ndarray, "exam side"]
    motor_zpp: UInt32[ndarray, "exam side"]
    tagged: UInt16[ndarray, " exam"]
    totals: Totals

    def __len__(self) -> int:
        return len(self.ais)


class _Sets(NamedTuple):
    """The arrays of sets that compiled code fills."""

    sensory_level: UInt32[ndarray, "exam side"]
    motor_level: UInt32[ndarray, "exam side"]
    neurological_level: UInt32[ndarray, " exam"]
    complete: UInt8[ndarray, " exam"]
    ais: UInt8[ndarray, " exam"]
    sensory_zpp: UInt32[ndarray, "exam side"]
    motor_zpp: UInt32[ndarray, "exam side"]
    tagged: UInt16[ndarray, " exam"]


def classify_recorded(exams: RecordedExams, *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD) -> PossibleAnswers:
    """Return every level, grade and zone that each exam leaves open, and its totals.

    Parameters
    ----------
    exams
        Exams as written down. A score not recorded is as open as one not testable, but in the totals.
    non_key_zpp
        When a non-key muscle enters the motor zone; the rule is applied to each completion.
    """
    codes = Codes(*(np.ascontiguousarray(getattr(exams, name)) for name in Codes._fields))
    scores = Scores(*codes[:3], *(finding == 1 for finding in codes[3:5]), codes.lowest_non_key_muscle)
    findings, sets = empty_findings(len(exams)), _empty_sets(len(exams))
    apply_to_all(_classify_some, len(exams), codes, scores, findings, sets, rule_number(non_key_zpp))
    return PossibleAnswers(*sets, totals=totals_of(findings.sums))


def _empty_sets(count: int) -> _Sets:
    sides = (count, len(SIDES))
    return _Sets(
        sensory_level=np.empty(sides, np.uint32),
        motor_level=np.empty(sides, np.uint32),
        neurological_level=np.empty(count, np.uint32),
        complete=np.empty(count, np.uint8),
        ais=np.empty(count, np.uint8),
        sensory_zpp=np.empty(sides, np.uint32),
        motor_zpp=np.empty(sides, np.uint32),
        tagged=np.zeros(count, np.uint16),
    )


@compilable
def _classify_some(
    first: int, last: int, codes: Codes, scores: Scores, findings: Findings, sets: _Sets, rule: int
) -> None:
    room = working_room()
    for exam in range(first, last):
        if is_testable(exam, codes):
            classify_testable(exam, scores, findings, rule)
            _keep_findings(exam, findings, sets)
        else:
            tagged = answer_open_exam(exam, codes, rule, room)
            _keep_answers(exam, room.answers[ASSUMED], tagged, sets)
            _add_recorded(exam, codes, findings.sums)


@compilable
def _keep_findings(exam: int, findings: Findings, sets: _Sets) -> None:
    """Write the findings on a testable exam as sets of one."""
    for side in range(2):
        sets.sensory_level[exam, side] = bit(findings.sensory_level[exam, side])
        sets.motor_level[exam, side] = bit(findings.motor_level[exam, side])
        sets.sensory_zpp[exam, side] = _bit_of_zone(findings.sensory_zpp[exam, side])
        sets.motor_zpp[exam, side] = _bit_of_zone(findings.motor_zpp[exam, side])
    sets.neurological_level[exam] = bit(findings.neurological_level[exam])
    sets.complete[exam] = bit(COMPLETE_BIT if findings.is_complete[exam] else INCOMPLETE_BIT)
    sets.ais[exam] = bit(findings.ais[exam])
    sets.tagged[exam] = 0


@compilable
def _bit_of_zone(level: int) -> Bits:
    return bit(NOT_APPLICABLE_BIT if level == NOT_APPLICABLE else level)


@compilable
def _keep_answers(exam: int, answers: Int64[ndarray, " output"], tagged: Bits, sets: _Sets) -> None:
    """Write the answers to an open exam, which come in the order of `OUTPUTS`."""
    for side in range(2):
        sets.sensory_level[exam, side] = answers[side]
        sets.motor_level[exam, side] = answers[2 + side]
        sets.sensory_zpp[exam, side] = answers[7 + side]
        sets.motor_zpp[exam, side] = answers[9 + side]
    sets.neurological_level[exam], sets.complete[exam], sets.ais[exam] = answers[4], answers[5], answers[6]
    sets.tagged[exam] = tagged


@compilable
def _add_recorded(exam: int, codes: Codes, sums: Int16[ndarray, "exam side sum"]) -> None:
    for side in range(2):
        add_recorded_side(
            codes.motor[exam, side], codes.light_touch[exam, side], codes.pin_prick[exam, side], sums[exam, side]
        )
