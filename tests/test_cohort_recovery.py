from dataclasses import replace

import numpy as np
import pytest

from cordwise.cohort import World, load_posterior
from cordwise.cohort.recovery import (
    improvement,
    improvement_by_baseline_day,
    improvement_probabilities,
    retest_misgrading,
)
from cordwise.cohort.world import AssumedEffect, untreated_tissue
from cordwise.isncsci import AIS, level_index
from cordwise.randomness import Streams

CERVICAL = (level_index("C1"), level_index("C8"))
GRADES = (AIS.A, AIS.B, AIS.C)


@pytest.fixture(scope="module")
def posterior():
    return load_posterior()


def test_expected_improvers_of_a_cohort_seen_on_day_45_lie_where_the_prototype_study_put_them(posterior):
    found = improvement_probabilities(
        posterior,
        Streams(4),
        levels=CERVICAL,
        grades=GRADES,
        baseline_days=(45.0, 45.0),
        followup_day=183.0,
        draws=16,
        patients=3000,
    )
    expected = found @ np.array([6, 2, 5])
    assert 3.0 < expected.mean() < 5.5


def test_the_later_the_baseline_the_fewer_improve(posterior):
    curve = improvement_by_baseline_day(
        posterior,
        Streams(2),
        levels=CERVICAL,
        grades=GRADES,
        baseline_grid=(1.0, 14.0, 60.0),
        followup_day=365.0,
        draws=6,
        patients=3000,
    ).mean(axis=0)
    assert (np.diff(curve, axis=1) < 0).all()


def test_two_grades_are_gained_by_fewer_than_one(posterior):
    def share(least):
        return improvement_probabilities(
            posterior,
            Streams(3),
            levels=CERVICAL,
            grades=GRADES,
            baseline_days=(10.0, 20.0),
            followup_day=183.0,
            draws=2,
            patients=2000,
            min_grades=least,
        )

    assert (share(2) < share(1)).all()


def test_a_single_day_of_follow_up_agrees_with_the_same_day_of_a_grid(posterior):
    options = {"levels": CERVICAL, "grades": GRADES, "baseline_days": (20.0, 40.0), "draws": 2, "patients": 1000}
    grid = improvement(posterior, Streams(9), followup_days=(90.0, 183.0), **options).probability
    single = improvement_probabilities(posterior, Streams(9), followup_day=183.0, **options)
    np.testing.assert_array_equal(grid[:, :, 1], single)


def test_an_assumed_benefit_helps_and_its_absence_changes_nobody(posterior):
    options = {
        "levels": CERVICAL,
        "grades": GRADES,
        "baseline_days": (30.0, 30.0),
        "followup_days": (183.0,),
        "draws": 2,
        "patients": 1500,
    }
    nothing = improvement(posterior, Streams(6), **options)
    null = World(untreated_tissue(), AssumedEffect(0.0, 35.0, 30.0))
    some = replace(null, effect=AssumedEffect(1.5, 35.0, 30.0))
    np.testing.assert_array_equal(improvement(posterior, Streams(6), world=null, **options).improved, nothing.improved)
    assert (improvement(posterior, Streams(6), world=some, **options).improved > nothing.improved).all()


def test_monte_carlo_error_is_that_of_a_binomial_share(posterior):
    found = improvement(
        posterior,
        Streams(8),
        levels=CERVICAL,
        grades=(AIS.A,),
        baseline_days=(7.0, 7.0),
        followup_days=(183.0,),
        draws=2,
        patients=2000,
    )
    p, n = found.probability[0, 0, 0], found.selected[0, 0]
    assert found.mcse[0, 0, 0] == pytest.approx(np.sqrt(p * (1 - p) / n))


def test_some_are_graded_higher_by_a_second_examination_on_the_same_day(posterior):
    found = retest_misgrading(
        posterior, Streams(1), levels=CERVICAL, grades=GRADES, baseline_days=(45.0, 45.0), draws=4, patients=3000
    ).mean(axis=0)
    # Sized on published retest reliability, not measured: a few of a hundred A, about one C in five.
    assert 0.005 < found[0] < 0.12
    assert found[0] < found[1] < 0.3
    assert 0.05 < found[2] < 0.4
