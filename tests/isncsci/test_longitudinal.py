"""What changed between two examinations of a person, also where one of them leaves answers open."""

from dataclasses import fields
from itertools import product

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci import AIS, LEVELS, Totals, level_index
from cordwise.isncsci.longitudinal import ChangeVerdict, compare
from cordwise.isncsci.possible import PossibleAnswers
from reference import isncsci_change as plain

WORDS = {ChangeVerdict.NO: "no", ChangeVerdict.YES: "yes", ChangeVerdict.NOT_APPLICABLE: "NA"}


def levels_as_bits(names):
    return sum(1 << level_index(name) for name in names.split(","))


def grades_as_bits(names):
    return sum(1 << AIS[name] for name in names.split(","))


def answers(*, ais="A", motor=("C5", "C5"), sensory=("C4", "C4"), nli="C4", **totals):
    """The possible answers of one exam; levels and grades by name, joined by commas where there are several."""
    sides = {
        name: np.array([[levels_as_bits(side) for side in pair]], np.uint32)
        for name, pair in (("motor", motor), ("sensory", sensory))
    }
    zones = np.ones((1, 2), np.uint32)
    sums = {field.name: np.array([totals.get(field.name, 0)], np.int16) for field in fields(Totals)}
    return PossibleAnswers(
        sensory_level=sides["sensory"],
        motor_level=sides["motor"],
        neurological_level=np.array([levels_as_bits(nli)], np.uint32),
        complete=np.ones(1, np.uint8),
        ais=np.array([grades_as_bits(ais)], np.uint8),
        sensory_zpp=zones,
        motor_zpp=zones,
        tagged=np.zeros(1, np.uint16),
        totals=Totals(**sums),
    )


def verdict(change, name):
    """The words of the verdicts that are possible for the only person."""
    (bits,) = getattr(change, name)
    return {word for flag, word in WORDS.items() if bits & flag}


def gained(gain, side=None):
    """The least and the most the only person gained."""
    gain = gain if side is None else gain.side(side)
    return int(gain.least[0]), int(gain.most[0])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("A", "A", {"improved_one_grade": "no", "to_incomplete": "no", "deteriorated": "NA"}),
        ("A", "B", {"improved_one_grade": "yes", "improved_two_grades": "no", "to_incomplete": "yes"}),
        ("A", "C", {"improved_two_grades": "yes", "to_motor_incomplete": "yes", "to_functional": "no"}),
        ("B", "D", {"to_incomplete": "NA", "to_motor_incomplete": "yes", "to_functional": "yes"}),
        ("C", "B", {"improved_one_grade": "no", "deteriorated": "yes", "to_motor_incomplete": "NA"}),
        ("D", "E", {"improved_one_grade": "yes", "improved_two_grades": "NA", "to_functional": "NA"}),
        ("E", "E", {"improved_one_grade": "NA", "deteriorated": "no"}),
    ],
)
def test_a_conversion_counts_from_the_grades_that_can_make_it(before, after, expected):
    change = compare(answers(ais=before), answers(ais=after))
    assert {name: verdict(change, name) for name in expected} == {name: {word} for name, word in expected.items()}


def test_an_open_grade_is_no_obstacle_where_all_its_grades_agree():
    change = compare(answers(ais="A"), answers(ais="C,D"))
    assert gained(change.ais) == (2, 3)
    assert verdict(change, "to_motor_incomplete") == {"yes"}
    assert verdict(change, "to_functional") == {"no", "yes"}


def test_a_baseline_that_may_be_beyond_a_conversion_leaves_it_open():
    change = compare(answers(ais="B,C"), answers(ais="C"))
    assert verdict(change, "to_motor_incomplete") == {"yes", "NA"}


def test_motor_levels_gained_count_segments_on_each_side():
    change = compare(answers(motor=("C5", "C6")), answers(motor=("C7", "C5")))
    assert gained(change.motor_level, 0) == (2, 2)
    assert gained(change.motor_level, 1) == (-1, -1)
    assert (gained(change.better_arm), gained(change.worse_arm)) == ((2, 2), (-1, -1))


def test_arm_motor_levels_end_at_t1_where_the_motor_level_begins_to_follow_sensation():
    change = compare(answers(motor=("C8", "C8")), answers(motor=("T6", "C8")))
    assert gained(change.motor_level, 0) == (level_index("T6") - level_index("C8"),) * 2
    assert gained(change.arm_motor_level, 0) == (1, 1)


