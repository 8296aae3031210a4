"""Tests of two proportions, batched, against SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cordwise.stats.two_arm.proportions import chi_square_p, risk_difference_test, z_unpooled_p
from cordwise.stats.two_arm.trials import Trials
from reference.trial_batches import batch

TESTS = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo", "z_unpooled")


@pytest.mark.parametrize("test", TESTS)
def test_swapping_the_arms_turns_a_risk_difference_round(test):
    trials = batch(binary=True)
    swapped = Trials(~trials.treated, trials.analysed, trials.outcome, trials.baseline, trials.stratum)
    here, there = (risk_difference_test(each, alpha=0.05, test=test) for each in (trials, swapped))
    assert here.estimate == pytest.approx(-there.estimate)
    assert here.low == pytest.approx(-there.high)
    assert here.p == pytest.approx(there.p)


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
