"""Two proportions with and without historical controls: invariances, history that conflicts, the size."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.stats.bayes import (
    BetaMixture,
    beta,
    beta_binomial,
    normal,
    normal_posterior,
    probability_greater,
    robustify_beta,
)
from cordwise.stats.two_arm.trials import Trials


def trials(treated, outcome, analysed=None):
    treated, outcome = np.atleast_2d(treated), np.atleast_2d(outcome)
    analysed = np.ones(treated.shape, bool) if analysed is None else np.atleast_2d(analysed)
    empty = np.zeros(treated.shape)
    return Trials(treated, analysed, outcome.astype(float), empty, empty.astype(int))


def tables(*cells):
    """One trial for each (ones, patients) of control and treated."""
    width = max(control + treated for _, control, _, treated in cells)
    shape = (len(cells), width)
    is_treated, analysed, outcome = np.zeros(shape, bool), np.zeros(shape, bool), np.zeros(shape)
    for row, (control_ones, control, treated_ones, treated) in enumerate(cells):
        is_treated[row, control : control + treated] = True
        analysed[row, : control + treated] = True
        outcome[row, :control_ones] = outcome[row, control : control + treated_ones] = 1
    return trials(is_treated, outcome, analysed)


counts = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
@settings(max_examples=20, deadline=None)
def test_swapping_the_arms_turns_the_answer_round(treated, control):
    there, back = beta_binomial(tables((*control, *treated), (*treated, *control)), alpha=0.05).estimate
    assert there == pytest.approx(-back)
    found = beta_binomial(tables((*control, *treated), (*treated, *control)), alpha=0.1)
    assert found.low[0] == pytest.approx(-found.high[1], abs=1e-6)
    assert found.p[0] == pytest.approx(found.p[1], abs=1e-9)


def test_the_credible_interval_holds_its_probability():
    history = BetaMixture((0.7, 0.3), (20, 1), (60, 1))
    found = beta_binomial(tables((4, 20, 11, 20)), alpha=0.1, control_prior=history)
    control, treated = history.updated(4, 20), beta(1, 1).updated(11, 20)
    assert probability_greater(treated, control, margin=found.high[0]) == pytest.approx(0.05, abs=1e-7)
    assert probability_greater(treated, control, margin=found.low[0]) == pytest.approx(0.95, abs=1e-7)
    assert found.estimate[0] == pytest.approx(treated.mean - control.mean)
    assert found.p[0] == pytest.approx(2 * probability_greater(control, treated), abs=1e-9)


def test_a_prior_without_weight_on_history_does_not_depend_on_it():
    batch = tables((4, 20, 11, 20), (0, 9, 2, 11))
    plain = beta_binomial(batch, alpha=0.05)
    for history in (beta(20, 60), beta(90, 3)):
        unborrowed = beta_binomial(batch, alpha=0.05, control_prior=robustify_beta(history, weight=1.0))
        np.testing.assert_allclose(unborrowed.p, plain.p, rtol=1e-9)
        np.testing.assert_allclose(unborrowed.low, plain.low, atol=1e-9)


def test_history_that_agrees_narrows_the_interval_and_history_that_conflicts_moves_the_estimate():
    batch = tables((10, 40, 20, 40))
    alone = beta_binomial(batch, alpha=0.05)
    agreeing = beta_binomial(batch, alpha=0.05, control_prior=beta(50, 150))
    conflicting = beta_binomial(batch, alpha=0.05, control_prior=beta(150, 50))
    robust = beta_binomial(batch, alpha=0.05, control_prior=robustify_beta(beta(150, 50), weight=0.5))
    assert agreeing.high - agreeing.low < alone.high - alone.low
    assert conflicting.estimate < 0 < robust.estimate
    assert abs(robust.estimate - alone.estimate) < 0.01


def test_a_trial_with_an_empty_arm_has_no_estimate():
    for found in (
        beta_binomial(tables((0, 0, 3, 5), (1, 4, 2, 4)), alpha=0.05),
        normal_posterior(tables((0, 0, 3, 5), (1, 4, 2, 4)), alpha=0.05),
        normal_posterior(tables((0, 0, 3, 5), (1, 4, 2, 4)), alpha=0.05, control_prior=normal(0, 1)),
    ):
        assert np.isnan(found.estimate[0])
        assert found.p[0] == 1
        assert np.isfinite(found.estimate[1])


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_without_history_the_size_stays_near_alpha(rate):
    patients = 15
    cells = [(control, patients, treated, patients) for control in range(16) for treated in range(16)]
    chance = np.array([comb(patients, x) * rate**x * (1 - rate) ** (patients - x) for x in range(16)])
    rejected = (beta_binomial(tables(*cells), alpha=0.05).p <= 0.05).reshape(16, 16)
    assert chance @ rejected @ chance < 0.056


def test_history_that_is_wrong_raises_the_size_and_a_robust_prior_less():
    patients, rate = 15, 0.5
    cells = [(control, patients, treated, patients) for control in range(16) for treated in range(16)]
    chance = np.array([comb(patients, x) * rate**x * (1 - rate) ** (patients - x) for x in range(16)])
    sizes = []
    for prior in (None, robustify_beta(beta(20, 60), weight=0.5), beta(20, 60)):
        found = beta_binomial(tables(*cells), alpha=0.05, control_prior=prior)
        sizes.append(chance @ (found.p <= 0.05).reshape(16, 16) @ chance)
    assert sizes == sorted(sizes)
    assert sizes[2] > 0.2


def test_a_giant_trial_is_analysed_like_a_small_one():
    generator = np.random.default_rng(3)
    treated = np.arange(16_000) % 2 == 1
    outcome = generator.random(16_000) < np.where(treated, 0.33, 0.3)
    found = beta_binomial(trials(treated, outcome), alpha=0.05)
    share = [outcome[treated == arm].mean() for arm in (False, True)]
    error = np.sqrt(sum(each * (1 - each) / 8000 for each in share))
    assert found.estimate[0] == pytest.approx(share[1] - share[0], abs=1e-4)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.96 * error, rel=1e-2)
