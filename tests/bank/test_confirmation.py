"""A bank of people who are examined twice on every day: who enters, and what the second examination leaves alone."""

from dataclasses import fields, replace

import numpy as np
import pytest

from cordwise.bank.bank import CONTROL, BankSpec, build_bank
from cordwise.bank.confirmation import confirmed
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import with_assumed_effect
from cordwise.patient.outcomes import Outcomes
from cordwise.population.posterior import load_posterior

ONCE = BankSpec(
    grades=(AIS.A, AIS.B, AIS.C),
    levels=(level_index("C1"), level_index("T10")),
    age_years=(18.0, 65.0),
    baseline_day=(40.0, 50.0),
    visits=(90.0, 183.0),
    people=25,
    sets=6,
)
TWICE = replace(ONCE, confirmed=True)
EFFECTS = {"effect": with_assumed_effect(1.0, dose_day=60.0, onset_days=40.0)}


def bank_of(spec):
    return build_bank(spec, load_posterior(), Streams(7), counterfactuals=EFFECTS)


@pytest.fixture(scope="module")
def once():
    return bank_of(ONCE)


@pytest.fixture(scope="module")
def twice():
    return bank_of(TWICE)


def test_nobody_enters_whose_two_grades_at_baseline_differ(once, twice):
    for second in twice.second_ais.values():
        np.testing.assert_array_equal(second[:, 0], twice.baseline_ais)
    assert len(twice) == len(once)  # others take the places of those who are turned away
    turned_away = ~np.isin(once.ids, twice.ids)
    assert 0.02 < turned_away.mean() < 0.4


def test_the_first_examinations_are_the_same_whether_or_not_there_is_a_second(once, twice):
    _, here, there = np.intersect1d(once.ids, twice.ids, return_indices=True)
    assert len(here) > len(once) / 2
    for name in once.outcomes:
        for field in fields(Outcomes):
            one, two = getattr(once.outcomes[name], field.name), getattr(twice.outcomes[name], field.name)
            np.testing.assert_array_equal(one[here], two[there], err_msg=field.name)
    np.testing.assert_array_equal(once.examination_day[here], twice.examination_day[there])


def test_a_second_examination_differs_by_the_examiner_alone(twice):
    first, second = twice.outcomes[CONTROL].ais[:, 1:].astype(int), twice.second_ais[CONTROL][:, 1:]
    assert 0.02 < (first != second).mean() < 0.4
    mcse = (second - first).std() / np.sqrt(second.size)
    assert abs((second - first).mean()) < 4 * mcse


def test_a_confirmed_grade_is_one_that_both_examinations_reach(twice):
    seen, second = twice.outcomes[CONTROL], twice.second_ais[CONTROL]
    found = confirmed(seen, second)
    for grade in AIS:
        np.testing.assert_array_equal(found.ais >= grade, (seen.ais >= grade) & (second >= grade))
    np.testing.assert_array_equal(found.muscles, seen.muscles)


def test_the_second_examiner_is_the_same_in_every_world(twice):
    control, treated = (twice.second_ais[name] for name in (CONTROL, "effect"))
    np.testing.assert_array_equal(control[:, 0], treated[:, 0])
    assert treated[:, 2].mean() > control[:, 2].mean()


def test_nobody_is_examined_twice_unasked(once):
    assert not once.second_ais


def test_some_visits_of_a_bank_keep_their_second_grades(twice):
    later = twice.at_visits((183.0,))
    for name, second in twice.second_ais.items():
        np.testing.assert_array_equal(later.second_ais[name], second[:, [0, 2]])
