"""What must hold for every examination, whatever its scores."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.isncsci import AIS, INTACT, MYOTOMES, NOT_APPLICABLE, Exams, classify_exams, concatenate, total_scores
from reference.isncsci_exams import random_exams

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25, deadline=None)
COUNT = 64


def as_columns(found):
    """All arrays of a classification by name."""
    columns = {field.name: getattr(found, field.name) for field in fields(found) if field.name != "totals"}
    return columns | {field.name: getattr(found.totals, field.name) for field in fields(found.totals)}


def assert_same(left, right):
    for name, column in as_columns(left).items():
        np.testing.assert_array_equal(column, as_columns(right)[name], err_msg=name)


def mirrored(exams):
    two_sided = ("motor", "light_touch", "pin_prick", "lowest_non_key_muscle")
    return replace(exams, **{name: getattr(exams, name)[:, ::-1] for name in two_sided})


@few
@given(seeds)
def test_swapping_the_sides_of_an_exam_swaps_the_sides_of_its_answer(seed):
    exams = random_exams(seed, COUNT)
    straight, swapped = classify_exams(exams), classify_exams(mirrored(exams))
    for name in ("sensory_level", "motor_level", "sensory_zpp", "motor_zpp"):
        np.testing.assert_array_equal(getattr(straight, name), getattr(swapped, name)[:, ::-1])
    for name in ("neurological_level", "is_complete", "ais"):
        np.testing.assert_array_equal(getattr(straight, name), getattr(swapped, name))
    np.testing.assert_array_equal(straight.totals.motor_right, swapped.totals.motor_left)
    np.testing.assert_array_equal(straight.totals.pin_prick_left, swapped.totals.pin_prick_right)


@few
@given(seeds)
def test_the_order_of_exams_does_not_matter(seed):
    exams = random_exams(seed, COUNT)
    order = np.random.default_rng(seed).permutation(COUNT)
    shuffled = {name: column[order] for name, column in as_columns(classify_exams(exams)).items()}
    for name, column in as_columns(classify_exams(exams[order])).items():
        np.testing.assert_array_equal(column, shuffled[name], err_msg=name)


@few
@given(seeds, st.integers(1, COUNT - 1))
def test_cutting_a_batch_in_two_does_not_matter(seed, cut):
    exams = random_exams(seed, COUNT)
    assert_same(classify_exams(concatenate([exams[:cut], exams[cut:]])), classify_exams(exams))


@few
@given(seeds, st.integers(0, len(MYOTOMES) - 1), st.integers(0, 1))
def test_a_stronger_muscle_lowers_no_total_and_no_level(seed, muscle, side):
    exams = random_exams(seed, COUNT)
    motor = exams.motor.copy()
    motor[:, side, muscle] = np.minimum(motor[:, side, muscle] + 1, 5)
    before, after = classify_exams(exams), classify_exams(replace(exams, motor=motor))
    for field in fields(before.totals):
        assert (getattr(after.totals, field.name) >= getattr(before.totals, field.name)).all()
    assert (after.motor_level >= before.motor_level).all()
    assert (after.neurological_level >= before.neurological_level).all()
    np.testing.assert_array_equal(after.is_complete, before.is_complete)


@few
@given(seeds)
def test_answers_agree_with_one_another(seed):
    found = classify_exams(random_exams(seed, COUNT))
    levels = np.concatenate([found.sensory_level, found.motor_level], axis=1)
    np.testing.assert_array_equal(found.neurological_level, levels.min(axis=1))
    np.testing.assert_array_equal(found.ais == AIS.A, found.is_complete)
    np.testing.assert_array_equal(found.ais == AIS.E, found.neurological_level == INTACT)
    applicable = found.motor_zpp != NOT_APPLICABLE
    assert (found.motor_zpp >= found.motor_level)[applicable].all()
    assert (found.sensory_zpp >= found.sensory_level)[found.sensory_zpp != NOT_APPLICABLE].all()
    assert (applicable[:, 0] == applicable[:, 1]).all()


@few
@given(seeds)
def test_totals_of_both_sides_add_up(seed):
    totals = total_scores(random_exams(seed, COUNT))
    np.testing.assert_array_equal(totals.uems + totals.lems, totals.motor_right + totals.motor_left)
    np.testing.assert_array_equal(totals.light_touch, totals.light_touch_right + totals.light_touch_left)
    np.testing.assert_array_equal(totals.motor_right, totals.uer_right + totals.ler_right)


def test_every_field_of_an_exam_can_change_the_answer():
    exams = random_exams(11, 4_000)
    answer = as_columns(classify_exams(exams))
    for field in fields(Exams):
        shuffled = replace(exams, **{field.name: getattr(exams, field.name)[::-1]})
        changed = as_columns(classify_exams(shuffled))
        assert any((changed[name] != answer[name]).any() for name in answer), field.name
