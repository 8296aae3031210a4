"""Why an examination is classified as it is: sentences that hold for it, and the open scores that decide."""

import re

import numpy as np
import pytest

from cordwise.isncsci import LEVELS, OUTPUTS, NonKeyZpp, RecordedExams, classify_recorded
from cordwise.isncsci.decisions import decisions
from cordwise.isncsci.explanation.open_scores import as_testable, corners, ends_of
from cordwise.isncsci.explanation.sentences import PLACES, TITLES, ReasonCase, filled, wording_of, wordings
from cordwise.isncsci.explanation.steps import OPEN, WHATEVER, explain_exam
from cordwise.isncsci.reasons import Reason
from cordwise.isncsci.set_names import answers_in_words, words_by_output
from cordwise.isncsci.worksheet import codes_of, exams_of
from reference.isncsci_completions import arrays_of, cells_of, completions
from reference.isncsci_exams import as_batch, lesion_at, normal_exam, random_exams
from reference.isncsci_open_exams import random_open_exams
from reference.isncsci_worksheet import worksheet

TESTABLE, OPEN_EXAMS = 1_500, 25
SIDES = ("right", "left")
LIMB = ("L2", "L3", "L4", "L5", "S1")


@pytest.fixture(scope="module")
def testable_exams():
    return random_exams(50, TESTABLE)


@pytest.fixture(scope="module")
def open_exams():
    return random_open_exams(71, OPEN_EXAMS, most_completions=4_000)


@pytest.fixture(scope="module")
def explained(open_exams):
    return [explain_exam(open_exams, row) for row in range(OPEN_EXAMS)]


def told(exam, **options):
    """The steps of one worksheet by output."""
    return {step.output: step for step in explain_exam(worksheet(exam), 0, **options).steps}


def said(codes, exams):
    """The values and sentences of every decision on some completions."""
    found = {name: set() for name in TITLES}
    for row in range(len(exams)):
        steps = {step.decided: step for step in decisions(exams, row)}
        case = ReasonCase(codes, exams[row : row + 1], steps, NonKeyZpp.STANDARD)
        for name, step in steps.items():
            found[name].add((step.value, filled(wording_of(step).words, step, case)))
    return found


# The table of sentences


def test_every_reason_has_a_sentence():
    assert {reason for _, reason in wordings()} == set(Reason)


def test_every_sentence_is_said_of_some_examination(testable_exams):
    steps = [step for row in range(TESTABLE) for step in decisions(testable_exams, row)]
    # A normal exam without anal contraction is rare among random ones.
    steps += decisions(as_batch([normal_exam() | {"vac": False}]), 0)
    assert {(step.decided.removesuffix("_right").removesuffix("_left"), step.reason) for step in steps} == set(
        wordings()
    )


def test_the_scores_in_a_sentence_are_those_of_the_cell_it_names(testable_exams):
    recorded = RecordedExams.from_exams(testable_exams[:40])
    codes, seen = codes_of(recorded), 0
    for row in range(len(recorded)):
        for step in explain_exam(recorded, row).steps:
            side, _, level = step.where.rpartition(" ")
            for kind, score in re.findall(r"(light touch|pin prick|grade) (\d)", step.words):
                if step.reason == "SACRUM_SILENT":
                    continue
                family = "motor" if kind == "grade" else kind.replace(" ", "_")
                assert codes[row, PLACES[f"{side}.{family}.{level}"]] == int(score), step
                seen += 1
    assert seen > 100


def test_the_count_in_a_grade_is_that_of_the_muscles_below_the_neurological_level(testable_exams):
    seen = 0
    for row in range(60):
        step = next(
            one for one in explain_exam(RecordedExams.from_exams(testable_exams), row).steps if one.output == "ais"
        )
        if found := re.search(r"(\d+|none) of the (\d+) key muscles below (\S+) ", step.words):
            below = [LEVELS.index(name) > LEVELS.index(found[3]) for name in ("C5", "C6", "C7", "C8", "T1", *LIMB)]
            grades = testable_exams.motor[row][:, below]
            assert (int(found[1].replace("none", "0")), int(found[2])) == ((grades >= 3).sum(), grades.size)
            assert ("at least half" in step.words) == (step.value == "D") == (2 * (grades >= 3).sum() >= grades.size)
            seen += 1
    assert seen > 10


# Examinations with open scores


