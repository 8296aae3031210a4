"""Worksheets with one difficulty each, of our own making.

Those named by a number hold the difficulty of that case of the published workbook, and the answer its key gives to it.
"""

import pytest

from cordwise.isncsci import DERMATOMES, LEVELS, MYOTOMES
from cordwise.isncsci.possible import classify_recorded
from cordwise.isncsci.zpp import NonKeyZpp
from reference.isncsci_exams import lesion_at, normal_exam
from reference.isncsci_worksheet import possible, worksheet

SIDES = ("right", "left")


def below(level, names):
    return [name for name in names if LEVELS.index(name) > LEVELS.index(level)]


def with_scores(exam, family, sides=SIDES, **scores):
    """Write the given scores of a family on the worksheet; levels are keywords."""
    for side in sides:
        exam[side][family].update(scores)
    return exam


# Cases of the published workbook, by their numbers


def test_case_24_walking_with_a_silent_sacrum_is_an_a():
    exam = lesion_at("T12")
    for side in SIDES:
        exam[side]["motor"].update(dict.fromkeys(("L2", "L3", "L4", "L5", "S1"), 4))
        exam[side]["light_touch"].update(dict.fromkeys(below("T12", DERMATOMES[:-1]), 1))
    answers, tagged = possible(exam)
    assert (answers["complete"], answers["ais"], tagged) == ("C", "A", set())


def test_case_10_anal_contraction_without_sacral_sensation_is_motor_incomplete():
    answers, _ = possible(lesion_at("T10") | {"vac": True, "dap": False})
    assert (answers["complete"], answers["ais"], answers["zpp_motor_right"]) == ("I", "C", "NA")


def test_case_13_a_non_key_muscle_that_alone_makes_the_injury_motor_incomplete_is_its_motor_zone():
    exam = lesion_at("C6", sacral=True)
    exam["right"]["non_key"] = "L3"
    answers, _ = possible(exam)
    assert (answers["ais"], answers["zpp_motor_right"], answers["zpp_motor_left"]) == ("C", "L3", "C6")


def test_case_23_a_starred_two_at_c7_leaves_the_motor_level_at_c6_or_c7():
    exam = with_scores(lesion_at("C6"), "motor", sides=("right",), C7="2*")
    with_scores(exam, "motor", C5=5, C6=5)
    answers, tagged = possible(exam)
    assert answers["motor_right"] == "C6,C7"
    assert "motor_right" in tagged
    assert answers["motor_left"] == "C6"
    assert "motor_left" not in tagged


def test_case_26_a_transferred_tendon_counts_as_the_examiner_says():
    exam = with_scores(lesion_at("C6"), "motor", sides=("right",), C7="3*=2")
    answers, tagged = possible(exam)
    assert answers["motor_right"] == "C6"
    assert "motor_right" in tagged
    without_word, _ = possible(with_scores(exam, "motor", sides=("right",), C7="3*"))
    assert without_word["motor_right"] == "C7"


def test_case_20_hands_that_cannot_be_tested_leave_the_motor_zone_open():
    exam = with_scores(lesion_at("C6"), "motor", sides=("right",), C7=3, C8="NT*", T1="NT*")
    answers, tagged = possible(exam)
    assert answers["zpp_motor_right"] == "C7,C8,T1"
    assert "zpp_motor_right" not in tagged


# Not testable


def test_an_untestable_deltoid_skips_levels_that_no_grade_gives():
    exam = with_scores(lesion_at("T6"), "motor", sides=("right",), C5="NT")
    assert possible(exam)[0]["motor_right"] == "C4,C5,T6"


@pytest.mark.parametrize(("touch", "pressure", "zone"), [("NT", False, "NA,T6"), (0, "NT", "NA,T6"), (0, False, "T6")])
def test_an_untestable_sacrum_may_make_the_sensory_zone_not_applicable(touch, pressure, zone):
    exam = with_scores(lesion_at("T6") | {"dap": pressure}, "light_touch", sides=("left",), S4_5=touch)
    assert possible(exam)[0]["zpp_sensory_left"] == zone


def test_untestable_anal_contraction_may_make_the_motor_zone_not_applicable():
    answers, _ = possible(lesion_at("T6") | {"vac": "NT"})
    assert (answers["zpp_motor_right"], answers["complete"], answers["ais"]) == ("NA,T6", "C,I", "A,C")


def test_grades_are_decided_with_the_levels_they_belong_to():
    exam = lesion_at("L5", sacral=True)
    with_scores(exam, "light_touch", sides=("right",), C2="NT")
    with_scores(exam, "light_touch", sides=SIDES, L5=1)
    answers, _ = possible(exam)
    # Normal at C2: nothing moves below L4. Not normal: the right motor level is C1, and most muscles below are strong.
    assert (answers["motor_right"], answers["nli"], answers["ais"]) == ("C1,L5", "C1,L4", "B,D")


