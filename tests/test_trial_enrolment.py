"""Randomisation, withdrawal, accrual and the true value of the estimand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.trial.accrual import DAYS_PER_MONTH, arrival_days, duration_days
from cordwise.trial.dropout import chance_by, withdrawal_chance
from cordwise.trial.estimand import true_difference
from cordwise.trial.randomisation import permuted_blocks, whole_blocks, within_strata


def _uniforms(*shape, seed=5):
    return np.random.default_rng(seed).random(shape)


@settings(max_examples=30, deadline=None)
@given(control=st.integers(1, 3), treated=st.integers(1, 3), times=st.integers(1, 3), seed=st.integers(0, 1000))
def test_every_block_holds_the_arms_in_the_ratio(control, treated, times, seed):
    size = times * (control + treated)
    arms = permuted_blocks(_uniforms(7, 5 * size, seed=seed), ratio=(control, treated), block_size=size)
    assert (arms.reshape(7, 5, size).sum(axis=2) == times * treated).all()


def test_every_order_within_a_block_is_as_likely():
    arms = permuted_blocks(_uniforms(12_000, 4), ratio=(1, 1), block_size=4)
    codes = np.bincount(arms @ np.array([8, 4, 2, 1]), minlength=16)
    orders = codes[[3, 5, 6, 9, 10, 12]] / len(arms)
    mcse = np.sqrt(1 / 6 * 5 / 6 / len(arms))
    assert codes.sum() == codes[[3, 5, 6, 9, 10, 12]].sum()
    assert np.abs(orders - 1 / 6).max() < 4 * mcse


@pytest.mark.parametrize(("block", "excess"), [(4, 0.8333333), (6, 1.1), (8, 1.3285714)])
def test_blocks_are_as_predictable_as_blackwell_and_hodges_computed(block, excess):
    """Reference number blackwell_hodges_block: expected excess of correct guesses in a block."""
    arms = permuted_blocks(_uniforms(20_000, block), ratio=(1, 1), block_size=block)
    before = np.cumsum(arms, axis=1) - arms
    lead = 2 * before - np.arange(block)  # treated minus control so far
    correct = np.where(lead == 0, 0.5, (lead < 0) == arms).sum(axis=1) - block / 2
    assert abs(correct.mean() - excess) < 4 * correct.std() / np.sqrt(len(correct))


def test_each_stratum_is_balanced_on_its_own():
    stratum = np.random.default_rng(1).integers(0, 3, (200, 61))
    lists = np.stack([permuted_blocks(_uniforms(200, 64, seed=s), ratio=(1, 1), block_size=4) for s in range(3)])
    treated = within_strata(lists[:, :, :61], stratum)
    for index in range(3):
        member = stratum == index
        assert np.abs((treated & member).sum(axis=1) - (~treated & member).sum(axis=1)).max() <= 2


def test_a_list_has_room_for_everybody():
    assert [whole_blocks(n, 4) for n in (1, 4, 5)] == [4, 4, 8]


def test_withdrawal_has_the_asked_mean_and_slope():
    motor = np.random.default_rng(2).uniform(0, 100, 500)
    chance = withdrawal_chance(motor, rate=0.15, slope=-0.03)
    log_odds = np.log(chance / (1 - chance))
    assert chance.mean() == pytest.approx(0.15)
    assert np.polyfit(motor, log_odds, 1)[0] == pytest.approx(-0.03)
    assert (withdrawal_chance(motor, rate=0.0, slope=-0.03) == 0).all()


def test_withdrawal_builds_up_at_a_constant_hazard():
    end, days = np.full(3, 0.36), np.full(3, 180.0)
    assert chance_by(end, elapsed=days, followup=days) == pytest.approx(end)
    assert chance_by(end, elapsed=days / 2, followup=days) == pytest.approx(np.full(3, 0.2))


def test_accrual_and_duration_follow_from_the_pace():
    gaps = np.random.default_rng(3).standard_exponential((4000, 60))
    arrivals = arrival_days(gaps, patients_per_month=6.0)
    last = arrivals[:, -1]
    assert abs(last.mean() - 10 * DAYS_PER_MONTH) < 4 * last.std() / np.sqrt(len(last))
    followup = np.full(gaps.shape, 180.0)
    assert duration_days(arrivals, followup) == pytest.approx(last + 180)


def test_duration_waits_for_whoever_ends_last():
    assert duration_days(np.array([[0.0, 10.0]]), np.array([[185.0, 170.0]]))[0] == 185


def test_the_estimand_follows_its_strategy():
    control, treated = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0])
    stays = np.array([0.5, 0.9, 0.9])
    assert true_difference(control, treated, stays, strategy="hypothetical") == pytest.approx(1 / 3)
    assert true_difference(control, treated, stays, strategy="composite") == pytest.approx(0.5 / 3)
