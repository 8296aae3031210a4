"""The decisions on one exam: the answers of the batch, each with the reason that the worksheet shows."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.isncsci import LEVELS, MUSCLE_LEVELS, OUTPUTS, NonKeyZpp, classify_exams
from cordwise.isncsci.decisions import decisions
from cordwise.isncsci.reasons import Reason
from reference.isncsci_exams import as_batch, lesion_at, normal_exam, random_exams

COUNT = 1_500


@pytest.fixture(scope="module")
def exams():
    return random_exams(50, COUNT)


@pytest.fixture(scope="module")
def steps(exams):
    return [{step.decided: step for step in decisions(exams, row)} for row in range(COUNT)]


def only(exam, **options):
    return {step.decided: step for step in decisions(as_batch([exam]), 0, **options)}


def test_the_decisions_are_the_answers_of_the_batch(exams, steps):
    found = classify_exams(exams)
    columns = [
        *found.sensory_level.T,
        *found.motor_level.T,
        found.neurological_level,
        found.is_complete,
        found.ais,
        *found.sensory_zpp.T,
        *found.motor_zpp.T,
    ]
    for name, column in zip(OUTPUTS, columns, strict=True):
        assert [exam[name].value for exam in steps] == column.astype(int).tolist(), name


def test_every_reason_decides_some_exam(steps):
    given = {step.reason for exam in steps for step in exam.values()}
    # A normal exam without anal contraction is rare among random ones.
    given |= {step.reason for step in only(normal_exam() | {"vac": False}).values()}
    assert set(Reason) - given == set()


@pytest.mark.parametrize("side", [0, 1])
def test_mending_the_place_of_a_reason_lowers_the_sensory_level(exams, steps, side):
    name = f"sensory_{'right' if side == 0 else 'left'}"
    rows = [row for row in range(COUNT) if steps[row][name].reason != Reason.SENSATION_INTACT]
    touch, prick = exams.light_touch.copy(), exams.pin_prick.copy()
    for row in rows:
        step = steps[row][name]
        if step.reason != Reason.PIN_PRICK_IMPAIRED:
            touch[row, side, step.place - 1] = 2
        if step.reason != Reason.LIGHT_TOUCH_IMPAIRED:
            prick[row, side, step.place - 1] = 2
    mended = classify_exams(replace(exams, light_touch=touch, pin_prick=prick)).sensory_level[rows, side]
    assert (mended > classify_exams(exams).sensory_level[rows, side]).all()


def test_the_muscle_that_ends_the_walk_has_the_strength_that_the_reason_names(exams, steps):
    strengths = {Reason.MUSCLE_RESISTS_GRAVITY: {3, 4}, Reason.MUSCLE_TOO_WEAK: {0, 1, 2}}
    for row, exam in enumerate(steps):
        step = exam["motor_right"]
        if step.reason in strengths:
            assert exams.motor[row, 0, MUSCLE_LEVELS.index(step.place)] in strengths[step.reason]


def test_a_motor_incomplete_injury_says_by_which_muscle():
    exam = lesion_at("T4", sacral=True)
    exam["left"]["motor"]["L3"] = 1
    step = only(exam)["motor_sparing"]
    assert (step.reason, LEVELS[step.place]) == (Reason.LEFT_KEY_MUSCLE_FAR_BELOW, "L3")


def test_the_motor_zone_of_a_non_key_muscle_says_so_by_the_rule_in_force():
    exam = lesion_at("T4", sacral=True)
    exam["right"]["non_key"] = "L4"
    assert only(exam)["zpp_motor_right"].reason == Reason.NON_KEY_MUSCLE
    assert only(exam, non_key_zpp=NonKeyZpp.NEVER)["zpp_motor_right"].reason == Reason.NOTHING_MOVES_BELOW


def test_the_first_of_equal_levels_gives_the_neurological_level(steps):
    for exam in steps[:200]:
        levels = np.array([exam[name].value for name in OUTPUTS[:4]])
        assert exam["nli"].reason == Reason.RIGHT_SENSORY_LEVEL + int(levels.argmin())
