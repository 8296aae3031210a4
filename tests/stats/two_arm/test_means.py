"""Two means, batched, against SciPy and least squares; arms that cannot be analysed."""

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.two_arm.means import ancova, t_test, welch_t
from cordwise.stats.two_arm.proportions import risk_difference_test
from cordwise.stats.two_arm.trials import Trials
from reference.trial_analyses import least_squares_of_one_trial
from reference.trial_batches import batch, one_of


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
