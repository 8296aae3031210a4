"""Zones of partial preservation on worksheets written for one rule each."""

from reference.isncsci_exams import answer, lesion_at, normal_exam


def zones(exam):
    found = answer(exam)
    return {name: (found[f"zpp_{name}_right"], found[f"zpp_{name}_left"]) for name in ("sensory", "motor")}


def test_the_sensory_zone_ends_at_the_last_dermatome_with_any_sensation():
    exam = lesion_at("T4")
    exam["right"]["light_touch"]["T8"] = 1
    exam["left"]["pin_prick"]["S3"] = 1
    assert zones(exam)["sensory"] == ("T8", "S3")


def test_a_side_that_feels_nothing_has_the_sensory_zone_c1():
    assert zones(lesion_at("C1"))["sensory"] == ("C1", "C1")


def test_sacral_sensation_takes_the_sensory_zone_from_its_own_side_only():
    exam = lesion_at("T4")
    exam["left"]["pin_prick"]["S4_5"] = 1
    assert zones(exam)["sensory"] == ("T4", "NA")


def test_deep_anal_pressure_takes_the_sensory_zone_from_both_sides():
    assert zones(lesion_at("T4", sacral=True))["sensory"] == ("NA", "NA")


def test_anal_contraction_takes_the_motor_zone_from_both_sides_and_leaves_the_sensory_zone():
    assert zones(lesion_at("T4") | {"vac": True}) == {"sensory": ("T4", "T4"), "motor": ("NA", "NA")}


def test_the_motor_zone_ends_at_the_last_muscle_that_moves():
    exam = lesion_at("C5")
    exam["right"]["motor"]["C8"] = 1
    assert zones(exam)["motor"] == ("C8", "C5")


def test_without_movement_below_it_the_motor_level_is_the_motor_zone():
    assert zones(lesion_at("T7"))["motor"] == ("T7", "T7")


def test_the_motor_zone_does_not_follow_sensation_below_the_motor_level():
    exam = lesion_at("C5")
    exam["right"]["light_touch"].update({"T6": 2, "T7": 1})
    assert zones(exam) == {"sensory": ("T7", "C5"), "motor": ("C5", "C5")}


def test_an_incomplete_injury_keeps_its_motor_zone():
    exam = lesion_at("C5", sacral=True)
    exam["right"]["motor"]["L3"] = 2
    found = answer(exam)
    assert (found["ais"], found["zpp_motor_right"], found["zpp_motor_left"]) == ("C", "L3", "C5")


def test_a_non_key_muscle_that_alone_makes_the_injury_motor_incomplete_is_the_motor_zone():
    exam = lesion_at("T4", sacral=True)
    exam["left"]["non_key"] = "L4"
    assert zones(exam)["motor"] == ("T4", "L4")


def test_a_non_key_muscle_adds_nothing_where_a_key_muscle_decided():
    exam = lesion_at("T4", sacral=True)
    exam["right"]["motor"]["L2"] = 1
    exam["left"]["non_key"] = "S1"
    assert zones(exam)["motor"] == ("L2", "T4")


def test_a_non_key_muscle_close_below_is_no_zone_though_the_other_side_decides():
    exam = lesion_at("T12", sacral=True)
    exam["right"]["non_key"] = "L3"
    exam["left"]["non_key"] = "L4"
    assert (answer(exam)["ais"], zones(exam)["motor"]) == ("C", ("T12", "L4"))


def test_a_non_key_muscle_in_a_complete_injury_is_no_zone():
    exam = lesion_at("T4")
    exam["right"]["non_key"] = "L5"
    found = answer(exam)
    assert (found["ais"], found["zpp_motor_right"]) == ("A", "T4")


def test_the_motor_zone_of_a_normal_examination_without_anal_contraction_is_s3():
    assert zones(normal_exam() | {"vac": False})["motor"] == ("S3", "S3")
