"""Completeness and grade on worksheets written for one rule each."""

import pytest

from reference.isncsci_exams import answer, lesion_at, normal_exam

SIDES_AND_MODALITIES = [(side, family) for side in ("right", "left") for family in ("light_touch", "pin_prick")]


def grade_of(exam):
    return answer(exam)["ais"]


def test_nothing_felt_or_moved_at_the_sacrum_is_complete():
    found = answer(lesion_at("T4"))
    assert (found["complete"], found["ais"]) == ("C", "A")


@pytest.mark.parametrize(("side", "family"), SIDES_AND_MODALITIES)
def test_one_point_at_s4_5_makes_the_injury_incomplete(side, family):
    exam = lesion_at("T4")
    exam[side][family]["S4_5"] = 1
    found = answer(exam)
    assert (found["complete"], found["ais"]) == ("I", "B")


def test_deep_anal_pressure_alone_makes_the_injury_sensory_incomplete():
    found = answer(lesion_at("C6", sacral=True))
    assert (found["complete"], found["ais"]) == ("I", "B")


def test_anal_contraction_without_any_sacral_sensation_makes_the_injury_motor_incomplete():
    found = answer(lesion_at("T4") | {"vac": True})
    assert (found["complete"], found["ais"]) == ("I", "C")


def test_movement_below_a_silent_sacrum_stays_complete():
    exam = lesion_at("T10")
    for side in ("right", "left"):
        exam[side]["motor"].update({"L2": 4, "L3": 4, "L4": 4})
    assert grade_of(exam) == "A"


@pytest.mark.parametrize(("muscle", "grade"), [("L2", "B"), ("L3", "C")])
def test_movement_counts_only_more_than_three_levels_below_the_motor_level(muscle, grade):
    exam = lesion_at("T11", sacral=True)
    exam["left"]["motor"][muscle] = 1
    assert grade_of(exam) == grade


def test_each_side_is_measured_from_its_own_motor_level():
    exam = lesion_at("C5", sides=("right",), sacral=True)
    left = lesion_at("T1", sides=("left",))["left"]
    exam["left"] = left
    found = answer(exam)
    assert (found["nli"], found["motor_left"], found["ais"]) == ("C5", "T1", "B")


def test_a_non_key_muscle_far_below_makes_the_injury_motor_incomplete():
    exam = lesion_at("T4", sacral=True)
    exam["right"]["non_key"] = "L4"
    assert grade_of(exam) == "C"


def test_a_non_key_muscle_close_below_does_not():
    exam = lesion_at("C5", sacral=True)
    exam["right"]["non_key"] = "C8"
    assert grade_of(exam) == "B"


@pytest.mark.parametrize(("useful", "grade"), [(4, "C"), (5, "D"), (6, "D")])
def test_half_of_the_muscles_below_the_level_at_three_or_better_make_a_d(useful, grade):
    exam = lesion_at("T6", sacral=True) | {"vac": True}
    below = [(side, muscle) for muscle in ("L2", "L3", "L4", "L5", "S1") for side in ("right", "left")]
    for place, (side, muscle) in enumerate(below):
        exam[side]["motor"][muscle] = 3 if place < useful else 2
    assert grade_of(exam) == grade


def test_muscles_are_counted_below_the_single_level_and_not_below_each_motor_level():
    exam = lesion_at("T6", sacral=True) | {"vac": True}
    found = answer(exam)
    assert (found["nli"], found["motor_right"], found["ais"]) == ("T6", "T6", "C")
    exam["left"]["pin_prick"]["C5"] = 1
    found = answer(exam)
    # Below C4 the ten strong muscles of the arms now count, against ten of the legs without function: a half.
    assert (found["nli"], found["motor_right"], found["ais"]) == ("C4", "T6", "D")


def test_a_level_with_no_muscle_below_it_is_a_d():
    exam = normal_exam()
    exam["right"]["light_touch"]["S3"] = 1
    assert (answer(exam)["nli"], grade_of(exam)) == ("S2", "D")


def test_a_normal_examination_is_an_e():
    assert grade_of(normal_exam()) == "E"


def test_a_normal_examination_without_anal_contraction_is_a_b():
    assert grade_of(normal_exam() | {"vac": False}) == "B"