def test_an_untestable_muscle_takes_the_number_from_its_totals_only():
    totals = classify_recorded(worksheet(with_scores(normal_exam(), "motor", sides=("left",), L3="NT"))).totals
    assert (totals.ler_left[0] < 0, totals.lems[0] < 0, totals.motor_left[0] < 0) == (True, True, True)
    assert (totals.ler_right[0], totals.uems[0], totals.light_touch[0]) == (25, 50, 112)


# Tags: on an answer that the scores as examined would not give


def test_a_tag_on_one_side_reaches_the_neurological_level_it_decides():
    exam = with_scores(lesion_at("C7"), "motor", sides=("left",), C6="2*")
    answers, tagged = possible(exam)
    assert (answers["motor_left"], answers["nli"]) == ("C5,C6", "C5,C6")
    assert {"motor_left", "nli"} <= tagged
    assert "motor_right" not in tagged


def test_a_sensory_zone_that_rests_on_a_starred_score_is_tagged():
    exam = with_scores(lesion_at("T6"), "light_touch", sides=("right",), T9="0**")
    answers, tagged = possible(exam)
    assert answers["zpp_sensory_right"] == "T9"
    assert "zpp_sensory_right" in tagged


def test_a_starred_score_that_changes_no_answer_leaves_no_tag():
    exam = with_scores(lesion_at("T6"), "light_touch", sides=("left",), T9="1*")
    answers, tagged = possible(exam)
    assert (answers["zpp_sensory_left"], tagged) == ("T9", set())


def test_a_sacral_zero_to_be_read_as_normal_tags_completeness_and_grade():
    exam = with_scores(lesion_at("T6") | {"vac": False, "dap": False}, "pin_prick", sides=("right",), S4_5="0**")
    answers, tagged = possible(exam)
    assert (answers["complete"], answers["ais"]) == ("I", "B")
    assert {"complete", "ais", "zpp_sensory_right"} <= tagged


def test_a_sacral_score_that_is_open_in_both_readings_leaves_completeness_untagged():
    exam = with_scores(lesion_at("T6"), "pin_prick", sides=("right",), S4_5="NT*")
    answers, tagged = possible(exam)
    assert (answers["complete"], tagged) == ("C,I", set())


def test_a_score_to_be_read_as_normal_lets_the_level_pass():
    exam = with_scores(normal_exam(), "motor", C5="3**", L2="NT**")
    answers, tagged = possible(exam)
    assert (answers["motor_right"], answers["nli"], answers["ais"]) == ("INT", "INT", "E")
    assert {"motor_right", "motor_left", "nli", "ais"} <= tagged


# Non-key muscles in the motor zone, as the three options have it


@pytest.mark.parametrize(("option", "zone"), [("standard", "L3"), ("peer", "L2"), ("never", "L2")])
def test_a_non_key_muscle_that_decides_lies_close_below_a_key_muscle(option, zone):
    exam = lesion_at("T11", sacral=True)
    with_scores(exam, "motor", sides=("right",), L2=1)["right"]["non_key"] = "L3"
    answers, _ = possible(exam, non_key_zpp=NonKeyZpp(option))
    assert (answers["ais"], answers["zpp_motor_right"]) == ("C", zone)


@pytest.mark.parametrize(("option", "zone"), [("standard", "T4"), ("peer", "L4"), ("never", "T4")])
def test_a_deep_key_muscle_decides_before_a_non_key_muscle(option, zone):
    exam = lesion_at("T4", sacral=True)
    with_scores(exam, "motor", sides=("right",), L5=1)["left"]["non_key"] = "L4"
    answers, _ = possible(exam, non_key_zpp=NonKeyZpp(option))
    assert (answers["ais"], answers["zpp_motor_left"]) == ("C", zone)


@pytest.mark.parametrize("option", ["standard", "peer", "never"])
def test_a_non_key_muscle_in_a_complete_injury_is_no_zone_by_any_option(option):
    exam = lesion_at("T4")
    exam["left"]["non_key"] = "L5"
    assert possible(exam, non_key_zpp=NonKeyZpp(option))[0]["zpp_motor_left"] == "T4"


def test_the_strong_arm_of_a_high_sensory_level_sets_the_motor_level():
    exam = lesion_at("C4")
    for side in SIDES:
        exam[side]["motor"].update(dict.fromkeys(MYOTOMES[:4], 5) | {"T1": 3})
    assert possible(exam)[0]["motor_right"] == "T1"
