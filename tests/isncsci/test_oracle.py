"""The classification against another program, the npm package `isncsci`, on examinations of every difficult kind."""

from dataclasses import replace
from math import prod

import numpy as np
import pytest

from cordwise.isncsci.possible import OUTPUTS, classify_recorded
from cordwise.isncsci.zpp import NonKeyZpp
from oracle.allowed_differences import ALLOWED
from oracle.comparison import compare, sets_of
from oracle.examinations import fully_testable_kinds, join, open_kinds
from oracle.peer import ask_peer, must_be_there, why_absent
from reference.isncsci_completions import TOP, answers_of_completions, cells_of, values

if why_absent() and not must_be_there():
    pytest.skip(why_absent(), allow_module_level=True)

MOST_COMPLETIONS = 1_000
SLOWLY_TAGGED = 1_500


def batches(seed, count):
    """A batch of testable exams and one of open exams, and what the peer says of each."""
    testable = join(fully_testable_kinds(seed, count // 4).values())
    opened = join(open_kinds(seed, count - len(testable)).values())
    return [(exams, ask_peer(exams)) for exams in (testable, opened)]


@pytest.fixture(scope="module")
def asked():
    return batches(seed=2019, count=6_000)


def with_few_completions(exams, rows, *, assumed=True):
    """The rows of exams that have no more completions than can be tried."""

    def count(cells):
        return prod(len(values(code, top, assumed=assumed)) for code, top in zip(cells, TOP.tolist(), strict=True))

    return rows[[count(cells) <= MOST_COMPLETIONS for cells in cells_of(exams[rows]).tolist()]]


def assert_only_allowed_differences(asked):
    for exams, theirs in asked:
        for option in (NonKeyZpp.STANDARD, NonKeyZpp.PEER):
            found = compare(exams, option, theirs)
            assert found.totals_different == 0
            assert {name: rows.tolist() for name, rows in found.unexplained.items() if rows.size} == {}


def assert_brute_force_decides_for_ours(asked):
    for exams, theirs in asked:
        for option in (NonKeyZpp.STANDARD, NonKeyZpp.PEER):
            differing = np.unique(np.concatenate(list(compare(exams, option, theirs).differing_rows.values())))
            assert differing.size
            assert_sets_are_those_of_all_completions(exams, differing, option)


def assert_sets_are_those_of_all_completions(exams, rows, option):
    rows = with_few_completions(exams, rows)
    ours = sets_of(classify_recorded(exams[rows], non_key_zpp=option))
    expected, _ = answers_of_completions(exams[rows], assumed=True, rule=option)
    for name, column in zip(OUTPUTS, expected.T, strict=True):
        np.testing.assert_array_equal(ours[name], column, err_msg=name)


def test_answers_differ_from_the_peer_only_as_the_written_list_allows(asked):
    assert_only_allowed_differences(asked)


def test_a_testable_exam_has_one_answer(asked):
    (exams, _), _ = asked
    for name, column in sets_of(classify_recorded(exams)).items():
        assert (np.bitwise_count(column) == 1).all(), name


def test_where_the_programs_differ_all_completions_together_say_what_we_say(asked):
    assert_brute_force_decides_for_ours(asked)


def test_every_difference_on_the_list_occurs(asked):
    found = [compare(exams, NonKeyZpp.STANDARD, theirs).allowed for exams, theirs in asked]
    for kind in ALLOWED:
        assert any(counts[output, kind.name] for counts in found for output in kind.outputs), kind.name


def test_without_the_list_there_would_be_differences(asked):
    _, (exams, theirs) = asked
    found = compare(exams, NonKeyZpp.STANDARD, theirs)
    assert found.different["nli"] > 10
    assert found.different["ais"] > 10


@pytest.mark.parametrize("output", OUTPUTS)
def test_another_answer_of_the_peer_would_not_be_excused(asked, output):
    (exams, theirs), _ = asked
    before = compare(exams, NonKeyZpp.PEER, theirs).differing_rows[output]
    moved = replace(theirs, sets=theirs.sets | {output: theirs.sets[output] << 1})
    agreed = np.setdiff1d(np.arange(len(exams)), before)
    excused = np.setdiff1d(agreed, compare(exams, NonKeyZpp.PEER, moved).unexplained[output])
    assert excused.size <= 0.02 * len(exams)


def test_a_tag_says_that_the_scores_as_examined_give_another_answer(asked):
    _, (exams, _) = asked
    rows = with_few_completions(exams, np.arange(len(exams)), assumed=False)[:SLOWLY_TAGGED]
    assumed, examined = (
        answers_of_completions(exams[rows], assumed=reading, rule=NonKeyZpp.STANDARD)[0] for reading in (True, False)
    )
    tagged = classify_recorded(exams[rows]).tagged
    for bit, name in enumerate(OUTPUTS):
        differs = assumed[:, bit] != examined[:, bit]
        assert 0 < differs.sum() < len(rows)
        np.testing.assert_array_equal((tagged >> bit & 1).astype(bool), differs, err_msg=name)


@pytest.mark.slow
def test_twenty_thousand_exams_differ_from_the_peer_only_as_the_written_list_allows():
    asked = batches(seed=77, count=20_000)
    assert_only_allowed_differences(asked)
    assert_brute_force_decides_for_ours(asked)
