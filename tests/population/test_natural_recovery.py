from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import AssumedEffect, Counterfactual, untreated_tissue
from cordwise.population.natural_recovery import Effort, Entry, improvement, improvement_by_world, retest_upgrades
from cordwise.population.posterior import load_posterior

CERVICAL = (level_index("C1"), level_index("C8"))
GRADES = (AIS.A, AIS.B, AIS.C)
DAY_45 = Entry(CERVICAL, GRADES, (45.0, 45.0))


@pytest.fixture(scope="module")
def posterior():
    return load_posterior()


def test_expected_improvers_of_a_cohort_seen_on_day_45_lie_where_the_prototype_study_put_them(posterior):
    found = improvement(posterior, Streams(4), DAY_45, [183.0], effort=Effort(16, 3000))
    expected = found.probability[:, :, 0] @ np.array([6, 2, 5])
    assert 3.0 < expected.mean() < 5.5


def test_the_later_the_baseline_the_fewer_improve(posterior):
    entries = [replace(DAY_45, baseline_days=(day, day)) for day in (1.0, 14.0, 60.0)]
    found = [improvement(posterior, Streams(2), entry, [365.0], effort=Effort(6, 3000)) for entry in entries]
    curve = np.stack([each.probability[:, :, 0].mean(axis=0) for each in found])
    assert (curve[2] < curve[1]).all()
    of_a, of_b, of_c = (curve[:, grade] for grade in range(3))
    assert of_a[1] < of_a[0]
    assert of_c[1] < of_c[0]
    # Some who keep sensation on the first day lose it with the fibres that still die: B is no surer then than later.
    assert abs(of_b[1] - of_b[0]) < 0.05


def test_two_grades_are_gained_by_fewer_than_one(posterior):
    entry = replace(DAY_45, baseline_days=(10.0, 20.0))

    def share(least):
        return improvement(posterior, Streams(3), entry, [183.0], effort=Effort(2, 2000), min_grades=least).probability

    assert (share(2) < share(1)).all()


def test_a_single_day_of_follow_up_agrees_with_the_same_day_of_a_grid(posterior):
    entry, effort = replace(DAY_45, baseline_days=(20.0, 40.0)), Effort(2, 1000)
    grid = improvement(posterior, Streams(9), entry, [90.0, 183.0], effort=effort).probability
    single = improvement(posterior, Streams(9), entry, [183.0], effort=effort).probability
    np.testing.assert_array_equal(grid[:, :, 1], single[:, :, 0])


def test_an_assumed_benefit_helps_and_its_absence_changes_nobody(posterior):
    entry, effort = replace(DAY_45, baseline_days=(30.0, 30.0)), Effort(2, 1500)
    null = Counterfactual(untreated_tissue(), AssumedEffect(0.0, 35.0, 30.0))
    some = replace(null, effect=AssumedEffect(1.5, 35.0, 30.0))
    nothing = improvement(posterior, Streams(6), entry, [183.0], effort=effort)
    absent, present = improvement_by_world(posterior, Streams(6), entry, [183.0], effort=effort, worlds=[null, some])
    np.testing.assert_array_equal(absent.improved, nothing.improved)
    assert (present.improved > nothing.improved).all()


def test_monte_carlo_error_is_that_of_a_binomial_share(posterior):
    entry = Entry(CERVICAL, (AIS.A,), (7.0, 7.0))
    found = improvement(posterior, Streams(8), entry, [183.0], effort=Effort(2, 2000))
    p, n = found.probability[0, 0, 0], found.selected[0, 0]
    assert found.mcse[0, 0, 0] == pytest.approx(np.sqrt(p * (1 - p) / n))


def test_some_are_graded_higher_by_a_second_examination_on_the_same_day(posterior):
    found = retest_upgrades(posterior, Streams(1), DAY_45, effort=Effort(4, 3000)).probability[:, :, 0].mean(axis=0)
    # Sized on published retest reliability, not measured: a few of a hundred A, about one C in five.
    assert 0.005 < found[0] < 0.12
    assert found[0] < found[1] < 0.3
    assert 0.05 < found[2] < 0.4
