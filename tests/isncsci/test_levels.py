"""Sensory, motor and neurological levels on worksheets written for one rule each."""

import pytest

from reference.isncsci_exams import answer, lesion_at, normal_exam


def with_first_loss_below(level, *, family="pin_prick"):
    """A normal exam but for one point of sensation, on the right, at the dermatome below `level`."""
    exam = normal_exam()
    names = ["C1", *exam["right"][family]]
    exam["right"][family][names[names.index(level) + 1]] = 1
    return exam


def test_a_normal_examination_is_intact_on_both_sides():
    found = answer(normal_exam())
    assert {found[key] for key in ("sensory_right", "sensory_left", "motor_right", "motor_left", "nli")} == {"INT"}


@pytest.mark.parametrize("family", ["light_touch", "pin_prick"])
@pytest.mark.parametrize("level", ["C1", "C4", "T6", "S3"])
def test_the_sensory_level_lies_above_the_first_loss_in_either_modality(level, family):
    found = answer(with_first_loss_below(level, family=family))
    assert (found["sensory_right"], found["sensory_left"]) == (level, "INT")


def test_normal_dermatomes_below_the_first_loss_do_not_lower_the_sensory_level():
    exam = with_first_loss_below("T3")
    exam["right"]["pin_prick"]["T10"] = 0
    assert answer(exam)["sensory_right"] == "T3"


@pytest.mark.parametrize(("grade", "level"), [(0, "C6"), (1, "C6"), (2, "C6"), (3, "C7"), (4, "C7")])
def test_a_weak_muscle_is_the_motor_level_from_grade_three_on(grade, level):
    exam = normal_exam()
    exam["left"]["motor"]["C7"] = grade
    assert answer(exam)["motor_left"] == level


@pytest.mark.parametrize(("muscle", "level"), [("C5", "C4"), ("L2", "L1")])
def test_without_the_first_muscle_of_a_limb_the_level_before_the_limb_is_the_motor_level(muscle, level):
    exam = normal_exam()
    exam["right"]["motor"][muscle] = 2
    assert answer(exam)["motor_right"] == level


@pytest.mark.parametrize("level", ["C1", "C2", "C3"])
def test_above_c4_the_motor_level_follows_sensation_however_strong_the_arm(level):
    assert answer(with_first_loss_below(level))["motor_right"] == level


def test_lost_sensation_in_the_arm_does_not_raise_the_motor_level_of_a_graded_muscle():
    exam = with_first_loss_below("C4")
    exam["right"]["motor"]["T1"] = 3
    found = answer(exam)
    assert (found["sensory_right"], found["motor_right"]) == ("C4", "T1")


@pytest.mark.parametrize(("sensory", "motor"), [("C4", "T1"), ("C8", "T1"), ("T1", "T1"), ("T2", "T2"), ("T12", "T12")])
def test_below_a_strong_arm_the_motor_level_follows_sensation_but_not_above_t1(sensory, motor):
    assert answer(with_first_loss_below(sensory))["motor_right"] == motor


def test_sensation_down_to_l1_is_enough_for_the_leg_to_count():
    exam = with_first_loss_below("L1")
    exam["right"]["motor"]["L3"] = 3
    assert answer(exam)["motor_right"] == "L3"


def test_sensation_down_to_t12_only_leaves_a_strong_leg_out():
    assert answer(with_first_loss_below("T12"))["motor_right"] == "T12"


@pytest.mark.parametrize(("sensory", "motor"), [("L1", "S1"), ("S1", "S1"), ("S2", "S2"), ("S3", "S3")])
def test_below_a_strong_leg_the_motor_level_follows_sensation_but_not_above_s1(sensory, motor):
    assert answer(with_first_loss_below(sensory))["motor_right"] == motor


def test_all_normal_without_anal_contraction_is_motor_level_s3_and_neurological_level_s3():
    found = answer(normal_exam() | {"vac": False})
    assert (found["sensory_right"], found["motor_right"], found["nli"]) == ("INT", "S3", "S3")


def test_the_neurological_level_is_the_most_rostral_of_the_four():
    exam = lesion_at("T10", sides=("left",), sacral=True)
    exam["right"]["motor"]["C8"] = 3
    found = answer(exam)
    assert (found["motor_right"], found["sensory_left"], found["nli"]) == ("C8", "T10", "C8")
