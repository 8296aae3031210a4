"""The decisions on one testable examination in the order in which the standard takes them, each with reason and place.

They come from the very functions that classify a batch; what a person reads of them is a matter of wording alone.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.ais import impairment_grade, motor_sparing
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.classification import rule_number
from cordwise.isncsci.completeness import completeness, sacral_sensation
from cordwise.isncsci.levels import deepest_moving_muscle, motor_level, neurological_level, sensory_level
from cordwise.isncsci.reasons import Decision, Reason
from cordwise.isncsci.testable import Exams
from cordwise.isncsci.zpp import NonKeyZpp, measured_from, motor_zpp, sensory_zpp

Decisions = dict[str, Decision]


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """One decision: what was decided, how, why, and of which place the reason speaks."""

    decided: str
    value: int
    reason: Reason
    place: int


def decisions(exams: Exams, row: int, *, non_key_zpp: NonKeyZpp = NonKeyZpp.STANDARD) -> tuple[DecisionStep, ...]:
    """Return the decisions on one exam of a batch: every output of `OUTPUTS`, and two facts on the way to them.

    These are `sacral_sensation`, and `motor_sparing`, whose reason says by what an injury is motor incomplete. Their
    values are 1 or 0, as is that of `complete`; all others are numbers as in `Classification`.
    """
    one = _OneExam(
        exams.motor[row],
        exams.light_touch[row],
        exams.pin_prick[row],
        bool(exams.voluntary_anal_contraction[row]),
        bool(exams.deep_anal_pressure[row]),
        exams.lowest_non_key_muscle[row],
    )
    found = _grade(one, _levels(one))
    found |= _zones(one, found, rule_number(non_key_zpp))
    return tuple(
        DecisionStep(name, int(made.value), Reason(made.reason), int(made.place)) for name, made in found.items()
    )


class _OneExam(NamedTuple):
    """The scores of one exam."""

    motor: Int8[ndarray, "side muscle"]
    light_touch: Int8[ndarray, "side dermatome"]
    pin_prick: Int8[ndarray, "side dermatome"]
    contracts: bool
    presses: bool
    non_key_muscle: Int8[ndarray, " side"]


def _levels(one: _OneExam) -> Decisions:
    found = {
        f"sensory_{side}": sensory_level(one.light_touch[index], one.pin_prick[index])
        for index, side in enumerate(SIDES)
    }
    found |= {
        f"motor_{side}": motor_level(one.motor[index], found[f"sensory_{side}"].value, one.contracts)
        for index, side in enumerate(SIDES)
    }
    return found | {"nli": neurological_level(_pair(found, "sensory"), _pair(found, "motor"))}


def _pair(found: Decisions, name: str) -> Int8[ndarray, " side"]:
    """Return what was decided for the right and for the left."""
    return np.array([found[f"{name}_{side}"].value for side in SIDES], np.int8)


def _grade(one: _OneExam, levels: Decisions) -> Decisions:
    feels = sacral_sensation(one.light_touch, one.pin_prick, one.presses)
    complete = completeness(feels, one.contracts)
    deepest = np.array([deepest_moving_muscle(motor) for motor in one.motor], np.int8)
    sparing = motor_sparing(deepest, one.non_key_muscle, _pair(levels, "motor"), feels.value, one.contracts)
    grade = impairment_grade(one.motor, int(levels["nli"].value), complete.value, sparing.value)
    return levels | {"sacral_sensation": feels, "complete": complete, "motor_sparing": sparing, "ais": grade}


def _zones(one: _OneExam, found: Decisions, rule: int) -> Decisions:
    enters = measured_from(rule, found["motor_sparing"].reason, int(found["ais"].value))
    sensory = {
        f"zpp_sensory_{side}": sensory_zpp(one.light_touch[index], one.pin_prick[index], one.presses)
        for index, side in enumerate(SIDES)
    }
    motor = {
        f"zpp_motor_{side}": motor_zpp(
            int(found[f"motor_{side}"].value),
            deepest_moving_muscle(one.motor[index]),
            int(one.non_key_muscle[index]),
            one.contracts,
            enters,
        )
        for index, side in enumerate(SIDES)
    }
    return sensory | motor
