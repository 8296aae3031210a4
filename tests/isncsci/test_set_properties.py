"""What must hold for the possible answers of every recorded examination, whatever was not testable or tagged."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.isncsci import Totals
from cordwise.isncsci.possible import classify_recorded
from cordwise.isncsci.recorded import NOT_TESTABLE, READING, RecordedExams
from cordwise.isncsci.zpp import NonKeyZpp
from oracle.comparison import sets_of
from oracle.examinations import VAC, join, open_kinds, recorded_from
from reference.isncsci_completions import TOP as TOP_SCORES
from reference.isncsci_completions import cells_of

seeds = st.integers(0, 2**31 - 1)
options = st.sampled_from(NonKeyZpp)
few = settings(max_examples=15, deadline=None)
COUNT = 160
TWO_SIDED = ("motor", "light_touch", "pin_prick", "lowest_non_key_muscle")


def open_exams(seed):
    return join(open_kinds(seed, COUNT).values())


def mirrored(exams):
    return replace(exams, **{name: np.ascontiguousarray(getattr(exams, name)[:, ::-1]) for name in TWO_SIDED})


def other_side(name):
    ends = {"right": "left", "left": "right"}
    stem, _, end = name.rpartition("_")
    return f"{stem}_{ends[end]}" if end in ends else name


def assert_subsets(smaller, larger):
    for name in smaller:
        assert (smaller[name] & ~larger[name] == 0).all(), name


def pick_cells(choosable, draw):
    """One of the choosable cells of each exam that has any: rows and columns."""
    rows = np.flatnonzero(choosable.any(axis=1))
    return rows, np.where(choosable[rows], draw.random(choosable[rows].shape), -1).argmax(axis=1)


@few
@given(seeds, options)
def test_swapping_the_sides_swaps_the_possible_answers(seed, option):
    exams = open_exams(seed)
    straight, swapped = (classify_recorded(batch, non_key_zpp=option) for batch in (exams, mirrored(exams)))
    sets, turned = sets_of(straight), sets_of(swapped)
    for name in sets:
        np.testing.assert_array_equal(sets[name], turned[other_side(name)], err_msg=name)
    for field in fields(Totals):
        np.testing.assert_array_equal(
            getattr(straight.totals, field.name), getattr(swapped.totals, other_side(field.name))
        )


@few
@given(seeds)
def test_the_order_of_recorded_exams_does_not_matter(seed):
    exams = open_exams(seed)
    order = np.random.default_rng(seed).permutation(len(exams))
    straight, shuffled = classify_recorded(exams), classify_recorded(exams[order])
    for name, column in sets_of(straight).items():
        np.testing.assert_array_equal(column[order], sets_of(shuffled)[name], err_msg=name)
    np.testing.assert_array_equal(straight.tagged[order], shuffled.tagged)


@few
@given(seeds, options)
def test_a_cell_that_becomes_untestable_removes_no_answer(seed, option):
    exams, draw = open_exams(seed), np.random.default_rng(seed)
    cells = cells_of(exams)
    rows, columns = pick_cells(cells < READING, draw)
    cells[rows, columns] = NOT_TESTABLE
    before = classify_recorded(exams, non_key_zpp=option)
    after = classify_recorded(recorded_from(exams, cells), non_key_zpp=option)
    assert_subsets(sets_of(before), sets_of(after))


@few
@given(seeds, options)
def test_a_legal_score_in_place_of_an_untestable_cell_adds_no_answer(seed, option):
    exams, draw = open_exams(seed), np.random.default_rng(seed)
    cells = cells_of(exams)
    rows, columns = pick_cells(cells == NOT_TESTABLE, draw)
    assert rows.size
    cells[rows, columns] = draw.integers(0, TOP_SCORES[columns] + 1)
    before = classify_recorded(exams, non_key_zpp=option)
    after = classify_recorded(recorded_from(exams, cells), non_key_zpp=option)
    assert_subsets(sets_of(after), sets_of(before))


@few
@given(seeds)
def test_a_greater_score_lowers_no_total(seed):
    exams, draw = open_exams(seed), np.random.default_rng(seed)
    cells = cells_of(exams)
    rows, columns = pick_cells((cells < TOP_SCORES) & (np.arange(TOP_SCORES.size) < VAC), draw)
    cells[rows, columns] += 1
    before, after = (classify_recorded(batch).totals for batch in (exams, recorded_from(exams, cells)))
    for field in fields(Totals):
        assert (getattr(after, field.name) >= getattr(before, field.name)).all()


@few
@given(seeds)
def test_an_untagged_exam_has_no_tag_on_any_answer(seed):
    exams = open_exams(seed)
    cells = cells_of(exams) % READING
    assert not classify_recorded(recorded_from(exams, cells)).tagged.any()


def test_the_open_examinations_are_recorded_ones():
    exams = open_exams(3)
    assert isinstance(exams, RecordedExams)
    assert (cells_of(exams) == NOT_TESTABLE).any()
    assert (cells_of(exams) > READING).any()
