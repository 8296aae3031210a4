"""Categories drawn from controls of the same last category."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.stats.missing import (
    control_based_categories,
)
from cordwise.stats.missing.categories import drawn_categories
from cordwise.stats.two_arm.proportions import risk_difference_test
from cordwise.stats.two_arm.trials import Visits
from reference.longitudinal_trials import visited_trials


def _generator(seed=1):
    return np.random.default_rng(seed)


def _binary_trials(replicates, patients, seed=0):
    """Return trials of a response seen at two visits, a third of the last ones not seen."""
    random = _generator(seed)
    treated = random.random((replicates, patients)) < 0.5
    first = random.random(treated.shape) < 0.4
    last = random.random(treated.shape) < np.where(first, 0.8, 0.2)
    outcome = np.stack([first, last], axis=-1).astype(float)
    observed = np.ones(outcome.shape, bool)
    observed[..., 1] = random.random(treated.shape) < 2 / 3
    trials = visited_trials(replicates, patients, 2, dropout=0.0)
    none = np.zeros(treated.shape)
    return replace(trials, treated=treated, baseline=none, outcome=outcome[..., 1], visits=Visits(outcome, observed))


def test_categories_are_drawn_as_controls_of_the_same_last_category_fared():
    trials = _binary_trials(1, 4000)
    drawn = drawn_categories(trials, 50, _generator())
    seen = trials.visits.observed[0, :, 1]
    np.testing.assert_array_equal(drawn[:, 0, seen], np.broadcast_to(trials.outcome[0, seen], (50, seen.sum())))
    for category in (0, 1):
        same = trials.visits.outcome[0, :, 0] == category
        share = trials.outcome[0, same & seen & ~trials.treated[0]].mean()
        assert drawn[:, 0, same & ~seen].mean() == pytest.approx(share, abs=0.01)


def test_control_based_categories_without_missing_visits_are_the_analysis_itself():
    trials = _binary_trials(4, 60)
    whole = replace(trials, visits=Visits(trials.visits.outcome, np.ones_like(trials.visits.observed)))
    options = {"alpha": 0.05, "imputations": 4, "generator": _generator()}
    found = control_based_categories(whole, risk_difference_test, **options)
    np.testing.assert_allclose(found.estimate, risk_difference_test(whole, alpha=0.05).estimate)
