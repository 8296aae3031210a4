from dataclasses import replace

import numpy as np
import pytest

from cordwise.evidence import packaged_targets
from cordwise.population.validation.printed_figures import measure_of, observed_figures
from cordwise.population.validation.scores import (
    interval_score,
    judge,
    judge_by_measure,
    pit_values,
    score_draws,
    score_intervals,
)

SHARE = next(row for row in packaged_targets() if row.measure == "ais")
LEMS = next(row for row in packaged_targets() if row.measure == "lems")


def test_the_interval_score_is_the_width_and_forty_times_what_lies_outside():
    observed, low, high = np.array([3.0, 1.5, 7.25]), np.full(3, 2.0), np.full(3, 6.0)
    np.testing.assert_allclose(interval_score(observed, low, high), [4.0, 4.0 + 40 * 0.5, 4.0 + 40 * 1.25])
    np.testing.assert_allclose(interval_score(observed, low, high, alpha=0.5), [4.0, 4.0 + 4 * 0.5, 4.0 + 4 * 1.25])


def test_no_other_interval_of_a_normal_scores_better_than_the_central_one():
    figures = np.random.default_rng(1).standard_normal(200_000)

    def score(low, high):
        return interval_score(figures, np.full(len(figures), low), np.full(len(figures), high)).mean()

    best = score(-1.96, 1.96)
    assert all(score(*ends) > best for ends in ((-1.6, 1.6), (-2.4, 2.4), (-1.7, 2.3), (-2.3, 1.7)))


def test_a_figure_is_placed_among_the_draws_and_ties_are_split():
    draws = np.array([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 1.0]])
    assert pit_values(np.array([2.5, 0.0]), draws).tolist() == [0.5, 0.375]


def test_calibrated_draws_place_figures_evenly_and_cover_ninety_five_percent():
    random, rows, draws = np.random.default_rng(2), 2000, 400
    centre = random.normal(0, 10, rows)
    found = score_draws(random.normal(centre, 2.0), random.normal(centre, 2.0, (draws, rows)))
    judged = judge(found, np.ones(rows))
    assert abs(judged.coverage95 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / rows) + 0.005
    assert sum(judged.pit_histogram) == rows
    assert np.abs(np.array(judged.pit_histogram) - rows / 10).max() < 4 * np.sqrt(rows * 0.09)
    assert judged.rmse == pytest.approx(2.0, rel=0.1)
    assert judged.interval_score == pytest.approx(2.0 * 2 * 2.338, rel=0.05)  # 2 phi(1.96) / 0.05 = 2.338


def test_draws_that_are_too_narrow_leave_figures_at_both_ends():
    random = np.random.default_rng(3)
    judged = judge(score_draws(random.normal(0, 3, 500), random.normal(0, 1, (400, 500))), np.ones(500))
    assert judged.coverage95 < 0.6
    assert judged.pit_histogram[0] + judged.pit_histogram[-1] > 250


def test_what_was_not_forecast_does_not_count():
    found = score_intervals(
        np.array([1.0, 2.0]), np.array([0.0, np.nan]), np.array([2.0, np.nan]), np.array([1, np.nan])
    )
    judged = judge(found, np.full(2, 100.0))
    assert (judged.rows, judged.coverage95, judged.interval_score, judged.rmse) == (1, 1.0, 200.0, 0.0)
    assert judged.pit_histogram == ()
    assert judge(found, np.ones(2), np.array([False, True])).rows == 0


def test_a_forecast_by_draws_and_the_interval_read_from_them_score_alike():
    random = np.random.default_rng(4)
    draws, observed = random.normal(0, 1, (1000, 20)), random.normal(0, 1, 20)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    by_draws, by_interval = score_draws(observed, draws), score_intervals(observed, low, high, draws.mean(axis=0))
    np.testing.assert_array_equal(by_draws.interval_score, by_interval.interval_score)
    assert judge(by_draws, np.ones(20)).rmse == judge(by_interval, np.ones(20)).rmse


def test_shares_are_judged_in_percentage_points_and_a_change_with_its_measure():
    targets = (SHARE, LEMS, replace(LEMS, measure="lems_change"))
    rows = score_intervals(
        np.array([0.3, 10.0, 10.0]), np.array([0.2, 8.0, 8.0]), np.array([0.4, 12.0, 9.0]), np.array([0.25, 10.0, 8.0])
    )
    found = judge_by_measure(targets, rows)
    assert (found["ais"].interval_score, found["ais"].rmse) == (pytest.approx(20.0), pytest.approx(5.0))
    assert (found["lems"].rows, found["lems"].interval_score) == (2, pytest.approx((4 + 41) / 2))
    assert found["scores"] == found["lems"]
    assert (found["all"].rows, found["all"].coverage95) == (3, pytest.approx(2 / 3))


def test_a_printed_share_is_read_as_the_whole_number_of_people_behind_it():
    rows = (replace(SHARE, value=0.154, n=482.0), replace(SHARE, value=0.3, n=np.nan), replace(LEMS, value=10.872))
    assert observed_figures(rows).tolist() == [74 / 482, 0.3, 10.872]
    assert measure_of(replace(LEMS, measure="lems_change")) == "lems"
