"""Complete cases, and failures for the missing."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.missing import (
    complete_case,
    failures_for_missing,
    multiple_imputation,
)
from cordwise.stats.two_arm.means import ancova
from cordwise.stats.two_arm.trials import Visits
from reference.longitudinal_trials import visited_trials


def _generator(seed=1):
    return np.random.default_rng(seed)


def _imputed(trials, seed=1, **options):
    return multiple_imputation(trials, alpha=0.05, imputations=8, generator=_generator(seed), **options)


def _same(first, second):
    for name in ("estimate", "low", "high", "p"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=1e-9, err_msg=name)


def test_complete_cases_are_the_analysis_of_those_seen_at_the_end():
    trials = visited_trials(5, 40, 3, seed=3, dropout=0.2)
    _same(
        complete_case(trials, alpha=0.05), ancova(replace(trials, analysed=trials.visits.observed[..., -1]), alpha=0.05)
    )


def test_visits_are_asked_for_where_there_are_none():
    with pytest.raises(InputError, match="visits"):
        _imputed(replace(visited_trials(1, 10, 2), visits=None))


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


def test_missing_responses_count_as_failures():
    trials = _binary_trials(2, 50)
    found = failures_for_missing(trials)
    hidden = ~trials.visits.observed[..., -1]
    assert (found.outcome[hidden] == 0).all()
    assert (found.outcome[~hidden] == trials.outcome[~hidden]).all()
