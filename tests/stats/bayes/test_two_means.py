"""Two means with and without historical controls: the t test, the grid, the size."""

import numpy as np
import pytest

from cordwise.stats.bayes import (
    NormalMixture,
    normal,
    normal_posterior,
)
from cordwise.stats.two_arm.trials import Trials
from reference import bayes_plain

FLAT_HISTORY = 1e7  # a prior of so wide a spread borrows nothing


def trials(treated, outcome, analysed=None):
    treated, outcome = np.atleast_2d(treated), np.atleast_2d(outcome)
    analysed = np.ones(treated.shape, bool) if analysed is None else np.atleast_2d(analysed)
    empty = np.zeros(treated.shape)
    return Trials(treated, analysed, outcome.astype(float), empty, empty.astype(int))


def normal_trials(replicates, patients, effect=0.0, seed=1):
    treated = np.tile(np.arange(patients) % 2 == 1, (replicates, 1))
    return trials(treated, np.random.default_rng(seed).normal(size=treated.shape) * 10 + effect * treated)


def test_two_means_without_history_are_the_t_test():
    from scipy.stats import ttest_ind

    batch = normal_trials(20, 14, effect=6)
    found = normal_posterior(batch, alpha=0.05)
    for row in range(20):
        values, treated = batch.outcome[row], batch.treated[row]
        assert found.p[row] == pytest.approx(ttest_ind(values[treated], values[~treated]).pvalue)


def test_a_history_that_says_nothing_leaves_the_t_test():
    batch = normal_trials(20, 12, effect=6)
    plain = normal_posterior(batch, alpha=0.05)
    vague = normal_posterior(batch, alpha=0.05, control_prior=normal(3, FLAT_HISTORY))
    np.testing.assert_allclose(vague.p, plain.p, atol=1e-8)
    np.testing.assert_allclose(vague.low, plain.low, atol=1e-5)


def test_two_means_with_history_are_the_posterior_on_a_grid():
    batch = normal_trials(1, 16, effect=8)
    values, treated = batch.outcome[0], batch.treated[0]
    history = (-4.0, 3.0)
    found = normal_posterior(batch, alpha=0.05, control_prior=normal(*history))
    for limit, share in ((0.0, None), (found.low[0], 0.025), (found.high[0], 0.975)):
        below = bayes_plain.normal_difference_below(values[~treated], values[treated], history, limit)
        expected = found.p[0] / 2 if share is None else share
        assert min(below, 1 - below) == pytest.approx(min(expected, 1 - expected), abs=2e-4)


def test_the_prior_of_two_histories_lies_between_theirs():
    batch = normal_trials(5, 20)
    low, high = (normal_posterior(batch, alpha=0.05, control_prior=normal(mean, 2)).estimate for mean in (3, -3))
    both = normal_posterior(batch, alpha=0.05, control_prior=NormalMixture((0.5, 0.5), (3, -3), (2, 2))).estimate
    assert np.all((low < both) & (both < high))


@pytest.mark.slow
def test_without_borrowing_a_true_null_is_rejected_as_often_as_it_should_be():
    replicates = 20_000
    means = normal_posterior(normal_trials(replicates, 20), alpha=0.05)
    rejected = (means.p < 0.05).mean()
    assert abs(rejected - 0.05) < 4 * np.sqrt(0.05 * 0.95 / replicates)
