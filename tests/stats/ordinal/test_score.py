"""Whitehead's score test: slow twins, invariances, type I error, power."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import mannwhitneyu

from cordwise.stats.ordinal import (
    score_test,
    score_test_at_sizes,
    sliding_ordinal,
)
from cordwise.stats.sample_size.ordinal import mean_categories, shifted_categories, whitehead_total_n
from reference.ordinal_plain import score_of_one_trial
from reference.ordinal_trials import ordinal_trials

ALPHA = 0.05
SEVERE = np.array([0.45, 0.15, 0.2, 0.18, 0.02])  # categories of an outcome whose lowest is the commonest


def z_of(estimates):
    return -np.sign(estimates.estimate) * ndtri(estimates.p / 2)


def test_score_and_information_agree_with_pairwise_comparison():
    trials = ordinal_trials(8, 31, effect=0.8)
    found = score_test(trials, alpha=ALPHA)
    for r in range(8):
        seen = trials.analysed[r]
        score, information = score_of_one_trial(trials.outcome[r, seen], trials.treated[r, seen])
        assert found.estimate[r] == pytest.approx(score / information, rel=1e-12)
        assert z_of(found)[r] == pytest.approx(score / np.sqrt(information), rel=1e-9)


def test_stratified_score_is_the_sum_over_strata():
    trials = ordinal_trials(6, 40, effect=0.8)
    found = score_test(trials, alpha=ALPHA, strata=True)
    for r in range(6):
        groups = [trials.analysed[r] & (trials.stratum[r] == level) for level in range(3)]
        parts = [score_of_one_trial(trials.outcome[r, group], trials.treated[r, group]) for group in groups]
        score, information = np.sum(parts, axis=0)
        assert found.estimate[r] == pytest.approx(score / information, rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(12, 60), st.integers(2, 8))
def test_permutation_variance_makes_it_the_tie_corrected_wilcoxon_test(seed, patients, categories):
    trials = ordinal_trials(1, patients, categories=categories, seed=seed)
    seen = trials.analysed[0]
    outcome, treated = trials.outcome[0, seen], trials.treated[0, seen]
    found = score_test(trials, alpha=ALPHA, variance="permutation").p[0]
    if len(set(outcome)) < 2:
        assert found == 1
        return
    wilcoxon = mannwhitneyu(outcome[treated], outcome[~treated], use_continuity=False, method="asymptotic")
    assert found == pytest.approx(wilcoxon.pvalue, rel=1e-9)


def test_all_looks_at_once_equal_look_by_look():
    trials = ordinal_trials(50, 60, effect=0.5)
    together = score_test_at_sizes(trials, alpha=ALPHA, sizes=[20, 45, 60], strata=True)
    for look, size in enumerate([20, 45, 60]):
        alone = score_test(trials.of_first(size), alpha=ALPHA, strata=True)
        np.testing.assert_array_equal(together.p[:, look], alone.p)
        np.testing.assert_array_equal(together.low[:, look], alone.low)


@pytest.mark.parametrize("analysis", [score_test, sliding_ordinal])
def test_reversing_the_categories_reverses_the_sign(analysis):
    trials = ordinal_trials(30, 40, effect=0.5)
    reversed_ = replace(trials, outcome=4 - trials.outcome)
    there, back = analysis(trials, alpha=ALPHA), analysis(reversed_, alpha=ALPHA)
    np.testing.assert_allclose(score_test(reversed_, alpha=ALPHA).p, score_test(trials, alpha=ALPHA).p, rtol=1e-12)
    if analysis is score_test:
        np.testing.assert_allclose(there.estimate, -back.estimate, rtol=1e-12)
    else:  # ties between two equally even cut points may fall the other way
        assert np.corrcoef(there.estimate, -back.estimate)[0, 1] > 0.9


def test_a_monotone_rescaling_of_the_outcome_changes_nothing():
    trials = ordinal_trials(30, 40, effect=0.5)
    stretched = replace(trials, outcome=np.exp(trials.outcome), baseline=trials.baseline + 17.0)
    for analysis in (score_test, sliding_ordinal):
        np.testing.assert_array_equal(analysis(trials, alpha=ALPHA).p, analysis(stretched, alpha=ALPHA).p)


def test_a_trial_without_information_has_no_estimate_and_p_of_one():
    trials = ordinal_trials(3, 20)
    one_arm = replace(trials, treated=np.ones_like(trials.treated))
    flat = replace(trials, outcome=np.zeros_like(trials.outcome))
    nobody = replace(trials, analysed=np.zeros_like(trials.analysed))
    for broken in (one_arm, flat, nobody):
        for analysis in (score_test, sliding_ordinal):
            found = analysis(broken, alpha=ALPHA)
            assert np.isnan(found.estimate).all()
            assert (found.p == 1).all()


def _null(replicates, patients, seed):
    trials = ordinal_trials(replicates, patients, seed=seed, analysed=2)
    outcome = np.random.default_rng([seed, 1]).choice(5, p=SEVERE, size=trials.outcome.shape)
    return replace(trials, outcome=outcome.astype(float))


def _within_four_mcse(estimates):
    mcse = np.sqrt(ALPHA * (1 - ALPHA) / len(estimates.p))
    return abs((estimates.p <= ALPHA).mean() - ALPHA) < 4 * mcse


@pytest.mark.parametrize("strata", [False, True])
def test_type_i_error_of_the_score_test_is_nominal(strata):
    assert _within_four_mcse(score_test(_null(4000, 60, 5), alpha=ALPHA, strata=strata, variance="permutation"))


@pytest.mark.slow
@pytest.mark.parametrize("patients", [20, 60, 200])
@pytest.mark.parametrize("strata", [False, True])
def test_type_i_error_of_the_score_test_is_nominal_in_a_hundred_thousand_trials(patients, strata):
    trials = _null(100_000, patients, patients)
    assert _within_four_mcse(score_test(trials, alpha=ALPHA, strata=strata, variance="permutation"))
    information = (score_test(trials, alpha=ALPHA, strata=strata).p <= ALPHA).mean()
    assert ALPHA - 0.003 < information < (0.075 if strata else 0.06)  # above nominal at 20 patients, as documented


def test_the_score_test_has_the_power_that_its_sample_size_formula_promises():
    ratio, power, random = 2.2, 0.8, np.random.default_rng(9)
    needed = whitehead_total_n(mean_categories(SEVERE, ratio), ratio, power=power, alpha=ALPHA)
    trials = ordinal_trials(4000, round(needed), seed=9, analysed=2)
    shares = (SEVERE, shifted_categories(SEVERE, ratio))
    control, treated = (random.choice(5, p=share, size=trials.outcome.shape) for share in shares)
    outcome = np.where(trials.treated, treated, control).astype(float)
    found = (score_test(replace(trials, outcome=outcome), alpha=ALPHA).p <= ALPHA).mean()
    assert found == pytest.approx(
        power, abs=4 * np.sqrt(power * (1 - power) / 4000) + 0.01
    )  # the formula is asymptotic
