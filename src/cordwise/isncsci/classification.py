"""Classification of a batch of fully testable exams: levels, completeness, grade, zones and totals, in parallel."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int8, Int16
from numpy import ndarray

from cordwise.isncsci.ais import impairment_grade, motor_sparing
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.compilable import apply_to_all, compilable
from cordwise.isncsci.completeness import completeness, sacral_sensation
from cordwise.isncsci.levels import deepest_moving_muscle, motor_level, neurological_level, sensory_level
from cordwise.isncsci.testable import Exams
from cordwise.isncsci.totals import LIMB_AND_MODALITY_SUMS, Totals, add_side, totals_of
from cordwise.isncsci.zpp import NonKeyZpp, measured_from, motor_zpp, sensory_zpp


@dataclass(frozen=True, slots=True, eq=False)
class Conclusions:
    """Conclusions from a batch of fully testable exams, by the 2019 revision; the sides are right, then left.

    Parameters
    ----------
    sensory_level, motor_level, neurological_level
        Numbers of `LEVELS`.
    is_complete
        Whether nothing is felt or moved at the lowest sacral segments.
    ais
        Numbers of `AIS`.
    sensory_zpp, motor_zpp
        Numbers of `LEVELS`, or `NOT_APPLICABLE`.
    totals
        Sums of scores, in points.
    """

    sensory_level: Int8[ndarray, "exam side"]
    motor_level: Int8[ndarray, "exam side"]
    neurological_level: Int8[ndarray, " exam"]
    is_complete: Bool[ndarray, " exam"]
    ais: Int8[ndarray, " exam"]
    sensory_zpp: Int8[ndarray, "exam side"]
    motor_zpp: Int8[ndarray, "exam side"]
    totals: Totals

    def __len__(self) -> int:
        return len(self.ais)


class Scores(NamedTuple):
    """The exams as compiled code takes them."""

    motor: Int8[ndarray, "exam side muscle"]
    light_touch: Int8[ndarray, "exam side dermatome"]
    pin_prick: Int8[ndarray, "exam side dermatome"]
    voluntary_anal_contraction: Bool[ndarray, " exam"]
    deep_anal_pressure: Bool[ndarray, " exam"]
    non_key_muscle: Int8[ndarray, "exam side"]


class Findings(NamedTuple):
    """The arrays that compiled code fills."""

    sensory_level: Int8[ndarray, "exam side"]
    motor_level: Int8[ndarray, "exam side"]
    neurological_level: Int8[ndarray, " exam"]
    is_complete: Bool[ndarray, " exam"]
    ais: Int8[ndarray, " exam"]
    sensory_zpp: Int8[ndarray, "exam side"]
    motor_zpp: Int8[ndarray, "exam side"]
    deepest_muscle: Int8[ndarray, "exam side"]
    sums: Int16[ndarray, "exam side sum"]


def classify_exams(exams: Exams, *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD) -> Conclusions:
    """Return levels, completeness, grade, zones of partial preservation and totals of every exam.

    Parameters
    ----------
    exams
        Fully testable exams; `classify_recorded` takes others.
    non_key_zpp
        When a non-key muscle enters the motor zone.
    """
    scores = Scores(
        np.ascontiguousarray(exams.motor),
        np.ascontiguousarray(exams.light_touch),
        np.ascontiguousarray(exams.pin_prick),
        np.ascontiguousarray(exams.voluntary_anal_contraction),
        np.ascontiguousarray(exams.deep_anal_pressure),
        np.ascontiguousarray(exams.lowest_non_key_muscle),
    )
    findings = empty_findings(len(exams))
    apply_to_all(_classify_some, len(exams), scores, findings, rule_number(non_key_zpp))
    *conclusions, _, sums = findings
    return Conclusions(*conclusions, totals=totals_of(sums))


def rule_number(non_key_zpp: NonKeyZpp) -> int:
    """Return the number by which compiled code knows a rule on non-key muscles."""
    return tuple(NonKeyZpp).index(non_key_zpp)


def empty_findings(count: int) -> Findings:
    """Return room for the findings of `count` exams."""
    sides = len(SIDES)

    def per_side() -> Int8[ndarray, "exam side"]:
        return np.empty((count, sides), np.int8)

    return Findings(
        sensory_level=per_side(),
        motor_level=per_side(),
        neurological_level=np.empty(count, np.int8),
        is_complete=np.empty(count, bool),
        ais=np.empty(count, np.int8),
        sensory_zpp=per_side(),
        motor_zpp=per_side(),
        deepest_muscle=per_side(),
        sums=np.empty((count, sides, LIMB_AND_MODALITY_SUMS), np.int16),
    )


@compilable
def _classify_some(first: int, last: int, scores: Scores, findings: Findings, rule: int) -> None:
    for exam in range(first, last):
        classify_testable(exam, scores, findings, rule)


@compilable
def classify_testable(exam: int, scores: Scores, findings: Findings, rule: int) -> None:
    """Write what one fully testable exam shows."""
    _find_levels(exam, scores, findings)
    _conclude(exam, scores, findings, rule)


@compilable
def _find_levels(exam: int, scores: Scores, findings: Findings) -> None:
    """Walk down both sides of one exam once."""
    for side in range(2):
        motor, touch, prick = scores.motor[exam, side], scores.light_touch[exam, side], scores.pin_prick[exam, side]
        sensory = sensory_level(touch, prick).value
        findings.sensory_level[exam, side] = sensory
        findings.motor_level[exam, side] = motor_level(motor, sensory, scores.voluntary_anal_contraction[exam]).value
        findings.deepest_muscle[exam, side] = deepest_moving_muscle(motor)
        findings.sensory_zpp[exam, side] = sensory_zpp(touch, prick, scores.deep_anal_pressure[exam]).value
        add_side(motor, touch, prick, findings.sums[exam, side])
    level = neurological_level(findings.sensory_level[exam], findings.motor_level[exam])
    findings.neurological_level[exam] = level.value


@compilable
def _conclude(exam: int, scores: Scores, findings: Findings, rule: int) -> None:
    """Grade one exam whose levels are known, and set the motor zones, which hang on how the grade came about."""
    contracts = scores.voluntary_anal_contraction[exam]
    levels, deepest = findings.motor_level[exam], findings.deepest_muscle[exam]
    non_key = scores.non_key_muscle[exam]
    feels = sacral_sensation(scores.light_touch[exam], scores.pin_prick[exam], scores.deep_anal_pressure[exam])
    complete = completeness(feels, contracts).value
    sparing = motor_sparing(deepest, non_key, levels, feels.value, contracts)
    grade = impairment_grade(scores.motor[exam], findings.neurological_level[exam], complete, sparing.value).value
    findings.is_complete[exam] = complete == 1
    findings.ais[exam] = grade
    enters = measured_from(rule, sparing.reason, grade)
    for side in range(2):
        zone = motor_zpp(levels[side], deepest[side], non_key[side], contracts, enters)
        findings.motor_zpp[exam, side] = zone.value
