"""What holds for rank tests, win statistics and stratified tables alike."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.stats.two_arm.cochran_mantel_haenszel import cmh, linear_by_linear_test
from cordwise.stats.two_arm.ranks import rank_sum, stratified_rank_sum
from cordwise.stats.two_arm.wins import win_statistics
from reference.trial_batches import batch

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
