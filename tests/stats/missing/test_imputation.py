"""Rules for missing visits: Rubin's rules, multiple and reference-based imputation, deltas and tipping points."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.stats.longitudinal import mmrm
from cordwise.stats.missing import (
    complete_case,
    control_based_categories,
    failures_for_missing,
    impute,
    multiple_imputation,
    pool_estimates,
    tipping_point,
)
from cordwise.stats.missing.categories import drawn_categories
from cordwise.stats.two_arm.means import ancova
from cordwise.stats.two_arm.proportions import risk_difference_test
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


def test_pooling_adds_the_variance_between_imputations():
    estimates, variances = np.array([[1.0], [2.0], [4.0]]), np.array([[0.5], [0.7], [0.9]])
    pooled = pool_estimates(estimates, variances, 50.0)
    between = estimates.var(ddof=1)
    assert pooled.estimate == pytest.approx(estimates.mean())
    assert pooled.variance == pytest.approx(0.7 + 4 / 3 * between)
    share = 4 / 3 * between / (0.7 + 4 / 3 * between)
    assert pooled.df == pytest.approx(1 / (share**2 / 2 + 53 / (51 * 50 * (1 - share))))


@pytest.mark.parametrize("method", ["multiple_imputation", *REFERENCE])
def test_without_missing_visits_imputation_is_the_analysis_itself(method):
    trials = visited_trials(5, 40, 3, dropout=0.0)
    _same(_imputed(trials, method=method), ancova(trials, alpha=0.05))


def test_complete_cases_are_the_analysis_of_those_seen_at_the_end():
    trials = visited_trials(5, 40, 3, seed=3, dropout=0.2)
    _same(
        complete_case(trials, alpha=0.05), ancova(replace(trials, analysed=trials.visits.observed[..., -1]), alpha=0.05)
    )


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
