"""Stratified tables and scores, against a loop over strata."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from cordwise.stats.two_arm.cochran_mantel_haenszel import cmh, linear_by_linear_test
from reference.trial_batches import batch, one_of
from reference.trial_rank_twins import (
    cmh_of_one_trial,
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
