"""Examinations as written down: their codes, the scores these may stand for, and the totals."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci import RecordedExams, classify_recorded, pressure_contradicts_sacrum, total_scores
from cordwise.isncsci.readings import ASSUMED, EXAMINED, score_range
from cordwise.isncsci.recorded import NOT_RECORDED, NOT_TESTABLE
from cordwise.isncsci.totals import TOTAL_NOT_DETERMINABLE, TOTAL_NOT_RECORDED
from reference.isncsci_exams import random_exams

ONE_STAR, TWO_STARS = 10, 20
COUNT = 6


@pytest.fixture
def exams():
    return RecordedExams.from_exams(random_exams(31, COUNT))


def with_code(exams, name, place, code):
    codes = getattr(exams, name).copy()
    codes[place] = code
    return replace(exams, **{name: codes})


@pytest.mark.parametrize(
    ("code", "top", "assumed", "examined"),
    [
        (3, 5, (3, 3), (3, 3)),
        (NOT_TESTABLE, 5, (0, 5), (0, 5)),
        (NOT_RECORDED, 2, (0, 2), (0, 2)),
        (2 + ONE_STAR, 5, (2, 4), (2, 2)),
        (4 + ONE_STAR, 5, (4, 4), (4, 4)),
        (0 + ONE_STAR, 2, (0, 1), (0, 0)),
        (1 + TWO_STARS, 2, (2, 2), (1, 1)),
        (NOT_TESTABLE + ONE_STAR, 5, (0, 4), (0, 5)),
        (NOT_TESTABLE + TWO_STARS, 5, (5, 5), (0, 5)),
        (3 + 10 * (3 + 2), 5, (2, 2), (3, 3)),
        (NOT_TESTABLE + 10 * (3 + 1), 2, (1, 1), (0, 2)),
    ],
)
def test_a_code_stands_for_these_scores(code, top, assumed, examined):
    assert score_range(code, top, ASSUMED) == assumed
    assert score_range(code, top, EXAMINED) == examined


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [
        ("motor", (2, 1, 4), 5 + ONE_STAR),
        ("motor", (2, 1, 4), 5 + TWO_STARS),
        ("motor", (2, 1, 4), 7),
        ("motor", (2, 1, 4), -2),
        ("motor", (2, 1, 4), 3 + 10 * (3 + 6)),
        ("light_touch", (0, 0, 27), 2 + ONE_STAR),
        ("light_touch", (0, 0, 27), 3),
        ("pin_prick", (0, 0, 27), 1 + 10 * (3 + 3)),
        ("voluntary_anal_contraction", 3, NOT_TESTABLE + ONE_STAR),
        ("deep_anal_pressure", 3, 2),
        ("lowest_non_key_muscle", (1, 0), 12),
        ("lowest_non_key_muscle", (1, 0), NOT_TESTABLE + ONE_STAR),
    ],
)
def test_an_illegal_code_is_refused_by_its_cell(exams, name, place, code):
    with pytest.raises(InputError) as caught:
        with_code(exams, name, place, code)
    (fault,) = caught.value.faults
    assert fault.where.startswith(f"exams.{name}[{np.atleast_1d(place)[0]}")
    assert fault.found == str(code)


def test_a_fault_names_side_and_muscle(exams):
    with pytest.raises(InputError, match=r"exams\.motor\[2, left, T1\]"):
        with_code(exams, "motor", (2, 1, 4), 9)


def test_many_faults_are_counted_rather_than_listed(exams):
    with pytest.raises(InputError) as caught:
        with_code(exams, "pin_prick", (slice(None), 0), 9)
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1].found == f"{COUNT * 28 - 20} more that are not"


def test_arrays_of_other_shape_or_type_are_refused(exams):
    with pytest.raises(InputError) as caught:
        replace(exams, motor=exams.motor[:2], pin_prick=exams.pin_prick.astype(np.int64))
    assert len(caught.value.faults) == 5


def test_chosen_rows_are_a_batch_of_their_own(exams):
    chosen = exams[np.array([4, 1])]
    for field in fields(RecordedExams):
        np.testing.assert_array_equal(getattr(chosen, field.name), getattr(exams, field.name)[[4, 1]])


def test_no_exams_have_no_answers(exams):
    assert len(classify_recorded(exams[:0])) == 0


def test_totals_of_testable_exams_are_the_usual_ones():
    exams = random_exams(32, 500)
    usual, recorded = total_scores(exams), classify_recorded(RecordedExams.from_exams(exams)).totals
    for field in fields(usual):
        np.testing.assert_array_equal(getattr(recorded, field.name), getattr(usual, field.name), err_msg=field.name)


def test_a_tag_does_not_change_a_total(exams):
    motor = np.where(exams.motor < 5, exams.motor + TWO_STARS, exams.motor).astype(np.int8)
    plain, tagged = classify_recorded(exams).totals, classify_recorded(replace(exams, motor=motor)).totals
    for field in fields(plain):
        np.testing.assert_array_equal(getattr(tagged, field.name), getattr(plain, field.name))


@pytest.mark.parametrize("code", [NOT_TESTABLE, NOT_TESTABLE + ONE_STAR, NOT_RECORDED])
def test_a_part_with_a_missing_score_has_no_total_and_the_others_keep_theirs(exams, code):
    mark = TOTAL_NOT_RECORDED if code == NOT_RECORDED else TOTAL_NOT_DETERMINABLE
    before = classify_recorded(exams).totals
    after = classify_recorded(with_code(exams, "motor", (0, 1, 7), code)).totals
    lost = {field.name for field in fields(before) if getattr(after, field.name)[0] == mark}
    assert lost == {"ler_left", "lems", "motor_left"}
    for field in fields(before):
        same = getattr(after, field.name) == getattr(before, field.name)
        assert same[1:].all()
        assert same[0] == (field.name not in lost)


def test_what_could_not_be_tested_outweighs_what_was_not_recorded(exams):
    opened = with_code(exams, "light_touch", (0, 0, 3), NOT_RECORDED)
    opened = with_code(opened, "light_touch", (0, 1, 3), NOT_TESTABLE)
    totals = classify_recorded(opened).totals
    assert (totals.light_touch_right[0], totals.light_touch_left[0]) == (TOTAL_NOT_RECORDED, TOTAL_NOT_DETERMINABLE)
    assert totals.light_touch[0] == TOTAL_NOT_DETERMINABLE


def test_a_sacrum_that_feels_all_but_deep_pressure_is_a_contradiction(exams):
    normal = replace(
        exams,
        light_touch=np.full_like(exams.light_touch, 2),
        pin_prick=np.full_like(exams.pin_prick, 2),
        deep_anal_pressure=np.array([0, 1, NOT_TESTABLE, NOT_RECORDED, 0, 0], np.int8),
    )
    impaired = with_code(normal, "pin_prick", (4, 1, 27), 1)
    impaired = with_code(impaired, "light_touch", (5, 0, 27), NOT_TESTABLE)
    assert pressure_contradicts_sacrum(impaired).tolist() == [True, False, False, False, False, False]
