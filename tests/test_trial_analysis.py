"""The batched analyses against SciPy, slow twins and numbers from R."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cordwise.trial.analysis import ancova, arm_moments, risk_difference, two_sample_t
from cordwise.trial.analysis.proportions import fisher_exact_p, n_minus_1_chi_square_p
from reference.trial_analyses import (
    ancova_of_one_trial,
    n_minus_1_chi_square_of_one_table,
    newcombe_of_one_table,
)


def _trials(replicates=25, patients=41, seed=3):
    random = np.random.default_rng(seed)
    baseline = random.integers(0, 50, (replicates, patients)).astype(float)
    treated = random.random(baseline.shape) < 0.5
    outcome = 5 - 0.2 * baseline + 2 * treated + random.normal(0, 4, baseline.shape)
    observed = random.random(baseline.shape) < 0.85
    return baseline, outcome, treated, observed


def _each(estimates, replicate):
    return [values[replicate, 0] for values in (estimates.estimate, estimates.low, estimates.high, estimates.p)]


def test_ancova_agrees_with_least_squares_in_every_trial():
    baseline, outcome, treated, observed = _trials()
    found = ancova(arm_moments(baseline, outcome, treated, observed, sizes=[41]), alpha=0.05)
    for r in range(len(baseline)):
        seen = observed[r]
        expected = ancova_of_one_trial(baseline[r, seen], outcome[r, seen], treated[r, seen], 0.05)
        assert _each(found, r) == pytest.approx(expected, rel=1e-9)


def test_t_test_agrees_with_scipy_in_every_trial():
    baseline, outcome, treated, observed = _trials()
    found = two_sample_t(arm_moments(baseline, outcome, treated, observed, sizes=[41]), alpha=0.1)
    for r in range(len(baseline)):
        arms = [outcome[r, observed[r] & (treated[r] == arm)] for arm in (True, False)]
        expected = stats.ttest_ind(*arms)
        interval = expected.confidence_interval(0.9)
        difference = arms[0].mean() - arms[1].mean()
        assert _each(found, r) == pytest.approx([difference, interval.low, interval.high, expected.pvalue], rel=1e-9)


def test_ancova_agrees_with_lm_of_r():
    """Reference number ancova_toy (R lm)."""
    pre = np.array([[10, 12, 15, 18, 20, 22, 9, 11, 14, 17, 21, 23]])
    post = np.array([[14, 15, 20, 22, 27, 26, 18, 19, 25, 27, 33, 34]])
    treated = np.array([[False] * 6 + [True] * 6])
    found = ancova(arm_moments(pre, post, treated, np.ones_like(treated), sizes=[12]), alpha=0.05)
    reach = stats.t.ppf(0.975, 9) * 0.667386
    assert found.estimate[0, 0] == pytest.approx(5.726115, abs=1e-5)
    assert found.high[0, 0] - found.estimate[0, 0] == pytest.approx(reach, abs=1e-5)
    assert found.p[0, 0] == pytest.approx(0.0000126, abs=1e-7)


def test_change_and_final_score_give_the_same_ancova_effect():
    baseline, outcome, treated, observed = _trials()
    final = ancova(arm_moments(baseline, outcome, treated, observed, sizes=[41]), alpha=0.05)
    change = ancova(arm_moments(baseline, outcome - baseline, treated, observed, sizes=[41]), alpha=0.05)
    assert final.estimate == pytest.approx(change.estimate)
    assert final.p == pytest.approx(change.p)


def test_ancova_without_spread_at_baseline_keeps_the_difference_of_means():
    _, outcome, treated, observed = _trials()
    flat = np.full(outcome.shape, 7.0)
    moments = arm_moments(flat, outcome, treated, observed, sizes=[41])
    assert ancova(moments, alpha=0.05).estimate == pytest.approx(two_sample_t(moments, alpha=0.05).estimate)


tables = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_proportion_tests_agree_with_scipy_and_the_plain_twin(table):
    control_ones, control, treated_ones, treated = table
    ones, count = np.array([[control_ones, treated_ones]], float), np.array([[control, treated]], float)
    counts = [[treated_ones, treated - treated_ones], [control_ones, control - control_ones]]
    assert fisher_exact_p(ones, count)[0] == pytest.approx(stats.fisher_exact(counts).pvalue, rel=1e-6)
    assert n_minus_1_chi_square_p(ones, count)[0] == pytest.approx(n_minus_1_chi_square_of_one_table(*table), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_newcombe_interval_agrees_with_the_roots_of_the_score_equations(table):
    control_ones, control, treated_ones, treated = table
    is_treated = np.arange(control + treated)[None] >= control
    outcome = np.concatenate([np.arange(control) < control_ones, np.arange(treated) < treated_ones])[None].astype(float)
    moments = arm_moments(outcome * 0, outcome, is_treated, np.ones_like(is_treated), sizes=[control + treated])
    found = risk_difference(moments, alpha=0.05)
    expected = newcombe_of_one_table(*table, 0.05)
    assert (found.low[0, 0], found.high[0, 0]) == pytest.approx(expected, abs=1e-7)
    assert found.low[0, 0] + 1e-12 >= -1
    assert found.low[0, 0] <= found.estimate[0, 0] <= found.high[0, 0] <= 1 + 1e-12


@pytest.mark.parametrize(
    ("table", "p"),  # reference numbers fisher_tea, fisher_sci_12of13_vs_5of13, fisher_9_1_4_6, fisher_15_35_7_43
    [
        ([[3, 1], [1, 3]], 0.48571429),
        ([[12, 5], [1, 8]], 0.01116705),
        ([[9, 4], [1, 6]], 0.05727554),
        ([[15, 7], [35, 43]], 0.0896726),
    ],
)
def test_fisher_agrees_with_r(table, p):
    ones, others = np.array(table, float)
    assert fisher_exact_p(ones[None], (ones + others)[None])[0] == pytest.approx(p, abs=1e-6)


def test_an_arm_without_observations_is_no_rejection_and_no_estimate():
    baseline, outcome, treated, observed = _trials(replicates=2)
    moments = arm_moments(baseline, (outcome > 0).astype(float), treated, observed & treated, sizes=[41])
    for found in (ancova(moments, alpha=0.05), two_sample_t(moments, alpha=0.05), risk_difference(moments, alpha=0.05)):
        assert np.isnan(found.estimate).all()
        assert (found.p == 1).all()


def test_the_sums_of_the_first_patients_are_those_of_a_smaller_trial():
    baseline, outcome, treated, observed = _trials()
    nested = arm_moments(baseline, outcome, treated, observed, sizes=[10, 23, 41])
    alone = arm_moments(baseline[:, :23], outcome[:, :23], treated[:, :23], observed[:, :23], sizes=[23])
    assert nested[:, 1].xy == pytest.approx(alone[:, 0].xy)
    assert nested[:, 1].count == pytest.approx(alone[:, 0].count)


def test_swapping_the_arms_turns_the_estimate_round():
    baseline, outcome, treated, observed = _trials()
    here = ancova(arm_moments(baseline, outcome, treated, observed, sizes=[41]), alpha=0.05)
    there = ancova(arm_moments(baseline, outcome, ~treated, observed, sizes=[41]), alpha=0.05)
    assert here.estimate == pytest.approx(-there.estimate)
    assert here.low == pytest.approx(-there.high)
