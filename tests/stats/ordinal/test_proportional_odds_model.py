"""The proportional-odds model: slow twins, invariances, trials that cannot be analysed, type I error."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import chdtrc, ndtri

from cordwise.stats.ordinal import (
    fit_cumulative_logit,
    proportional_odds,
    transitional_ordinal,
)
from reference.ordinal_plain import covariance_of_one_trial, cumulative_logit_of_one_trial, row_log_likelihoods
from reference.ordinal_trials import item_trials, ordinal_trials

ALPHA = 0.05
FIELDS = ("estimate", "low", "high", "p")


def error_of(estimates):
    return (estimates.high - estimates.estimate) / -ndtri(ALPHA / 2)


def design_of(trials, r, *, strata=False):
    seen = trials.analysed[r]
    columns = [trials.treated[r, seen], trials.baseline[r, seen]]
    columns += [trials.stratum[r, seen] == level for level in (1, 2)] if strata else []
    return np.column_stack(columns).astype(float), trials.outcome[r, seen]


@pytest.mark.parametrize(("categories", "patients", "strata"), [(2, 40, False), (5, 60, True), (30, 45, False)])
def test_proportional_odds_agrees_with_a_plain_search_in_every_trial(categories, patients, strata):
    trials = ordinal_trials(4, patients, categories=categories, effect=0.7)
    found = proportional_odds(trials, alpha=ALPHA, strata=strata)
    for r in range(4):
        design, outcome = design_of(trials, r, strata=strata)
        parameters, _ = cumulative_logit_of_one_trial(design, outcome)
        first = len(set(outcome)) - 1
        error = np.sqrt(covariance_of_one_trial(parameters, design, outcome)[first, first])
        assert found.estimate[r] == pytest.approx(parameters[first], abs=2e-4)
        assert error_of(found)[r] == pytest.approx(error, rel=2e-4)


def test_likelihood_ratio_agrees_with_two_plain_searches():
    trials = ordinal_trials(4, 50, effect=0.7)
    found = proportional_odds(trials, alpha=ALPHA, test="likelihood_ratio")
    for r in range(4):
        design, outcome = design_of(trials, r)
        gain = (
            cumulative_logit_of_one_trial(design, outcome)[1] - cumulative_logit_of_one_trial(design[:, 1:], outcome)[1]
        )
        assert found.p[r] == pytest.approx(chdtrc(1, 2 * gain), rel=1e-4)


def test_score_p_agrees_with_numerical_scores_of_the_plain_fit_without_treatment():
    trials = ordinal_trials(4, 50, effect=0.7)
    found = proportional_odds(trials, alpha=ALPHA, test="score")
    for r in range(4):
        design, outcome = design_of(trials, r)
        null, _ = cumulative_logit_of_one_trial(design[:, 1:], outcome)
        cuts = len(set(outcome)) - 1
        at = np.insert(null, cuts, 0.0)
        category, moves = np.unique(outcome, return_inverse=True)[1], 1e-5 * np.eye(len(at))
        slopes = [
            (row_log_likelihoods(at + m, design, category) - row_log_likelihoods(at - m, design, category)) / 2e-5
            for m in moves
        ]
        efficient = covariance_of_one_trial(at, design, outcome)[cuts] @ np.array(slopes)
        n = len(outcome)
        z2 = efficient.sum() ** 2 / ((efficient**2).sum() * n / (n - 2))
        assert found.p[r] == pytest.approx(chdtrc(1, z2), rel=5e-3)


def test_proportional_odds_without_covariate_is_the_grouped_fit_of_the_counts():
    trials = ordinal_trials(5, 60, effect=0.5)
    found = proportional_odds(trials, alpha=ALPHA, covariates="none")
    for r in range(5):
        seen = trials.analysed[r]
        counts = np.array(
            [[((trials.treated[r] == arm) & seen & (trials.outcome[r] == k)).sum() for k in range(5)] for arm in (0, 1)]
        )
        arm, category = np.indices(counts.shape).reshape(2, -1)
        fit = fit_cumulative_logit(arm[:, None], category, counts.ravel())
        assert found.estimate[r] == pytest.approx(fit.coefficients[0], rel=1e-8)
        assert error_of(found)[r] == pytest.approx(fit.standard_errors[-1], rel=1e-5)


def test_reversing_the_categories_reverses_the_estimate():
    trials = ordinal_trials(20, 50, effect=0.5)
    there = proportional_odds(trials, alpha=ALPHA)
    back = proportional_odds(replace(trials, outcome=4 - trials.outcome), alpha=ALPHA)
    np.testing.assert_allclose(there.estimate, -back.estimate, atol=1e-8)
    np.testing.assert_allclose(there.p, back.p, rtol=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.floats(-1000, 1000), st.floats(0.1, 50), st.permutations(range(12)))
def test_shifted_or_scaled_baselines_and_the_order_of_replicates_change_nothing(shift, scale, order):
    trials = ordinal_trials(12, 40, effect=0.5, categories=8)
    names = ("treated", "analysed", "outcome", "baseline", "stratum")
    moved = replace(trials, **{name: getattr(trials, name)[list(order)] for name in names})
    moved = replace(moved, baseline=shift + scale * moved.baseline, outcome=3 * moved.outcome - 7)
    there, here = proportional_odds(trials, alpha=ALPHA), proportional_odds(moved, alpha=ALPHA)
    for name in FIELDS:
        np.testing.assert_allclose(getattr(here, name), getattr(there, name)[list(order)], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("test", ["wald", "likelihood_ratio", "score"])
def test_a_trial_that_cannot_be_analysed_has_no_estimate_and_leaves_the_others_alone(test):
    trials = ordinal_trials(6, 30, effect=0.5)
    expected = proportional_odds(trials, alpha=ALPHA, test=test)
    treated, outcome, analysed = trials.treated.copy(), trials.outcome.copy(), trials.analysed.copy()
    treated[0] = True
    outcome[1] = 2.0
    analysed[2] = False
    outcome[3] = 2.0 * treated[3] + (np.arange(30) % 2)  # every treated patient above every control
    broken = replace(trials, treated=treated, outcome=outcome, analysed=analysed)
    found = proportional_odds(broken, alpha=ALPHA, test=test)
    assert np.isnan(found.estimate[:4]).all()
    assert (found.p[:4] == 1).all()
    for name in FIELDS:
        np.testing.assert_allclose(getattr(found, name)[4:], getattr(expected, name)[4:], rtol=1e-9)


def test_a_stratum_all_in_one_category_does_not_hide_the_effect():
    trials = ordinal_trials(4, 80, effect=0.7, analysed=2)
    outcome = np.where(trials.stratum == 2, 4.0, trials.outcome)
    found = proportional_odds(replace(trials, outcome=outcome), alpha=ALPHA, strata=True)
    without = proportional_odds(replace(trials, analysed=trials.stratum < 2), alpha=ALPHA, strata=True)
    assert np.isfinite(found.estimate).all()
    np.testing.assert_allclose(found.estimate, without.estimate, atol=1e-6)
    np.testing.assert_allclose(found.p, without.p, rtol=1e-4)


def test_a_constant_baseline_is_no_covariate():
    trials = ordinal_trials(5, 40, effect=0.5)
    flat = replace(trials, baseline=np.full_like(trials.baseline, 3.7))
    found, without = proportional_odds(flat, alpha=ALPHA), proportional_odds(trials, alpha=ALPHA, covariates="none")
    np.testing.assert_allclose(found.estimate, without.estimate, rtol=1e-9)


def test_a_giant_trial_returns_the_odds_ratio_it_was_drawn_with():
    trials = ordinal_trials(1, 16_000, categories=51, effect=0.6)
    found = proportional_odds(trials, alpha=ALPHA)
    assert abs(found.estimate[0] - 0.6) < 4 * error_of(found)[0]


def _size_error(p):
    """Return how many Monte Carlo standard errors the share of rejections is from the level."""
    return ((p <= ALPHA).mean() - ALPHA) / np.sqrt(ALPHA * (1 - ALPHA) / len(p))


def test_type_i_error_of_the_models_is_nominal():
    trials = ordinal_trials(4000, 60, seed=3)
    assert abs(_size_error(proportional_odds(trials, alpha=ALPHA).p)) < 4
    assert abs(_size_error(transitional_ordinal(item_trials(1000, 60), alpha=ALPHA).p)) < 4


@pytest.mark.slow
@pytest.mark.parametrize("patients", [20, 60, 200])
def test_type_i_error_of_the_adjusted_score_is_nominal_where_walds_is_not(patients):
    trials = ordinal_trials(10_000, patients, categories=40, prognosis=2.0, seed=4)
    assert abs(_size_error(proportional_odds(trials, alpha=ALPHA, test="score").p)) < 4
    assert -4 < _size_error(proportional_odds(trials, alpha=ALPHA).p) < (25 if patients == 20 else 10)
