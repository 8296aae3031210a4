"""Sets at their two ends: of exams that leave nothing open, and of those that leave everything open."""

import numpy as np
import pytest

from cordwise.isncsci import INTACT, MUSCLE_LEVELS, RecordedExams, classify_exams, classify_recorded
from cordwise.isncsci.anatomy import NOT_APPLICABLE_BIT, S3
from cordwise.isncsci.recorded import NOT_RECORDED, NOT_TESTABLE
from cordwise.isncsci.zpp import NonKeyZpp
from reference import isncsci_plain
from reference.isncsci_exams import as_plain, random_exams

RULES = list(NonKeyZpp)
SETS = ("sensory_level", "motor_level", "neurological_level", "ais", "sensory_zpp", "motor_zpp")
DOWN_TO_S3 = (1 << S3 + 1) - 1


@pytest.mark.parametrize("rule", RULES)
def test_a_testable_exam_has_its_only_answer_and_no_tag(rule):
    exams = random_exams(40, 5_000)
    single, sets = (
        classify_exams(exams, non_key_zpp=rule),
        classify_recorded(RecordedExams.from_exams(exams), non_key_zpp=rule),
    )
    for name in SETS:
        answer = getattr(single, name).astype(np.int64)
        expected = np.left_shift(1, np.where(answer < 0, NOT_APPLICABLE_BIT, answer))
        np.testing.assert_array_equal(getattr(sets, name), expected, err_msg=name)
    np.testing.assert_array_equal(sets.complete, np.where(single.is_complete, 1, 2))
    assert not sets.tagged.any()


def plain_zone(exam, side, rule):
    """The motor zone by the rules of `peer` and `never`, from the plain twin's answers and its zone without them."""
    answer = isncsci_plain.classify(exam)
    zone = isncsci_plain.motor_zone(exam[side], exam["vac"], False)
    muscle = exam[side]["non_key"]
    enters = rule == "peer" and muscle and answer["ais"] == "C" and zone != "NA"
    return muscle if enters and isncsci_plain.levels_below(muscle, zone) > 3 else zone


@pytest.mark.parametrize("rule", [NonKeyZpp.PEER, NonKeyZpp.NEVER])
def test_the_other_rules_on_non_key_muscles_agree_with_the_plain_ones(rule):
    exams = random_exams(41, 4_000)
    found = classify_exams(exams, non_key_zpp=rule).motor_zpp
    levels = [*isncsci_plain.ROSTRAL_TO_CAUDAL, "NA"]  # -1, not applicable, picks the last
    expected = [[plain_zone(exam, side, rule) for side in ("right", "left")] for exam in as_plain(exams)]
    assert [[levels[zone] for zone in pair] for pair in found.tolist()] == expected


def all_open(code):
    sensation = np.full((1, 2, 28), code, np.int8)
    finding = np.full(1, code, np.int8)
    return RecordedExams(
        np.full((1, 2, 10), code, np.int8), sensation, sensation, finding, finding, np.zeros((1, 2), np.int8)
    )


@pytest.mark.parametrize("code", [NOT_TESTABLE, NOT_RECORDED])
def test_an_exam_of_which_nothing_is_known_leaves_every_answer_open(code):
    found = classify_recorded(all_open(code))
    levels = DOWN_TO_S3 | 1 << INTACT
    assert found.sensory_level.tolist() == found.motor_level.tolist() == [[levels, levels]]
    assert found.neurological_level.tolist() == [levels]
    assert (found.complete.tolist(), found.ais.tolist()) == ([0b11], [0b11111])
    zones = DOWN_TO_S3 | 1 << NOT_APPLICABLE_BIT
    assert found.sensory_zpp.tolist() == found.motor_zpp.tolist() == [[zones, zones]]
    assert not found.tagged.any()


def test_a_normal_exam_of_which_the_muscles_are_unknown_stops_at_none_but_muscles_and_those_above():
    exams = all_open(NOT_TESTABLE)
    exams.light_touch[:], exams.pin_prick[:], exams.voluntary_anal_contraction[:] = 2, 2, 1
    (levels,) = {*classify_recorded(exams).motor_level.ravel().tolist()}
    ends = {*MUSCLE_LEVELS, *(level - 1 for level in MUSCLE_LEVELS)}
    assert levels == sum(1 << level for level in {*ends, INTACT})