def test_intact_is_one_segment_below_s3():
    change = compare(answers(motor=("S3", "INT")), answers(motor=("INT", "INT")))
    assert (gained(change.motor_level, 0), gained(change.motor_level, 1)) == ((1, 1), (0, 0))


def test_two_arm_levels_on_one_side_are_a_response_of_either_side_only():
    change = compare(answers(motor=("C5", "C5")), answers(motor=("C7", "C6")))
    assert verdict(change, "two_arm_levels_either_side") == {"yes"}
    assert verdict(change, "two_arm_levels_both_sides") == {"no"}


def test_a_side_with_fewer_than_two_levels_left_does_not_apply():
    change = compare(answers(motor=("C8", "C5")), answers(motor=("T1", "C6")))
    assert verdict(change, "two_arm_levels_either_side") == {"no"}
    assert verdict(change, "two_arm_levels_both_sides") == {"NA"}


def test_an_open_motor_level_decides_a_response_where_all_its_levels_do():
    change = compare(answers(motor=("C5", "C5")), answers(motor=("C7,C8", "C6,C7")))
    assert verdict(change, "two_arm_levels_either_side") == {"yes"}
    assert verdict(change, "two_arm_levels_both_sides") == {"no", "yes"}
    assert not change.arm_motor_level.is_determined.any()


def test_points_are_subtracted_where_both_totals_have_a_number():
    change = compare(answers(uems=12, lems=-2), answers(uems=25, lems=30))
    assert gained(change.uems) == (13, 13)
    assert not change.lems.is_determined.any()


def test_batches_of_different_length_are_refused():
    one = answers()
    two = PossibleAnswers(
        **{
            name: np.concatenate([getattr(one, name)] * 2)
            for name in (
                "sensory_level",
                "motor_level",
                "neurological_level",
                "complete",
                "ais",
                "sensory_zpp",
                "motor_zpp",
                "tagged",
            )
        },
        totals=one.totals,
    )
    with pytest.raises(InputError, match="expected 2 examinations"):
        compare(two, one)


def test_every_pair_of_sets_of_grades_agrees_with_all_pairs_of_grades():
    names = [",".join(grade for bit, grade in enumerate("ABCDE") if chosen >> bit & 1) for chosen in range(1, 32)]
    judges = {
        "improved_one_grade": plain.improved(1),
        "improved_two_grades": plain.improved(2),
        "deteriorated": plain.deteriorated,
        "to_incomplete": plain.reached("B"),
        "to_motor_incomplete": plain.reached("C"),
        "to_functional": plain.reached("D"),
    }
    for before, after in product(names, names):
        change, sets = compare(answers(ais=before), answers(ais=after)), (before.split(","), after.split(","))
        assert gained(change.ais) == plain.gains(*sets, plain.GRADES.index)
        assert {name: verdict(change, name) for name in judges} == {
            name: plain.verdicts(*sets, judge) for name, judge in judges.items()
        }


def test_random_sets_of_levels_agree_with_all_pairs_of_levels():
    draw = np.random.default_rng(5)

    def some_levels():
        start, width = draw.integers(0, 30), draw.integers(1, 5)
        return ",".join(dict.fromkeys(LEVELS[level] for level in np.minimum(start + draw.integers(0, 8, width), 29)))

    for _ in range(400):
        before, after = ((some_levels(), some_levels()) for _ in range(2))
        change = compare(answers(motor=before, nli=before[0]), answers(motor=after, nli=after[0]))
        pairs = [(old.split(","), new.split(",")) for old, new in zip(before, after, strict=True)]
        assert gained(change.neurological_level) == plain.gains(*pairs[0], plain.segment)
        for side, pair in enumerate(pairs):
            assert gained(change.motor_level, side) == plain.gains(*pair, plain.segment)
            assert gained(change.arm_motor_level, side) == plain.gains(*pair, plain.arm_level)
        of_side = [plain.verdicts(*pair, plain.two_arm_levels) for pair in pairs]
        for name, join in (("either_side", plain.either_side), ("both_sides", plain.both_sides)):
            expected = {join(right, left) for right, left in product(*of_side)}
            assert verdict(change, f"two_arm_levels_{name}") == expected


def test_looking_back_in_time_turns_gains_around():
    first, second = answers(ais="B,C", motor=("C5,C6", "T4")), answers(ais="D", motor=("C8", "T2,T9"))
    there, back = compare(first, second), compare(second, first)
    for name in ("ais", "motor_level", "arm_motor_level", "uems"):
        forth, reverse = getattr(there, name), getattr(back, name)
        np.testing.assert_array_equal(forth.least, -reverse.most)
        np.testing.assert_array_equal(forth.most, -reverse.least)