def test_the_values_of_the_steps_are_those_of_the_batch(open_exams, explained):
    lines = answers_in_words(classify_recorded(open_exams))
    for line, explanation in zip(lines, explained, strict=True):
        steps = {step.output: step for step in explanation.steps}
        assert tuple(steps) == tuple(TITLES)
        assert {name: steps[name].value for name in OUTPUTS} == {name: line[name] for name in OUTPUTS}
        assert [name for name in OUTPUTS if "The scores as examined would give" in steps[name].words] == (
            line["tagged"].split(",") if line["tagged"] else []
        )
        assert all((step.reason == OPEN) == ("," in step.value) for step in explanation.steps)


@pytest.mark.parametrize(("seed", "count", "most"), [(72, 12, 60), pytest.param(73, 300, 200, marks=pytest.mark.slow)])
def test_corners_agree_on_a_sentence_only_where_all_completions_do(seed, count, most):
    exams = random_open_exams(seed, count, most_completions=most)
    for row, cells in enumerate(cells_of(exams)):
        codes = codes_of(exams[row : row + 1])[0]
        rows = completions(cells, assumed=True)
        arrays = arrays_of(rows, np.repeat(exams.lowest_non_key_muscle[row : row + 1], len(rows), axis=0))
        every = said(codes, as_testable(codes_of(RecordedExams(*arrays))))
        few = said(codes, as_testable(corners(ends_of(codes))))
        for name in TITLES:
            values, at_corners = ({value for value, _ in found[name]} for found in (every, few))
            assert (len(every[name]) == 1) == (len(few[name]) == 1), name
            assert values == at_corners if name not in OUTPUTS else values >= at_corners, name


def test_deciding_cells_are_all_those_whose_score_narrows_the_answer(open_exams, explained):
    listed = 0
    for row, explanation in enumerate(explained):
        codes = codes_of(open_exams[row : row + 1])[0]
        ends = ends_of(codes)
        filled_in = {}
        for cell in ends.open.tolist():
            rows = np.repeat(codes[None], ends.highest[cell] - ends.lowest[cell] + 1, axis=0)
            rows[:, cell] = range(ends.lowest[cell], ends.highest[cell] + 1)
            filled_in[cell] = words_by_output(classify_recorded(exams_of(rows)))
        for step in (one for one in explanation.steps if one.reason == OPEN and one.output in OUTPUTS):
            narrowing = {cell for cell, left in filled_in.items() if set(left[step.output]) != {step.value}}
            if narrowing:
                assert {one.place for one in step.deciding} == narrowing
            for one in step.deciding:
                kept = set(",".join(one.leaves.values()).split(",")) if one.leaves else set(step.value.split(","))
                assert kept == set(step.value.split(","))
                listed += 1
            left = [np.mean([text.count(",") for text in one.leaves.values()]) for one in step.deciding if one.leaves]
            assert left == sorted(left)
    assert listed > 30


def test_muscles_that_decide_only_together_are_named():
    exam = lesion_at("C4", sacral=True) | {"vac": True}
    for side in SIDES:
        exam[side]["motor"] = dict.fromkeys(exam[side]["motor"], "NT")
    step = told(exam)["ais"]
    assert "no single open score decides, but these together do: right key muscle C5 (NT)" in step.words
    assert len(step.deciding) == 20
    assert "and 14 more" in step.words


def test_one_answer_with_more_than_one_reason_claims_none_of_them():
    exam = normal_exam() | {"vac": False}
    exam["right"]["light_touch"]["S4_5"] = "NT"
    step = told(exam)["motor_right"]
    assert (step.value, step.reason, step.where) == ("S3", WHATEVER, "")
    assert step.words == "Right motor level S3: every way to fill the open scores gives this answer."


def test_reasons_that_say_the_same_in_the_end_are_put_into_one():
    exam = lesion_at("C6") | {"vac": "NT"}
    exam["right"]["motor"]["C7"], exam["left"]["pin_prick"]["S4_5"] = "2*", 1
    steps = told(exam)
    assert steps["complete"].words == (
        "Injury incomplete: sacral sensation or voluntary anal contraction is present, whatever the open scores are."
    )
    step = told(exam | {"vac": False})["zpp_motor_right"]
    assert (step.value, step.reason) == ("C7", WHATEVER)
    assert step.words == "Right motor zone C7: no key muscle moves below this level, whatever the open scores are."


