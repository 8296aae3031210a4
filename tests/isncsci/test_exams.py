"""Batches of examinations and the names of levels."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci import (
    DERMATOMES,
    LEVELS,
    MUSCLE_LEVELS,
    MYOTOMES,
    Exams,
    classify_exams,
    concatenate,
    level_index,
)
from reference.isncsci_exams import random_exams


def test_levels_count_from_c1_down_to_intact():
    assert [level_index(name) for name in ("C1", "C8", "T1", "T12", "L1", "S1", "S4_5", "INT")] == [
        0, 7, 8, 19, 20, 25, 28, 29,
    ]  # fmt: skip


def test_there_are_28_dermatomes_and_ten_key_muscles():
    assert (len(DERMATOMES), DERMATOMES[0], DERMATOMES[-1]) == (28, "C2", "S4_5")
    assert [LEVELS[level] for level in MUSCLE_LEVELS] == list(MYOTOMES)
    assert MYOTOMES == ("C5", "C6", "C7", "C8", "T1", "L2", "L3", "L4", "L5", "S1")


@pytest.mark.parametrize("spelling", ["S4-5", "S45", "S4_5", "s4-5", " S4/5 "])
def test_the_lowest_dermatome_may_be_spelt_in_several_ways(spelling):
    assert level_index(spelling) == 28


def test_a_level_may_be_spelt_with_a_leading_zero():
    assert (level_index("C05"), level_index("T10")) == (level_index("C5"), level_index("T10"))


@pytest.mark.parametrize("name", ["C9", "T13", "", "C", "S6", "T0"])
def test_a_name_that_is_no_level_is_an_error(name):
    with pytest.raises(ValueError, match="not in"):
        level_index(name)


@pytest.mark.parametrize("rows", [slice(1, 4), np.array([3, 0]), np.arange(6) % 2 == 0, slice(None, None, -2)])
def test_chosen_rows_are_a_batch_of_their_own(rows):
    exams = random_exams(1, 6)
    chosen = exams[rows]
    assert len(chosen) == len(np.arange(6)[rows])
    np.testing.assert_array_equal(classify_exams(chosen).totals.uems, classify_exams(exams).totals.uems[rows])


def test_joined_batches_keep_their_order():
    exams = random_exams(2, 5)
    joined = concatenate([exams[3:], exams[:3]])
    for field in fields(Exams):
        np.testing.assert_array_equal(getattr(joined, field.name), getattr(exams, field.name)[[3, 4, 0, 1, 2]])


def test_a_batch_of_no_exams_gives_no_answers():
    assert len(classify_exams(random_exams(3, 4)[:0])) == 0


def test_every_array_of_the_wrong_shape_is_named_at_once():
    exams = random_exams(4, 3)
    with pytest.raises(InputError) as caught:
        replace(exams, light_touch=exams.light_touch[:2], lowest_non_key_muscle=exams.lowest_non_key_muscle[:, :1])
    assert [fault.where for fault in caught.value.faults] == ["exams.light_touch", "exams.lowest_non_key_muscle"]


def test_a_wider_number_type_is_refused_rather_than_converted():
    with pytest.raises(InputError, match=r"exams\.motor: expected int8"):
        replace(random_exams(4, 3), motor=random_exams(4, 3).motor.astype(np.int64))


@pytest.mark.parametrize(("field", "score"), [("motor", 6), ("motor", -1), ("light_touch", 3), ("pin_prick", -1)])
def test_a_score_out_of_range_is_refused(field, score):
    exams = random_exams(5, 3)
    scores = getattr(exams, field).copy()
    scores[1, 0, 4] = score
    with pytest.raises(InputError, match=rf"exams\.{field}: expected scores from 0"):
        replace(exams, **{field: scores})


def test_a_non_key_muscle_where_there_is_no_muscle_is_refused():
    with pytest.raises(InputError, match="lowest_non_key_muscle"):
        replace(random_exams(5, 3), lowest_non_key_muscle=np.full((3, 2), level_index("T5"), np.int8))
