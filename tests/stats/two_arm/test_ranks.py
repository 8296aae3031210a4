"""Rank tests, win statistics and stratified tables, batched, against slow twins and SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cordwise.stats.two_arm.cochran_mantel_haenszel import cmh, linear_by_linear_test
from cordwise.stats.two_arm.contingency import exact_common_odds_ratio, linear_by_linear, mcnemar
from cordwise.stats.two_arm.freeman_halton import fisher_freeman_halton_p
from cordwise.stats.two_arm.pairwise_counts import pairwise_counts_by_order
from cordwise.stats.two_arm.ranks import exact_rank_sum, rank_sum, rank_sums, stratified_rank_sum
from cordwise.stats.two_arm.wins import count_wins, win_statistics
from reference.trial_batches import batch, one_of
from reference.trial_rank_twins import (
    cmh_of_one_trial,
    exact_rank_sum_of_one_trial,
    freeman_halton_of_one_table,
    net_benefit_variance,
    stratified_rank_sum_of_one_trial,
    wins_of_one_trial,
)

BATCHED = {
    "rank_sum": rank_sum,
    "van_elteren": stratified_rank_sum,
    "cmh": cmh,
    "linear_by_linear": linear_by_linear_test,
    "win_odds": lambda trials, alpha: win_statistics(trials, alpha=alpha, measure="win_odds"),
    "win_ratio": lambda trials, alpha: win_statistics(trials, alpha=alpha, measure="win_ratio"),
    "net_benefit": lambda trials, alpha: win_statistics(trials, alpha=alpha, thresholds=[1.0, 2.0]),
}


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


@pytest.mark.parametrize("thresholds", [None, (1.0, 3.0), (2.0, 1.0)])
def test_wins_agree_with_every_pair(thresholds):
    trials = _graded(replicates=4, patients=23)
    wins = count_wins(trials, thresholds=thresholds)
    net = win_statistics(trials, alpha=0.05, thresholds=thresholds)
    for r in range(4):
        seen = trials.analysed[r]
        own = trials.components[r, seen], trials.treated[r, seen], thresholds or (0.0, 0.0)
        won, lost, pairs, score = wins_of_one_trial(*own)
        assert (wins.wins[r], wins.losses[r], wins.pairs[r]) == (won, lost, pairs)
        number, size = own[1].sum(), len(score)
        assert wins.score_variance[r] == pytest.approx(pairs * np.sum(np.square(score)) / (size * (size - 1)))
        benefit = (won - lost) / (number * (size - number))
        assert net.estimate[r] == pytest.approx(benefit)
        reach = stats.norm.ppf(0.975) * net_benefit_variance(*own) ** 0.5 / (1 - benefit**2)
        assert np.arctanh(net.high[r]) == pytest.approx(np.arctanh(benefit) + reach)


def test_win_odds_of_one_component_is_the_rank_sum():
    trials = _graded()
    single = replace(trials, components=trials.outcome[..., None])
    ranks, wins = rank_sum(trials, alpha=0.05), win_statistics(single, alpha=0.05, measure="win_odds")
    assert wins.p == pytest.approx(ranks.p)
    assert np.tanh(wins.estimate / 2) == pytest.approx(ranks.estimate)


def test_comparing_in_chunks_changes_nothing(monkeypatch):
    trials = _graded(replicates=3, patients=23)
    whole = count_wins(trials, thresholds=(1.0, 3.0))
    monkeypatch.setattr("cordwise.stats.two_arm.pairwise_counts._PAIRS_AT_ONCE", 60)
    assert (count_wins(trials, thresholds=(1.0, 3.0)).score_variance == whole.score_variance).all()


def test_cmh_agrees_with_a_loop_over_strata():
    trials = _graded(binary=True)
    found = cmh(trials, alpha=0.05)
    for r in range(len(trials.treated)):
        _, outcome, treated, stratum = one_of(trials, r)
        estimate, p = cmh_of_one_trial(outcome, treated, stratum)
        assert (found.estimate[r], found.p[r]) == pytest.approx((estimate, p))


def test_satos_variance_of_one_stratum_is_that_of_two_binomials():
    trials = _graded(binary=True, levels=1)
    found = cmh(trials, alpha=0.05)
    for r in range(len(trials.treated)):
        _, outcome, treated, _ = one_of(trials, r)
        variance = sum(outcome[arm].var() / arm.sum() for arm in (treated, ~treated))
        assert found.high[r] - found.estimate[r] == pytest.approx(stats.norm.ppf(0.975) * variance**0.5)


def test_the_score_test_of_a_binary_outcome_is_the_cmh_test():
    trials = _graded(binary=True)
    scores, tables = linear_by_linear_test(trials, alpha=0.05, strata=True), cmh(trials, alpha=0.05)
    assert scores.p == pytest.approx(tables.p)
    assert scores.estimate == pytest.approx(tables.estimate)


def test_the_linear_by_linear_statistic_is_a_correlation():
    table = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12]])
    rows, columns = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
    expected = np.corrcoef(rows, columns)[0, 1] * (table.sum() - 1) ** 0.5
    assert linear_by_linear(table).z == pytest.approx(expected)


@pytest.mark.parametrize("table", [[[2, 0, 3], [1, 4, 0]], [[1, 2, 0], [0, 3, 2], [2, 0, 1]], [[0, 2], [3, 1], [1, 1]]])
def test_freeman_halton_agrees_with_every_table(table):
    assert fisher_freeman_halton_p(table) == pytest.approx(freeman_halton_of_one_table(table))


def test_freeman_halton_of_two_by_two_is_fishers_test():
    table = [[7, 3], [2, 9]]
    assert fisher_freeman_halton_p(table) == pytest.approx(stats.fisher_exact(table).pvalue)
    assert exact_common_odds_ratio(table).p == pytest.approx(stats.fisher_exact(table).pvalue)


@pytest.mark.parametrize("table", [[[7, 3], [2, 9]], [[12, 5], [1, 8]], [[5, 0], [2, 6]], [[0, 4], [3, 3]]])
def test_the_conditional_odds_ratio_agrees_with_scipy(table):
    expected = stats.contingency.odds_ratio(table)
    interval = expected.confidence_interval(0.95)
    found = exact_common_odds_ratio(table)
    assert (found.odds_ratio, found.low, found.high) == pytest.approx((expected.statistic, *interval), rel=1e-5)


def test_mcnemar_exact_is_the_sign_test():
    assert mcnemar([[5, 9], [2, 7]]).exact_p == pytest.approx(stats.binomtest(2, 11).pvalue)
    assert mcnemar([[5, 0], [0, 7]]).p == 1


@pytest.mark.parametrize("name", BATCHED)
def test_swapping_the_arms_turns_every_estimate_round(name):
    trials = _graded(binary=name == "cmh")
    here = BATCHED[name](trials, alpha=0.05)
    there = BATCHED[name](replace(trials, treated=~trials.treated), alpha=0.05)
    assert here.estimate == pytest.approx(-there.estimate)
    assert here.low == pytest.approx(-there.high)
    assert here.p == pytest.approx(there.p)


@pytest.mark.parametrize("name", BATCHED)
def test_an_arm_without_patients_is_no_estimate_and_no_rejection(name):
    trials = _graded(binary=name == "cmh", replicates=3)
    analysed = trials.analysed & trials.treated
    analysed[1] = False
    found = BATCHED[name](replace(trials, analysed=analysed), alpha=0.05)
    assert np.isnan(found.estimate).all()
    assert (found.p == 1).all()


@pytest.mark.parametrize("name", BATCHED)
def test_values_of_patients_not_analysed_do_not_matter(name):
    trials = _graded(binary=name == "cmh")
    other = replace(
        trials,
        outcome=np.where(trials.analysed, trials.outcome, 99.0),
        stratum=np.where(trials.analysed, trials.stratum, 40),
        components=np.where(trials.analysed[..., None], trials.components, 77),
    )
    assert BATCHED[name](other, alpha=0.05).p == pytest.approx(BATCHED[name](trials, alpha=0.05).p)
