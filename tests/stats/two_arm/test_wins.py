"""Win statistics against every pair."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.two_arm.ranks import rank_sum
from cordwise.stats.two_arm.wins import count_wins, win_statistics
from reference.trial_batches import batch
from reference.trial_rank_twins import (
    net_benefit_variance,
    wins_of_one_trial,
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
