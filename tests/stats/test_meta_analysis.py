"""Studies whose truths differ, against fixed points computed otherwise and against simulated studies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.meta_analysis import (
    CombinedStudies,
    between_study_variance,
    combine_studies,
    new_study_truths,
)

# Trials of BCG vaccine against tuberculosis (Colditz et al. 1994, JAMA 271:698): cases and people, vaccinated and not.
BCG = np.array(
    [
        (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
        (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277),
        (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854),
    ],
    float,
)  # fmt: skip


def log_risk_ratios():
    cases, people, control_cases, control_people = BCG.T
    effect = np.log(cases / people) - np.log(control_cases / control_people)
    return effect, 1 / cases - 1 / people + 1 / control_cases - 1 / control_people


def by_small_steps(effect, variance):
    """Raise the variance between studies in small steps until the scatter is no more than chance."""
    for between in np.arange(0, 4, 1e-4):
        weight = 1 / (variance + between)
        middle = np.average(effect, weights=weight)
        if (weight * (effect - middle) ** 2).sum() <= len(effect) - 1:
            return between
    raise AssertionError("the studies differ more than was looked for")


def test_thirteen_trials_of_a_vaccine_are_combined_as_small_steps_do():
    effect, variance = log_risk_ratios()
    between = by_small_steps(effect, variance)
    found = combine_studies(effect, variance)
    assert found.between == pytest.approx(between, abs=2e-4)
    weight = 1 / (variance + between)
    assert found.mean == pytest.approx(np.average(effect, weights=weight), abs=1e-4)
    assert found.standard_error == pytest.approx(weight.sum() ** -0.5, abs=1e-4)
    assert found.k == 13


def test_with_equal_sampling_errors_it_is_the_scatter_less_the_error():
    effect = np.array([1.0, 2.0, 4.0, 9.0])
    assert between_study_variance(effect, np.full(4, 3.0)) == pytest.approx(effect.var(ddof=1) - 3.0)
    assert between_study_variance(effect, np.full(4, 3.0), mean=0.0) == pytest.approx((effect**2).mean() - 3.0)


def test_with_equal_sampling_errors_it_is_what_dersimonian_and_laird_give():
    effect, variance = np.array([-0.2, 0.5, 0.1, 1.4, 0.9]), np.full(5, 0.1)
    weight = 1 / variance
    q = (weight * (effect - np.average(effect, weights=weight)) ** 2).sum()
    by_moments = (q - 4) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert between_study_variance(effect, variance) == pytest.approx(by_moments)


def test_studies_that_agree_do_not_differ():
    assert between_study_variance(np.array([1.0, 1.1, 0.9]), np.ones(3)) == 0.0


def test_one_study_says_nothing_of_differences_unless_the_mean_is_known():
    assert between_study_variance(np.array([2.0]), np.array([1.0])) == 0.0
    assert between_study_variance(np.array([2.0]), np.array([1.0]), mean=0.0) == pytest.approx(3.0)
    assert combine_studies(np.array([2.0]), np.array([1.0])) == CombinedStudies(2.0, 1.0, 0.0, 1)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(1e-3, 10)), min_size=2, max_size=8), st.floats(-5, 5))
def test_moving_all_studies_moves_the_mean_and_nothing_else(studies, shift):
    effect, variance = np.array(studies).T
    here, there = combine_studies(effect, variance), combine_studies(effect + shift, variance)
    assert there.mean == pytest.approx(here.mean + shift, abs=1e-5)
    assert there.between == pytest.approx(here.between, rel=1e-4, abs=1e-6)


def test_the_variance_between_simulated_studies_is_found():
    random = np.random.default_rng(1)
    found = []
    for _ in range(400):
        variance = random.uniform(0.05, 1.0, 12)
        found.append(between_study_variance(random.normal(random.normal(3.0, 1.0, 12), np.sqrt(variance)), variance))
    assert abs(np.mean(found) - 1.0) < 4 * np.std(found) / np.sqrt(len(found))


def test_ninety_five_percent_of_new_studies_lie_in_the_central_draws():
    random, inside = np.random.default_rng(2), []
    for _ in range(600):
        truth, variance = random.normal(0.0, 1.0, 9), np.full(8, 0.1)
        combined = combine_studies(random.normal(truth[:8], np.sqrt(variance)), variance)
        low, high = np.quantile(new_study_truths(combined, 2000, random), [0.025, 0.975])
        inside.append(low <= truth[8] <= high)
    assert abs(np.mean(inside) - 0.95) < 0.04


def test_few_studies_give_wide_tails():
    random, count = np.random.default_rng(3), 40_000
    wide, narrow = (new_study_truths(CombinedStudies(0.0, 0.6, 0.64, k), count, random) for k in (3, 300))
    assert np.quantile(narrow, 0.975) == pytest.approx(1.97, abs=0.05)
    assert np.quantile(wide, 0.975) == pytest.approx(12.7, rel=0.1)
    assert np.quantile(wide, 0.75) == pytest.approx(1.0, abs=0.05)
