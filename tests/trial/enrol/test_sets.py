"""In which parameter set each simulated trial happens, and which of its people come."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.randomness import Streams
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK, narrowed, nesting_of, people_of
from trial_bank import GROUPS, PEOPLE, SETS, shared_bank, synthetic_bank


def test_every_round_goes_through_all_parameter_sets_and_takes_the_next_group():
    nesting = nesting_of(shared_bank(), Streams(1), range(4 * SETS))
    rounds = nesting.set_place.reshape(4, SETS)
    assert (np.sort(rounds, axis=1) == np.arange(SETS)).all()
    assert (rounds == rounds[0]).all()
    assert nesting.group.reshape(4, SETS).tolist() == [[number % GROUPS] * SETS for number in range(4)]
    assert not np.array_equal(rounds[0], nesting_of(shared_bank(), Streams(2), range(SETS)).set_place)


@given(st.integers(0, 500), st.integers(1, 300))
def test_a_replicate_belongs_to_the_same_set_whatever_the_range_asked_for(first, count):
    whole, part = (nesting_of(shared_bank(), Streams(1), range(start, 800)) for start in (0, first))
    assert np.array_equal(whole.set_place[first : first + count], part.set_place[:count])
    assert np.array_equal(whole.group[first : first + count], part.group[:count])


def test_everybody_of_the_group_comes_once_in_an_order_of_the_replicate_s_own():
    bank = shared_bank()
    people = people_of(bank, Streams(1), name="x", block=2)
    nesting = nesting_of(bank, Streams(1), range(200, 300))
    assert people.shape == (REPLICATES_PER_BLOCK, PEOPLE)
    assert np.array_equal(np.sort(people, axis=1), bank.rows[nesting.set_place, nesting.group])
    assert len(np.unique(people - people.min(axis=1, keepdims=True), axis=0)) == REPLICATES_PER_BLOCK


def test_each_person_is_as_likely_to_come_first():
    bank = synthetic_bank(sets=1, groups=1, people=8)
    first = np.concatenate([people_of(bank, Streams(1), name="x", block=block)[:, 0] for block in range(40)])
    share = np.bincount(first, minlength=8) / len(first)
    assert np.abs(share - 1 / 8).max() < 4 * np.sqrt(1 / 8 * 7 / 8 / len(first))


def test_narrowed_entry_takes_the_members_in_the_order_in_which_they_come():
    people = np.array([[5, 2, 7, 1, 4]])
    members = np.isin(np.arange(10), [1, 2, 4])
    assert narrowed(people, members, 2).tolist() == [[2, 1]]
    assert narrowed(people, members, 5).tolist() == [[2, 1, 4, 2, 1]]


@settings(max_examples=30)
@given(st.integers(0, 9), st.integers(1, 40))
def test_narrowed_entry_never_takes_somebody_twice_while_others_are_left(seed, size):
    random = np.random.default_rng(seed)
    people, members = random.permuted(np.tile(np.arange(60), (20, 1)), axis=1), random.random(60) < 0.7
    taken = narrowed(people, members, size)
    assert members[taken].all()
    assert all(len(set(row)) == min(size, members.sum()) for row in taken.tolist())


def test_the_order_of_the_sets_is_that_of_the_seed_whatever_the_bank_holds():
    large, small = (synthetic_bank(people=people) for people in (60, 20))
    here, there = (nesting_of(bank, Streams(3), range(50)) for bank in (large, small))
    assert np.array_equal(here.set_place, there.set_place)
