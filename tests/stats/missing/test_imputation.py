"""Draws of missing visits: at random, from a reference arm, and into gaps."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.stats.missing import (
    impute,
    multiple_imputation,
)
from cordwise.stats.two_arm.trials import Visits
from reference.longitudinal_trials import visited_trials

REFERENCE = ["jump_to_reference", "copy_increments", "copy_reference"]


def _generator(seed=1):
    return np.random.default_rng(seed)


def _imputed(trials, seed=1, **options):
    return multiple_imputation(trials, alpha=0.05, imputations=8, generator=_generator(seed), **options)


def test_copied_increments_are_random_missingness_where_the_effect_does_not_grow():
    trials = visited_trials(200, 100, 3, seed=14, effect=12.0, dropout=0.3)
    apart = _imputed(trials, method="copy_increments").estimate - _imputed(trials).estimate
    assert abs(apart.mean()) < 4 * apart.std() / np.sqrt(200)


@pytest.mark.parametrize("method", REFERENCE)
def test_reference_based_imputation_draws_the_difference_towards_zero(method):
    trials = visited_trials(150, 100, 3, seed=7, effect=np.array([2.0, 6.0, 12.0]), dropout=0.3)
    shrunk, at_random = _imputed(trials, method=method).estimate, _imputed(trials).estimate
    assert 0 < shrunk.mean() < at_random.mean()


def test_jump_to_reference_gives_the_missing_no_effect():
    """The expected difference is the effect times the share of treated patients seen at the end."""
    trials = visited_trials(300, 100, 3, seed=8, effect=12.0, dropout=0.3)
    seen = (trials.visits.observed[..., -1] & trials.treated).sum(axis=1) / trials.treated.sum(axis=1)
    apart = _imputed(trials, method="jump_to_reference").estimate - 12 * seen
    assert abs(apart.mean()) < 4 * apart.std() / np.sqrt(300)


def test_values_that_were_seen_are_kept_and_drawn_values_stay_on_the_scale():
    trials = visited_trials(4, 60, 4, seed=9, dropout=0.15, gaps=0.1)
    drawn = impute(trials, imputations=5, generator=_generator()).shifted(-30.0, (0.0, 50.0))
    for draw in range(5):
        done = drawn.completed(draw)
        seen = trials.visits.observed
        assert (done.visits.outcome[seen] == trials.visits.outcome[seen]).all()
        assert done.visits.observed.all()
        assert ((done.visits.outcome[~seen] >= 0) & (done.visits.outcome[~seen] <= 50)).all()
        assert (done.outcome == done.visits.outcome[..., -1]).all()


def test_gaps_are_drawn_from_their_distribution_given_the_visits_around_them():
    """Mean and variance of a middle visit's error, from the covariance of the simulated visits."""
    whole = visited_trials(1, 6000, 3, seed=10, dropout=0.0)
    observed = np.ones_like(whole.visits.observed)
    observed[0, ::3, 1] = False
    drawn = impute(replace(whole, visits=Visits(whole.visits.outcome, observed)), imputations=4, generator=_generator())
    error = drawn.values[..., 1] - whole.visits.outcome[0, ::3, 1]
    covariance = 64 + 36 * np.eye(3)
    left = 100 - covariance[1, [0, 2]] @ np.linalg.inv(covariance[np.ix_([0, 2], [0, 2])]) @ covariance[[0, 2], 1]
    assert abs(error.mean()) < 4 * np.sqrt(2 * left / 2000)
    assert error.var() == pytest.approx(2 * left, rel=0.08)
