"""Rank tests, batched and exact, against SciPy and slow twins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cordwise.stats.two_arm.pairwise_counts import pairwise_counts_by_order
from cordwise.stats.two_arm.ranks import exact_rank_sum, rank_sum, rank_sums, stratified_rank_sum
from reference.trial_batches import batch, one_of
from reference.trial_rank_twins import (
    exact_rank_sum_of_one_trial,
    stratified_rank_sum_of_one_trial,
)


def _graded(**options):
    """Return a batch whose outcome is a whole number from 0 to 1, or of few levels, with a composite of two."""
    trials = batch(**options)
    random = np.random.default_rng(8)
    components = np.stack(
        [random.integers(0, 3, trials.treated.shape), random.integers(0, 9, trials.treated.shape)], -1
    )
    outcome = trials.outcome if options.get("binary") else np.round(trials.outcome / 4)
    return replace(trials, outcome=outcome, components=components)


def test_rank_sum_agrees_with_scipy_in_every_trial():
    trials = _graded()
    found = rank_sum(trials, alpha=0.05)
    for r in range(len(trials.treated)):
        _, outcome, treated, _ = one_of(trials, r)
        arms = outcome[treated], outcome[~treated]
        expected = stats.mannwhitneyu(*arms, use_continuity=False, method="asymptotic")
        assert found.p[r] == pytest.approx(expected.pvalue, rel=1e-9)
        assert found.estimate[r] == pytest.approx(2 * expected.statistic / (len(arms[0]) * len(arms[1])) - 1)


def test_the_interval_of_the_rank_sum_has_the_variance_of_brunner_and_munzel():
    trials = _graded()
    found = rank_sum(trials, alpha=0.05)
    for r in range(len(trials.treated)):
        _, outcome, treated, _ = one_of(trials, r)
        net = found.estimate[r]
        error = net / stats.brunnermunzel(outcome[~treated], outcome[treated]).statistic
        reach = stats.norm.ppf(0.975) * error / (1 - net**2)
        assert np.arctanh([found.low[r], found.high[r]]) == pytest.approx(np.arctanh(net) + reach * np.array([-1, 1]))


def test_complete_separation_has_an_interval_within_the_scale():
    trials = batch(replicates=2)
    apart = replace(trials, outcome=trials.outcome + 1000 * trials.treated)
    for found in (rank_sum(apart, alpha=0.05), stratified_rank_sum(apart, alpha=0.05)):
        assert found.estimate == pytest.approx(1)
        assert (found.low < 1).all()
        assert found.high == pytest.approx(1)


@pytest.mark.parametrize(("weights", "weight"), [("van_elteren", lambda n: 1 / (n + 1)), ("rank_sum", lambda n: 1)])
def test_stratified_rank_sums_agree_with_ranks_within_strata(weights, weight):
    trials = _graded(levels=4)
    sums = rank_sums(pairwise_counts_by_order(trials, [trials.outcome], strata=True), weights=weights)
    found = stratified_rank_sum(trials, alpha=0.05, weights=weights)
    for r in range(len(trials.treated)):
        _, outcome, treated, stratum = one_of(trials, r)
        statistic, expected, variance = stratified_rank_sum_of_one_trial(outcome, treated, stratum, weight)
        assert sums.statistic[r] - sums.expected[r] == pytest.approx(statistic - expected)
        assert sums.variance[r] == pytest.approx(variance)
        assert found.p[r] == pytest.approx(2 * stats.norm.sf(abs(statistic - expected) / variance**0.5))
        assert np.sign(found.estimate[r]) == np.sign(round(statistic - expected, 9))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_the_exact_rank_sum_agrees_with_all_allocations(first, second):
    found = exact_rank_sum(np.array(first), np.array(second))
    assert found.p == pytest.approx(exact_rank_sum_of_one_trial(first, second))


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_the_exact_rank_sum_without_ties_agrees_with_scipy(alternative):
    first, second = np.random.default_rng(5).permutation(23)[:9], np.random.default_rng(6).permutation(40)[23:35] + 0.5
    expected = stats.mannwhitneyu(first, second, alternative=alternative, method="exact")
    found = exact_rank_sum(first, second, alternative=alternative)
    assert (found.pairs_won, found.p) == pytest.approx((expected.statistic, expected.pvalue))
