"""Proportions and means of two arms, batched, against SciPy, least squares and slow twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cordwise.stats.two_arm.exact_proportions import boschloo_p_table, fisher_p_table
from cordwise.stats.two_arm.means import ancova, t_test, welch_t
from cordwise.stats.two_arm.proportions import chi_square_p, risk_difference_test, z_unpooled_p
from cordwise.stats.two_arm.trials import Trials
from reference.trial_analyses import boschloo_of_one_table, least_squares_of_one_trial
from reference.trial_batches import batch, one_of

TESTS = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo", "z_unpooled")


def _found(estimates, replicate):
    return [values[replicate] for values in (estimates.estimate, estimates.low, estimates.high, estimates.p)]


@pytest.mark.parametrize("strata", [False, True])
def test_ancova_agrees_with_least_squares_in_every_trial(strata):
    trials = batch()
    found = ancova(trials, alpha=0.05, strata=strata)
    for r in range(len(trials.treated)):
        baseline, outcome, treated, stratum = one_of(trials, r)
        blocks = stratum if strata else np.zeros_like(stratum)
        expected = least_squares_of_one_trial(outcome, treated, [baseline], blocks, 0.05)
        assert _found(found, r) == pytest.approx(expected, rel=1e-8)


def test_t_and_welch_agree_with_scipy_in_every_trial():
    trials = batch()
    for analysis, equal in ((t_test, True), (welch_t, False)):
        found = analysis(trials, alpha=0.1)
        for r in range(len(trials.treated)):
            _, outcome, treated, _ = one_of(trials, r)
            expected = stats.ttest_ind(outcome[treated], outcome[~treated], equal_var=equal)
            interval = expected.confidence_interval(0.9)
            difference = outcome[treated].mean() - outcome[~treated].mean()
            assert _found(found, r) == pytest.approx([difference, *interval, expected.pvalue], rel=1e-9)


def test_ancova_without_spread_at_baseline_is_the_t_test():
    trials = batch(baseline=7.0)
    assert ancova(trials, alpha=0.05).p == pytest.approx(t_test(trials, alpha=0.05).p)


def test_change_and_final_score_give_the_same_ancova_effect():
    trials = batch()
    change = batch(change=True)
    assert (change.outcome != trials.outcome).any()
    for strata in (False, True):
        final, gained = (ancova(each, alpha=0.05, strata=strata) for each in (trials, change))
        assert final.estimate == pytest.approx(gained.estimate)
        assert final.p == pytest.approx(gained.p)


@pytest.mark.parametrize("analysis", [t_test, welch_t, ancova, risk_difference_test])
def test_an_arm_without_patients_is_no_estimate_and_no_rejection(analysis):
    trials = batch(replicates=3)
    alone = Trials(
        trials.treated,
        trials.analysed & trials.treated,
        (trials.outcome > 0.0).astype(float),
        trials.baseline,
        trials.stratum,
    )
    found = analysis(alone, alpha=0.05)
    assert np.isnan(found.estimate).all()
    assert (found.p == 1).all()


@pytest.mark.parametrize("analysis", [t_test, welch_t, ancova])
def test_an_outcome_without_spread_is_no_rejection(analysis):
    trials = batch(replicates=3)
    flat = Trials(trials.treated, trials.analysed, np.full_like(trials.outcome, 3.3), trials.baseline, trials.stratum)
    assert (analysis(flat, alpha=0.05).p == 1).all()


@pytest.mark.parametrize("test", TESTS)
def test_swapping_the_arms_turns_a_risk_difference_round(test):
    trials = batch(binary=True)
    swapped = Trials(~trials.treated, trials.analysed, trials.outcome, trials.baseline, trials.stratum)
    here, there = (risk_difference_test(each, alpha=0.05, test=test) for each in (trials, swapped))
    assert here.estimate == pytest.approx(-there.estimate)
    assert here.low == pytest.approx(-there.high)
    assert here.p == pytest.approx(there.p)


def test_the_fisher_table_agrees_with_scipy():
    table = fisher_p_table(7, 11)
    for control in range(8):
        for treated in range(12):
            expected = stats.fisher_exact([[control, 7 - control], [treated, 11 - treated]]).pvalue
            assert table[control, treated] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sizes", [(4, 4), (6, 9)])
def test_boschloo_agrees_with_the_plain_maximum_and_never_exceeds_fisher(sizes):
    table = boschloo_p_table(*sizes)
    assert (table <= fisher_p_table(*sizes) + 1e-12).all()
    for control, treated in ((0, 3), (1, 4), (3, 3), (4, 1)):
        expected = boschloo_of_one_table(control, sizes[0], treated, sizes[1])
        assert table[control, treated] == pytest.approx(expected, rel=1e-3)


def test_boschloo_of_equal_arms_is_not_above_scipys_doubled_one_sided_test():
    table = boschloo_p_table(8, 8)
    for control, treated in ((1, 5), (2, 7), (0, 4)):
        counts = [[treated, control], [8 - treated, 8 - control]]
        assert table[control, treated] <= stats.boschloo_exact(counts, n=64).pvalue * (1 + 1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_asymptotic_tests_agree_with_scipy(control, treated, data):
    ones = np.array([data.draw(st.integers(0, control)), data.draw(st.integers(0, treated))], float)
    count = np.array([control, treated], float)
    if 0 < ones.sum() < count.sum():
        expected = stats.chi2_contingency(np.stack([ones, count - ones]), correction=False).pvalue
        assert chi_square_p(ones[None], count[None])[0] == pytest.approx(expected, rel=1e-9)
    share = ones / count
    variance = (share * (1 - share) / count).sum()
    if variance > 0:
        z = (share[1] - share[0]) / variance**0.5
        assert z_unpooled_p(ones[None], count[None])[0] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)
