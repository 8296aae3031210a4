"""The only ways in which the npm package may differ, each with the rule that decides and how its exams are known.

A difference that no entry recognises fails the tests. An entry looks at the exam and at both answers, not at the name
of the output alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordwise.isncsci import AIS, INTACT, NO_MUSCLE, level_index
from cordwise.isncsci.recorded import NOT_TESTABLE, RecordedExams

_S3, _INTACT = 1 << level_index("S3"), 1 << INTACT
_C, _D = 1 << AIS.C, 1 << AIS.D


@dataclass(frozen=True, slots=True)
class Case:
    """One output of a batch of exams: the sets of both programs, and what else they say of the same exams."""

    exams: RecordedExams
    output: str
    ours: dict[str, np.ndarray]
    peer: dict[str, np.ndarray]
    ours_by_peer_option: dict[str, np.ndarray]

    @property
    def extra(self):
        """What the peer says and we do not."""
        return self.peer[self.output] & ~self.ours[self.output]

    @property
    def missing(self):
        """What we say and the peer does not."""
        return self.ours[self.output] & ~self.peer[self.output]

    @property
    def non_key_muscle(self):
        """The non-key muscle of the side that the output is about."""
        return self.exams.lowest_non_key_muscle[:, int(self.output.endswith("left"))]

    @property
    def contraction_may_be_absent(self):
        return np.isin(self.exams.voluntary_anal_contraction, (0, NOT_TESTABLE))


@dataclass(frozen=True, slots=True)
class AllowedDifference:
    """A kind of difference: the outputs it touches, the rule that decides, and the exams it is known by."""

    name: str
    outputs: tuple[str, ...]
    decides: str
    recognises: Callable[[Case], np.ndarray]


def _has_several(values):
    return (values & (values - 1)) != 0


def _intact_without_contraction(case):
    motor_s3 = case.ours["motor_right"] & case.ours["motor_left"] & _S3 != 0
    intact = case.ours["sensory_right"] & case.ours["sensory_left"] & _INTACT != 0
    only_these = (case.extra | case.missing) & ~(_S3 | _INTACT) == 0
    return case.contraction_may_be_absent & motor_s3 & intact & only_these


def _grade_conditions_joined_apart(case):
    motor_level_open = _has_several(case.ours["motor_right"]) | _has_several(case.ours["motor_left"])
    return (case.missing == 0) & (case.extra & ~(_C | _D) == 0) & motor_level_open


def _non_key_muscle_is_an_option(case):
    decided_by_option = case.ours[case.output] != case.ours_by_peer_option[case.output]
    return (case.non_key_muscle != NO_MUSCLE) & case.contraction_may_be_absent & decided_by_option


def _non_key_muscle_applied_to_all_completions(case):
    grades, muscle = case.peer["ais"], case.non_key_muscle.astype(np.int64)
    c_among_others = (grades & _C != 0) & _has_several(grades)
    only_the_muscle_more = case.extra & ~(1 << muscle) == 0
    only_levels_above_it_less = case.missing >> muscle == 0
    return (muscle != NO_MUSCLE) & c_among_others & only_the_muscle_more & only_levels_above_it_less


_MOTOR_ZONES: Final = ("zpp_motor_right", "zpp_motor_left")

ALLOWED: Final = (
    AllowedDifference(
        "intact without anal contraction",
        ("nli",),
        "The neurological level is the most rostral of the four levels. With everything intact and no anal contraction "
        "both programs put the motor levels at S3; the peer says INT all the same.",
        _intact_without_contraction,
    ),
    AllowedDifference(
        "grade conditions joined apart",
        ("ais",),
        "A grade is possible if one completion yields it. The peer tests the conditions of a grade one by one, so that "
        "a completion that makes the injury motor incomplete may meet the neurological level of another, or its count "
        "of strong muscles. Both hang on the same open motor level.",
        _grade_conditions_joined_apart,
    ),
    AllowedDifference(
        "non-key muscle is an option",
        _MOTOR_ZONES,
        "The standard records a non-key muscle as the motor zone only where such muscles alone make the injury motor "
        "incomplete; the peer does so where the grade is C and the muscle lies more than three levels below the zone. "
        "Both can be chosen here, and the sets of the two choices differ for the exam.",
        _non_key_muscle_is_an_option,
    ),
    AllowedDifference(
        "non-key muscle applied to all completions",
        _MOTOR_ZONES,
        "Each completion has its own grade and zone. Where C is one of several grades the peer puts the non-key muscle "
        "in place of the zones of all completions, also of those that are not C.",
        _non_key_muscle_applied_to_all_completions,
    ),
)
