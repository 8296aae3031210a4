"""Analyses pooled over imputations: deltas, tipping points, the type I error."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.stats.longitudinal import mmrm
from cordwise.stats.missing import (
    multiple_imputation,
    tipping_point,
)
from cordwise.stats.two_arm.means import ancova
from cordwise.stats.two_arm.trials import Visits
from reference.longitudinal_trials import visited_trials

REFERENCE = ["jump_to_reference", "copy_increments", "copy_reference"]


def _generator(seed=1):
    return np.random.default_rng(seed)


def _imputed(trials, seed=1, **options):
    return multiple_imputation(trials, alpha=0.05, imputations=8, generator=_generator(seed), **options)


def _same(first, second):
    for name in ("estimate", "low", "high", "p"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("method", ["multiple_imputation", *REFERENCE])
def test_without_missing_visits_imputation_is_the_analysis_itself(method):
    trials = visited_trials(5, 40, 3, dropout=0.0)
    _same(_imputed(trials, method=method), ancova(trials, alpha=0.05))


def test_a_delta_of_zero_is_missing_at_random():
    trials = visited_trials(5, 60, 3, seed=4, dropout=0.2)
    _same(_imputed(trials, method="delta", delta=0.0), _imputed(trials))


def test_a_delta_moves_the_estimate_by_the_treated_share_that_was_not_seen():
    trials = visited_trials(20, 80, 3, seed=5, dropout=0.2)
    missing = trials.treated & ~trials.visits.observed[..., -1]
    flat = replace(trials, baseline=np.full_like(trials.baseline, 3.0))
    moved = _imputed(flat, delta=-10.0).estimate - _imputed(flat).estimate
    np.testing.assert_allclose(moved, -10 * missing.sum(axis=1) / trials.treated.sum(axis=1), rtol=1e-9)


def test_imputation_at_random_agrees_with_the_model_of_repeated_measures():
    trials = visited_trials(200, 100, 3, seed=6, effect=8.0, dropout=0.2)
    imputed, model = _imputed(trials), mmrm(trials, alpha=0.05)
    apart = imputed.estimate - model.estimate
    assert abs(apart.mean()) < 4 * apart.std() / np.sqrt(200)
    assert np.corrcoef(imputed.estimate, model.estimate)[0, 1] > 0.98
    assert (imputed.high - imputed.low).mean() == pytest.approx((model.high - model.low).mean(), rel=0.05)


def test_worse_deltas_never_bring_significance_back():
    trials = visited_trials(30, 80, 3, seed=11, effect=14.0, dropout=0.25)
    found = tipping_point(trials, [0.0, -5.0, -10.0, -20.0, -60.0], alpha=0.05, imputations=8, generator=_generator())
    assert (np.diff(found.estimates, axis=0) <= 1e-12).all()
    significant = found.p < 0.05
    tipped = np.isfinite(found.tipping)
    assert tipped.any()
    first = np.argmax(~significant, axis=0)
    np.testing.assert_array_equal(found.tipping[tipped], found.deltas[first[tipped]])
    assert significant[:, ~tipped].all()
    _same(
        _imputed(trials, delta=-10.0),
        replace(_imputed(trials, delta=-10.0), estimate=found.estimates[2], p=found.p[2]),
    )


@pytest.mark.parametrize("method", ["multiple_imputation", "jump_to_reference"])
def test_type_i_error_does_not_exceed_its_level(method):
    rejected = _imputed(visited_trials(2000, 60, 3, seed=12, dropout=0.12), method=method).p < 0.05
    mcse = np.sqrt(0.05 * 0.95 / 2000)
    assert rejected.mean() < 0.05 + 4 * mcse
    assert method != "multiple_imputation" or rejected.mean() > 0.05 - 4 * mcse


def test_a_trial_without_anyone_at_the_end_of_an_arm_is_marked():
    trials = visited_trials(3, 40, 3, seed=13, dropout=0.1)
    observed = trials.visits.observed.copy()
    observed[1] &= ~(trials.treated[1, :, None] & (np.arange(3) == 2))
    analysed = trials.analysed & (np.arange(3) != 2)[:, None]
    found = _imputed(replace(trials, analysed=analysed, visits=Visits(trials.visits.outcome, observed)))
    assert np.isfinite(found.estimate[0])
    assert np.isnan(found.estimate[1:]).all()
    assert (found.p[1:] == 1).all()
