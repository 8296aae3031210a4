"""How many improve without cells: who enters, on which day, by how much, and how few people blur it."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.appraisal.natural_recovery import (
    Effort,
    Improvement,
    entrants,
    followed,
    improvement_by_baseline_day,
    retest_upgrades,
)
from cordwise.bank import people as people_module
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import AssumedEffect, Counterfactual, untreated_tissue, without_cells
from cordwise.population.entry import Entry
from cordwise.population.posterior import load_posterior

CERVICAL = (level_index("C1"), level_index("C8"))
GRADES = (AIS.A, AIS.B, AIS.C)
DAY_45 = Entry(CERVICAL, GRADES, (45.0, 45.0))


def sets_of(count):
    return load_posterior().spread(count)[0]


def improvement(streams, entry, days, effort, min_grades=1, worlds=None):
    who = entrants(sets_of(effort.draws), streams, entry, people_of_each=effort.patients)
    seen = followed(who, days, streams, worlds or {"natural": without_cells()})
    found = [who.improvement(each, min_grades) for each in seen.values()]
    return found if worlds else found[0]


def test_expected_improvers_of_a_cohort_seen_on_day_45_lie_where_the_prototype_study_put_them():
    found = improvement(Streams(4), DAY_45, [183.0], Effort(16, 2000))
    expected = found.probability[:, :, 0] @ np.array([6, 2, 5])
    assert 3.0 < expected.mean() < 5.5


def test_the_later_the_baseline_the_fewer_improve():
    entries = [replace(DAY_45, baseline_days=(day, day)) for day in (1.0, 14.0, 60.0)]
    found = improvement_by_baseline_day(sets_of(12), Streams(2), entries, 365.0, people_of_each=1500, min_grades=1)
    curve = np.stack([each.probability[:, :, 0].mean(axis=0) for each in found])
    assert (curve[2] < curve[1]).all()
    of_a, of_b = curve[:, 0], curve[:, 1]
    assert of_a[1] < of_a[0]
    # Some who keep sensation on the first day lose it with the fibres that still die: B and C are no surer then.
    assert abs(of_b[1] - of_b[0]) < 0.12


def test_a_curve_over_days_of_baseline_counts_on_each_day_what_that_day_alone_gives(monkeypatch):
    entries = [replace(DAY_45, baseline_days=(day, day)) for day in (7.0, 30.0)]
    monkeypatch.setattr(people_module, "AT_ONCE", 700)  # more than one batch
    curve = improvement_by_baseline_day(sets_of(3), Streams(9), entries, 183.0, people_of_each=500, min_grades=1)
    for entry, of_the_curve in zip(entries, curve, strict=True):
        alone = improvement(Streams(9), entry, [183.0], Effort(3, 500))
        for name in ("improved", "selected", "effective"):
            np.testing.assert_array_equal(getattr(of_the_curve, name), getattr(alone, name), err_msg=name)


def test_two_grades_are_gained_by_fewer_than_one():
    entry = replace(DAY_45, baseline_days=(10.0, 20.0))
    one, two = (improvement(Streams(3), entry, [183.0], Effort(2, 2000), least).improved for least in (1, 2))
    assert (two < one).all()


def test_a_single_day_of_follow_up_agrees_with_the_same_day_of_a_grid():
    entry, effort = replace(DAY_45, baseline_days=(20.0, 40.0)), Effort(2, 1000)
    grid = improvement(Streams(9), entry, [90.0, 183.0], effort).improved
    single = improvement(Streams(9), entry, [183.0], effort).improved
    np.testing.assert_array_equal(grid[:, :, 1], single[:, :, 0])


def test_an_assumed_benefit_helps_and_its_absence_changes_nobody():
    entry, effort = replace(DAY_45, baseline_days=(30.0, 30.0)), Effort(2, 1500)
    null = Counterfactual(untreated_tissue(), AssumedEffect(0.0, 35.0, 30.0))
    some = replace(null, effect=AssumedEffect(1.5, 35.0, 30.0))
    nothing = improvement(Streams(6), entry, [183.0], effort)
    absent, present = improvement(Streams(6), entry, [183.0], effort, worlds={"null": null, "some": some})
    np.testing.assert_array_equal(absent.improved, nothing.improved)
    assert (present.improved > nothing.improved).all()


def test_fewer_people_of_each_set_are_the_first_of_them():
    who = entrants(sets_of(4), Streams(7), DAY_45, people_of_each=400)
    fewer = who.first(0.3, Effort(4, 400))
    alone = entrants(sets_of(4), Streams(7), DAY_45, people_of_each=120)
    np.testing.assert_array_equal(fewer.people.patients.ids, alone.people.patients.ids)
    np.testing.assert_array_equal(fewer.grade, alone.grade)
    assert 0 < len(fewer.people) < len(who.people)


def test_chances_of_many_sets_scatter_as_the_truth_does_however_few_people_each_has():
    many = improvement(Streams(1), DAY_45, [183.0], Effort(20, 4000)).probability[:, :, 0]
    few = improvement(Streams(2), DAY_45, [183.0], Effort(20, 800))
    counted = few.improved[:, :, 0] / np.maximum(few.selected, 1)
    scatter, true = few.probability[:, :, 0].std(axis=0), many.std(axis=0)
    assert (counted.std(axis=0) > 1.1 * scatter).all()
    assert (np.abs(scatter - true) < 0.05).all()
    pooled = few.improved.sum(axis=0)[:, 0] / few.selected.sum(axis=0)
    assert few.probability[:, :, 0].mean(axis=0) == pytest.approx(pooled, abs=0.05)


def test_monte_carlo_error_is_that_of_a_binomial_share_of_all_people():
    shares = np.array([[[0.2]], [[0.2]]])
    found = Improvement(shares * 50, np.array([[50.0], [50.0]]), np.array([[50.0], [50.0]]))
    assert found.pooled_mcse[0, 0] == pytest.approx(np.sqrt(0.2 * 0.8 / 100))


def test_a_grade_that_nobody_has_is_left_at_no_chance():
    nobody = Entry((level_index("C1"), level_index("C1")), (AIS.A,), (45.0, 45.0))
    found = improvement(Streams(1), nobody, [183.0], Effort(2, 20))
    assert found.selected.sum() == 0
    np.testing.assert_array_equal(found.probability, 0)


def test_some_are_graded_higher_by_a_second_examination_on_the_same_day():
    who = entrants(sets_of(4), Streams(1), DAY_45, people_of_each=3000)
    found = retest_upgrades(who, Streams(1), DAY_45).probability[:, :, 0].mean(axis=0)
    # Sized on published retest reliability, not measured: some of a hundred A, about one C in five.
    assert 0.005 < found[0] < 0.2
    assert 0.005 < found[1] < 0.3
    assert 0.05 < found[2] < 0.4
