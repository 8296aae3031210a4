"""The decisions on one testable examination in the order in which the standard takes them, each with reason and place.

They come from the very functions that classify a batch; what a person reads of them is a matter of wording alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cordwise.isncsci.ais import impairment_grade, motor_sparing
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.classification import Classification, classify, rule_number
from cordwise.isncsci.completeness import completeness, sacral_sensation
from cordwise.isncsci.exam import Exams
from cordwise.isncsci.levels import deepest_moving_muscle, motor_level, neurological_level, sensory_level
from cordwise.isncsci.reasons import Decision, Reason
from cordwise.isncsci.zpp import NonKeyZpp, measured_from, motor_zpp, sensory_zpp


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: what was decided, how, why, and of which place the reason speaks."""

    decided: str
    value: int
    reason: Reason
    place: int


def decisions(exams: Exams, row: int, *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD) -> tuple[Step, ...]:
    """Return the decisions on one exam of a batch: every output of `OUTPUTS`, and two facts on the way to them.

    These are `sacral_sensation`, and `motor_sparing`, whose reason says by what an injury is motor incomplete. Their
    values are 1 or 0, as is that of `complete`; all others are numbers as in `Classification`.
    """
    one = exams[row : row + 1]
    found = classify(one, non_key_zpp=non_key_zpp)
    steps = (*_levels(one, found), *_grade(one, found), *_zones(one, found, rule_number(non_key_zpp)))
    return tuple(Step(name, int(made.value), Reason(made.reason), int(made.place)) for name, made in steps)


def _levels(one: Exams, found: Classification) -> Iterator[tuple[str, Decision]]:
    for index, side in enumerate(SIDES):
        yield f"sensory_{side}", sensory_level(one.light_touch[0, index], one.pin_prick[0, index])
    for index, side in enumerate(SIDES):
        sensory, contracts = int(found.sensory_level[0, index]), bool(one.voluntary_anal_contraction[0])
        yield f"motor_{side}", motor_level(one.motor[0, index], sensory, contracts)
    yield "nli", neurological_level(found.sensory_level[0], found.motor_level[0])


def _grade(one: Exams, found: Classification) -> Iterator[tuple[str, Decision]]:
    feels = sacral_sensation(one.light_touch[0], one.pin_prick[0], bool(one.deep_anal_pressure[0]))
    complete, sparing = completeness(feels, bool(one.voluntary_anal_contraction[0])), _sparing(one, found)
    yield "sacral_sensation", feels
    yield "complete", complete
    yield "motor_sparing", sparing
    yield "ais", impairment_grade(one.motor[0], int(found.neurological_level[0]), complete.value, sparing.value)


def _sparing(one: Exams, found: Classification) -> Decision:
    deepest = np.array([deepest_moving_muscle(motor) for motor in one.motor[0]], np.int8)
    feels = sacral_sensation(one.light_touch[0], one.pin_prick[0], bool(one.deep_anal_pressure[0]))
    contracts = bool(one.voluntary_anal_contraction[0])
    return motor_sparing(deepest, one.lowest_non_key_muscle[0], found.motor_level[0], feels.value, contracts)


def _zones(one: Exams, found: Classification, rule: int) -> Iterator[tuple[str, Decision]]:
    contracts, presses = bool(one.voluntary_anal_contraction[0]), bool(one.deep_anal_pressure[0])
    for index, side in enumerate(SIDES):
        yield f"zpp_sensory_{side}", sensory_zpp(one.light_touch[0, index], one.pin_prick[0, index], presses)
    enters = measured_from(rule, _sparing(one, found).reason, int(found.ais[0]))
    for index, side in enumerate(SIDES):
        level, muscle = int(found.motor_level[0, index]), int(one.lowest_non_key_muscle[0, index])
        deepest = deepest_moving_muscle(one.motor[0, index])
        yield f"zpp_motor_{side}", motor_zpp(level, deepest, muscle, contracts, enters)
