import numpy as np
import pytest
from scipy.special import expit

from cordwise.population.validation.meta_analysis import meta_analysed_draws, pooled_spread, studies_of
from rival_rows import many_scores, score, share, spread_of


def drawn(target, others, names, count=20_000, seed=1):
    return meta_analysed_draws((target,), others, names, count, np.random.default_rng(seed))[:, 0]


def test_one_registry_is_one_study_of_its_nearest_follow_up_and_most_people():
    others = (share(0.3, 50), share(0.2, 139), share(0.25, 400, followup_day=300.0), share(0.4, 30))
    assert studies_of(share(0.5, 20), others, ("a", "a", "a", "b")) == (others[1], others[3])


def test_nested_rows_of_one_registry_do_not_narrow_the_forecast():
    others = (share(0.2, 200), share(0.3, 150), share(0.4, 100))
    twice = (*others, *(share(row.value, row.n - 20) for row in others))
    once = drawn(share(0.3, 50), others, ("a", "b", "c"))
    np.testing.assert_array_equal(once, drawn(share(0.3, 50), twice, ("a", "b", "c", "a", "b", "c")))


@pytest.mark.parametrize(
    "unlike",
    [
        {"baseline_grade_low": 1, "baseline_grade_high": 1},
        {"category_low": 2},
        {"followup_day": 150.0},
        {"followup_day": 600.0},
        {"baseline_day_min": 20.0, "baseline_day_max": 100.0},
        {"baseline_day_min": 335.0, "baseline_day_max": 395.0},
    ],
)
def test_rows_of_another_grade_category_or_time_are_not_combined(unlike):
    assert studies_of(share(0.3, 50), (share(0.3, 50, **unlike),), ("a",)) == ()


def test_rows_of_levels_that_do_not_overlap_are_not_combined():
    cervical, thoracic = share(0.3, 50, level_first=0, level_last=7), share(0.3, 50, level_first=8, level_last=19)
    assert studies_of(cervical, (thoracic,), ("a",)) == ()
    assert studies_of(cervical, (share(0.3, 50),), ("a",)) != ()


def test_improved_is_the_same_as_the_grades_above():
    improved = share(0.3, 50, category="improved", is_improvement=True, category_low=0)
    assert studies_of(improved, (share(0.2, 80),), ("a",)) == (share(0.2, 80),)


def test_what_no_other_registry_printed_is_not_forecast():
    unlike = share(0.3, 50, baseline_grade_low=1, baseline_grade_high=1)
    assert np.isnan(drawn(unlike, (), ())).all()
    assert np.isnan(drawn(unlike, (share(0.3, 50),), ("a",))).all()
    assert np.isnan(drawn(share(0.3, 50), (share(0.3, 50),), ("a",))).all()  # nothing shows how registries differ


def test_the_forecast_is_what_the_same_sums_done_by_hand_give():
    others = tuple(score(value, sd=10, n=100) for value in (20.0, 22.0, 24.0, 26.0, 28.0))
    found = drawn(score(0.0, sd=1e-3), others, tuple("abcde"), count=100_000)
    between = 10.0 - 1.0  # of the five values, less the error of each
    scale = np.sqrt(between + (between + 1.0) / 5)
    assert np.median(found) == pytest.approx(24.0, abs=0.1)
    quartiles = np.quantile(found, [0.25, 0.75])
    np.testing.assert_allclose(quartiles, 24.0 + np.array([-1, 1]) * 0.7649 * scale, atol=0.1)  # t of 3, 75 %


def test_a_single_study_spreads_as_those_of_fuller_cells_do():
    fuller = tuple(score(value, sd=1e-3, measure="lems") for value in (10.0, 14.0, 18.0))
    alone = score(24.0, sd=1e-3)
    others, names = (*fuller, alone), ("a", "b", "c", "a")
    pooled = pooled_spread("uems", others, names)
    assert pooled is not None
    assert (pooled.variance, pooled.freedom) == (pytest.approx(16.0, rel=1e-3), 1.0)
    found = drawn(score(0.0, sd=1e-3), others, names)
    quartiles = np.quantile(found, [0.25, 0.75])
    np.testing.assert_allclose(quartiles, 24.0 + np.array([-1, 1]) * np.sqrt(2 * 16.0), atol=0.4)  # its own error too


def test_light_touch_spreads_in_proportion_to_its_largest_value():
    rows = tuple(score(value, sd=1e-3) for value in (10.0, 14.0, 18.0))
    found = pooled_spread("light_touch", rows, tuple("abc"))
    assert found is not None
    assert np.sqrt(found.variance) == pytest.approx(4.0 * 112 / 50, rel=1e-3)
    assert pooled_spread("ais", rows, tuple("abc")) is None


def test_shares_stay_between_none_and_all_and_are_of_the_people_of_the_registry():
    found = drawn(share(0.5, 9), (share(0.02, 200), share(0.5, 200), share(0.97, 200)), tuple("abc"))
    assert found.min() >= 0
    assert found.max() <= 1
    np.testing.assert_allclose(found * 9, np.round(found * 9), atol=1e-9)


def test_shares_of_registries_that_scatter_on_log_odds_are_covered():
    random, inside = np.random.default_rng(5), []
    for _ in range(150):
        truths = expit(random.normal(-1.0, 0.7, 11))
        rows = tuple(share(random.binomial(150, truth) / 150, 150) for truth in truths)
        names = tuple(str(place) for place in range(10))
        draws = meta_analysed_draws(rows[10:], rows[:10], names, 1000, random)[:, 0]
        low, high = np.quantile(draws, [0.025, 0.975])
        inside.append(low <= rows[10].value <= high)
    assert abs(np.mean(inside) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 150)


def test_many_registries_show_how_much_they_differ():
    rows, _ = many_scores(np.random.default_rng(6), 24.0, 3.0, 60)
    found = drawn(score(0.0, sd=1e-3), rows, tuple(str(place) for place in range(60)))
    assert spread_of(found) == pytest.approx(3.0, rel=0.25)
