"""People of every parameter set: the same persons in every batch and beside whatever other sets."""

from dataclasses import fields

import numpy as np
import pytest

from cordwise.bank import people as module
from cordwise.bank.people import drawn_people, joined_people, of_age
from cordwise.base.randomness import Streams
from cordwise.patient.counterfactual import with_assumed_effect, without_cells
from cordwise.patient.outcomes import Outcomes
from cordwise.patient.patients import VirtualPatients
from cordwise.population.posterior import load_posterior

STREAMS = Streams(9)
SETS, _ = load_posterior().spread(4)
EVERYONE = np.arange(4)
COUNT = 60


def drawn(numbers=EVERYONE, first=0, count=COUNT, **options):
    return joined_people(
        drawn_people(SETS, STREAMS, np.asarray(numbers), first, count, lambda people: people, **options)
    )


@pytest.fixture(scope="module")
def everybody():
    return drawn()


def assert_same_people(one, other):
    np.testing.assert_array_equal(one.set_number, other.set_number)
    for field in fields(VirtualPatients):
        np.testing.assert_array_equal(
            getattr(one.patients, field.name), getattr(other.patients, field.name), err_msg=field.name
        )


def with_ids(people, ids):
    order = {identity: place for place, identity in enumerate(people.patients.ids.tolist())}
    return people[np.array([order[each] for each in ids.tolist()])]


def test_every_set_gives_the_same_number_and_each_person_belongs_to_one(everybody):
    assert np.bincount(everybody.set_number).tolist() == [COUNT] * 4
    assert len(np.unique(everybody.patients.ids)) == len(everybody) == 4 * COUNT
    np.testing.assert_array_equal(everybody.patients.ids % 4, everybody.set_number)


@pytest.mark.parametrize("at_once", [1, 7, 50, 10_000])
def test_a_person_is_the_same_in_batches_of_any_size(everybody, monkeypatch, at_once):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    assert_same_people(drawn(), everybody)


@pytest.mark.parametrize("numbers", [[0], [3, 1], [2, 0, 1]])
def test_a_person_is_the_same_whatever_other_sets_are_drawn(everybody, numbers):
    found = drawn(numbers)
    assert set(found.set_number) == set(numbers)
    assert_same_people(found, with_ids(everybody, found.patients.ids))


def test_each_set_may_go_on_where_it_stands(everybody):
    found = drawn([1, 2], first=np.array([10, 30]), count=5)
    assert sorted((found.patients.ids // 4)[found.set_number == 1]) == [10, 11, 12, 13, 14]
    assert sorted((found.patients.ids // 4)[found.set_number == 2]) == [30, 31, 32, 33, 34]
    assert_same_people(found, with_ids(everybody, found.patients.ids))


def test_people_of_the_ages_asked_for_are_those_of_these_ages_and_no_others(everybody):
    found = drawn(chosen=of_age(30.0, 44.0))
    age = everybody.patients.age_years
    asked = (age >= 30) & (age < 45)  # 44 years lasts until the birthday
    assert 0.1 < asked.mean() < 0.9
    assert_same_people(found, everybody[np.flatnonzero(asked)])


def test_no_age_may_be_left():
    assert len(drawn(chosen=of_age(200.0, 210.0))) == 0


def test_examinations_do_not_depend_on_the_batch_and_worlds_share_the_examiners(everybody, monkeypatch):
    labels = ("baseline", "day-200")
    days = np.column_stack([np.linspace(5, 40, len(everybody)), np.full(len(everybody), 200.0)])
    worlds = {"without": without_cells(), "with": with_assumed_effect(1.0, dose_day=50.0, onset_days=30.0)}
    seen = everybody.examined_in(worlds, days, labels, STREAMS)
    monkeypatch.setattr(module, "_EXAMINATIONS_AT_ONCE", 34)
    in_batches = everybody.examined_in(worlds, days, labels, STREAMS)
    alone = everybody[40:60].examined(days[40:60], labels, STREAMS, worlds["with"])
    for field in fields(Outcomes):
        for name in worlds:
            one, other = (getattr(each[name], field.name) for each in (seen, in_batches))
            np.testing.assert_array_equal(one, other, err_msg=field.name)
        np.testing.assert_array_equal(getattr(alone, field.name), getattr(seen["with"], field.name)[40:60])
    np.testing.assert_array_equal(seen["with"].muscles[:, 0], seen["without"].muscles[:, 0])
    assert seen["with"].uems[:, 1].mean() > seen["without"].uems[:, 1].mean()


def test_nobody_can_be_examined_too(everybody):
    nobody = everybody[:0]
    assert nobody.examined(np.empty((0, 2)), ("baseline", "day-9"), STREAMS, without_cells()).uems.shape == (0, 2)
