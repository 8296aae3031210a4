"""From scores to conclusions: the rules of the other modules applied, in their order, to a batch of exams."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int8, Int16
from numba import njit, prange
from numpy import ndarray

from cordwise.isncsci.ais import impairment_grade, spares_far_below
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.completeness import has_sacral_sensation, is_complete
from cordwise.isncsci.exam import Exams
from cordwise.isncsci.levels import deepest_moving_muscle, motor_level, neurological_level, sensory_level
from cordwise.isncsci.totals import LIMB_AND_MODALITY_SUMS, Totals, add_side, totals_of
from cordwise.isncsci.zpp import motor_zpp, sensory_zpp


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """What a batch of exams shows, by the 2019 revision; levels are numbers of `LEVELS`, sides right then left.

    `ais` holds numbers of `AIS`; a zone of partial preservation may be `NOT_APPLICABLE`.
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


class _Scores(NamedTuple):
    """The exams as compiled code takes them."""

    motor: Int8[ndarray, "exam side muscle"]
    light_touch: Int8[ndarray, "exam side dermatome"]
    pin_prick: Int8[ndarray, "exam side dermatome"]
    voluntary_anal_contraction: Bool[ndarray, " exam"]
    deep_anal_pressure: Bool[ndarray, " exam"]
    non_key_muscle: Int8[ndarray, "exam side"]


class _Findings(NamedTuple):
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


def classify(exams: Exams) -> Classification:
    """Return levels, completeness, grade, zones of partial preservation and totals of every exam."""
    scores = _Scores(
        np.ascontiguousarray(exams.motor),
        np.ascontiguousarray(exams.light_touch),
        np.ascontiguousarray(exams.pin_prick),
        np.ascontiguousarray(exams.voluntary_anal_contraction),
        np.ascontiguousarray(exams.deep_anal_pressure),
        np.ascontiguousarray(exams.lowest_non_key_muscle),
    )
    findings = _empty_findings(len(exams))
    _classify_all(scores, findings)
    *conclusions, _, sums = findings
    return Classification(*conclusions, totals=totals_of(sums))


def _empty_findings(count: int) -> _Findings:
    sides = len(SIDES)

    def per_side() -> Int8[ndarray, "exam side"]:
        return np.empty((count, sides), np.int8)

    return _Findings(
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


@njit(cache=True, parallel=True, error_model="numpy")
def _classify_all(scores: _Scores, findings: _Findings) -> None:
    for exam in prange(len(scores.motor)):
        _find_levels(exam, scores, findings)
        _conclude(exam, scores, findings)


@njit(cache=True, error_model="numpy")
def _find_levels(exam: int, scores: _Scores, findings: _Findings) -> None:
    """Walk down both sides of one exam once."""
    for side in range(2):
        motor, touch, prick = scores.motor[exam, side], scores.light_touch[exam, side], scores.pin_prick[exam, side]
        sensory = sensory_level(touch, prick)
        findings.sensory_level[exam, side] = sensory
        findings.motor_level[exam, side] = motor_level(motor, sensory, scores.voluntary_anal_contraction[exam])
        findings.deepest_muscle[exam, side] = deepest_moving_muscle(motor)
        findings.sensory_zpp[exam, side] = sensory_zpp(touch, prick, scores.deep_anal_pressure[exam])
        add_side(motor, touch, prick, findings.sums[exam, side])
    findings.neurological_level[exam] = neurological_level(findings.sensory_level[exam], findings.motor_level[exam])


@njit(cache=True, error_model="numpy")
def _conclude(exam: int, scores: _Scores, findings: _Findings) -> None:
    """Grade one exam whose levels are known, and set the motor zones, which hang on how the grade came about."""
    contracts = scores.voluntary_anal_contraction[exam]
    levels, non_key = findings.motor_level[exam], scores.non_key_muscle[exam]
    feels = has_sacral_sensation(scores.light_touch[exam], scores.pin_prick[exam], scores.deep_anal_pressure[exam])
    key_spared = feels and spares_far_below(findings.deepest_muscle[exam], levels)
    non_key_spared = feels and spares_far_below(non_key, levels)
    complete = is_complete(feels, contracts)
    findings.is_complete[exam] = complete
    findings.ais[exam] = impairment_grade(
        scores.motor[exam], findings.neurological_level[exam], complete, contracts or key_spared or non_key_spared
    )
    decides = non_key_spared and not key_spared
    for side in range(2):
        findings.motor_zpp[exam, side] = motor_zpp(
            levels[side], findings.deepest_muscle[exam, side], non_key[side], contracts, decides
        )