def test_a_reason_common_to_all_completions_is_told_without_their_particulars():
    exam = lesion_at("T6", sacral=True)
    for side in SIDES:
        exam[side]["motor"].update(dict.fromkeys(LIMB, 4))
    exam["right"]["motor"]["L4"] = "NT"
    step = told(exam)["ais"]
    assert (step.value, step.reason) == ("D", "HALF_RESIST_GRAVITY")
    assert "at least half of the key muscles below the neurological level are 3 or better, whatever the" in step.words


def test_a_blank_and_nt_are_called_by_their_names():
    exams = worksheet(lesion_at("C6"))
    codes = codes_of(exams)
    codes[0, PLACES["dap"]], codes[0, PLACES["right.motor.C7"]] = -1, 6
    steps = {step.output: step for step in explain_exam(exams_of(codes), 0).steps}
    assert (
        "depends on deep anal pressure (not recorded): absent gives complete; present gives" in steps["complete"].words
    )
    assert "depends on right key muscle C7 (NT): 0 to 2 gives C6; 3 to 5 gives C7" in steps["motor_right"].words


# Cases of the published workbook, by their numbers


def test_case_10_anal_contraction_alone_spares_motor_function():
    steps = told(lesion_at("T10") | {"vac": True, "dap": False})
    assert steps["motor_sparing"].words == "Motor sparing present: voluntary anal contraction is present."
    assert steps["ais"].words == (
        "AIS grade C: motor function is spared, and none of the 10 key muscles below T10 is 3 or better, "
        "fewer than half."
    )


def test_case_13_names_the_non_key_muscle():
    exam = lesion_at("C6", sacral=True)
    exam["right"]["non_key"] = "L3"
    steps = told(exam)
    assert steps["motor_sparing"].words == (
        "Motor sparing present: a right non-key muscle of L3 moves, more than three levels below the right motor level "
        "(C6), where no key muscle does."
    )
    assert "by the rule in use (standard)" in steps["zpp_motor_right"].words
    without = told(exam, non_key_zpp=NonKeyZpp.NEVER)["zpp_motor_right"]
    assert without.words == "Right motor zone C6: no key muscle moves below the motor level of this side."


def test_case_23_says_which_grades_of_the_starred_muscle_give_which_level():
    exam = lesion_at("C6")
    exam["right"]["motor"]["C7"] = "2*"
    step = told(exam)["motor_right"]
    assert step.words == (
        "Right motor level C6 or C7*: it depends on right key muscle C7 (2*, read as 2 to 4): 2 gives C6; 3 or 4 gives "
        "C7. The scores as examined would give C6; the answer rests on what is assumed for right key muscle C7 "
        "(2*, read as 2 to 4)."
    )
    assert step.to_dict()["deciding"] == [{"cell": "right.motor.C7", "leaves": {"2": "C6", "3": "C7", "4": "C7"}}]


def test_case_24_a_silent_sacrum_is_an_a_whatever_moves():
    exam = lesion_at("T12")
    for side in SIDES:
        exam[side]["motor"].update(dict.fromkeys(LIMB, 4))
    steps = told(exam)
    assert steps["motor_sparing"].reason == "SACRUM_SILENT"
    assert steps["ais"].words == (
        "AIS grade A: the injury is complete; movement or feeling above S4-5 does not change that."
    )


def test_case_26_shows_the_grade_and_what_the_examiner_takes_it_for():
    exam = lesion_at("C6")
    exam["right"]["motor"]["C7"] = "3*=2"
    words = told(exam)["motor_right"].words
    assert "it is weaker than 3 (grade 3*, read as 2), so the level is the one above" in words
    assert "The scores as examined would give C7" in words


def test_s4_5_taken_as_normal_makes_the_grade_rest_on_it():
    exam = lesion_at("T6")
    exam["right"]["light_touch"]["S4_5"] = "0**"
    exam["left"]["motor"]["L4"] = "NT**"
    step = told(exam)["complete"]
    assert step.words == (
        "Injury incomplete*: something is felt at S4-5 on the right (light touch 0**, read as 2; pin prick 0). The "
        "scores as examined would give complete; the answer rests on what is assumed for right light touch at S4-5 "
        "(0**, read as 2)."
    )


def test_pressure_that_contradicts_the_sacrum_is_a_warning():
    assert explain_exam(worksheet(normal_exam()), 0).warnings == ()
    (warning,) = explain_exam(worksheet(normal_exam() | {"dap": False}), 0).warnings
    assert "Deep anal pressure is absent although" in warning
