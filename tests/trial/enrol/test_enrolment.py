"""Who enters, in which arm, when and where: randomisation, accrual, withdrawal; the same draws in every design."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.errors import ModelError
from cordwise.base.randomness import Streams
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.enrol.losses import chance_by, withdrawal_chance
from cordwise.trial.enrol.predictability import excess_correct_guesses, expected_excess, simple_imbalance
from cordwise.trial.enrol.randomisation import minimised, permuted_blocks, simple, whole_blocks, within_strata
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK
from cordwise.trial.plan.accrual import DAYS_PER_MONTH, Pace, arrival_days, duration_days, site_paces, sites_of
from cordwise.trial.plan.plan import plan_trial
from trial_bank import PEOPLE, THREE_ARMS, shared_bank, synthetic_design


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


@pytest.mark.parametrize(("block", "excess"), [(2, 0.5), (4, 0.8333333), (6, 1.1), (8, 1.3285714), (10, 1.531746)])
def test_blocks_are_as_predictable_as_blackwell_and_hodges_computed(block, excess):
    """Reference number blackwell_hodges_block: expected excess of correct guesses in a block."""
    arms = permuted_blocks(_uniforms(20_000, block), ratio=(1, 1), block_size=block)
    before = np.cumsum(arms, axis=1) - arms
    lead = 2 * before - np.arange(block)  # treated minus control so far
    correct = np.where(lead == 0, 0.5, (lead < 0) == arms).sum(axis=1) - block / 2
    assert abs(correct.mean() - excess) <= 4 * correct.std() / np.sqrt(len(correct))
    whole = excess_correct_guesses(arms, np.zeros_like(arms), (1, 1)) * block
    assert whole == pytest.approx(correct.mean())
    assert expected_excess(block) == pytest.approx(excess, abs=1e-6)


def test_simple_randomisation_is_as_uneven_as_simulated():
    lead = np.abs(2 * simple(_uniforms(20_000, 30), ratio=(1, 1)).sum(axis=1) - 30)
    expected, even = simple_imbalance(30)
    assert abs(lead.mean() - expected) < 4 * lead.std() / np.sqrt(len(lead))
    assert abs((lead == 0).mean() - even) < 4 * np.sqrt(even * (1 - even) / len(lead))


def test_nobody_guesses_simple_randomisation_better_than_chance():
    arms = simple(_uniforms(2000, 60), ratio=(1, 1))
    found = excess_correct_guesses(arms, np.zeros_like(arms), (1, 1))
    assert abs(found) < 4 * np.sqrt(1 / 4 / arms.size)


def test_simple_randomisation_keeps_the_ratio_on_average():
    share = (simple(_uniforms(2000, 60), ratio=(1, 2)) == 1).mean()
    assert abs(share - 2 / 3) < 4 * np.sqrt(2 / 9 / 120_000)


def test_minimisation_balances_every_factor_better_than_chance_and_keeps_the_ratio():
    factors = np.random.default_rng(4).integers(0, 3, (300, 48, 2))
    best = minimised(_uniforms(300, 48, 2), factors, ratio=(1, 2), probability=0.9)
    chance = simple(_uniforms(300, 48, seed=6), ratio=(1, 2))

    def imbalance(arms):
        levels = [factors[:, :, kind] == level for kind in range(2) for level in range(3)]
        return np.mean([np.abs((member & (arms == 0)).sum(1) - (member & (arms == 1)).sum(1) / 2) for member in levels])

    assert imbalance(best) < imbalance(chance) / 2
    treated = (best == 1).sum(axis=1)
    assert np.abs(treated - 32).max() <= 6
    assert abs(treated.mean() - 32) < 0.5


def test_minimisation_with_a_sure_best_arm_never_parts_by_more_than_one_patient_on_one_factor():
    factors = np.zeros((100, 31, 1), np.int64)
    arms = minimised(_uniforms(100, 31, 2), factors, ratio=(1, 1), probability=1.0)
    lead = np.cumsum(np.where(arms == 1, 1, -1), axis=1)
    assert np.abs(lead).max() == 1
    assert 0.35 < (arms[:, 0] == 1).mean() < 0.65


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


def _arrivals(pace, *, patients=60, replicates=3000):
    random = np.random.default_rng(3)
    paces = site_paces(random.standard_normal((replicates, pace.sites)), pace)
    return arrival_days(random.standard_exponential((replicates, patients)), paces, pace) / DAYS_PER_MONTH, paces


def test_accrual_and_duration_follow_from_the_pace():
    arrivals, _ = _arrivals(Pace(6, 1.0))
    last = arrivals[:, -1]
    assert abs(last.mean() - 10) < 4 * last.std() / np.sqrt(len(last))
    followup = np.full(arrivals.shape, 180.0)
    assert duration_days(arrivals, followup) == pytest.approx(last + 180)


def test_while_sites_open_the_pace_grows_as_their_number():
    months, _ = _arrivals(Pace(3, 2.0, months_between_openings=4.0))
    by = {month: (months <= month).sum(axis=1) for month in (4, 8, 10)}
    for month, expected in ((4, 8), (8, 24), (10, 36)):  # 2, then 4, then 6 a month
        assert abs(by[month].mean() - expected) < 4 * by[month].std() / np.sqrt(len(months))


def test_nobody_enters_during_a_hold_and_the_rest_come_as_much_later():
    free, _ = _arrivals(Pace(6, 1.0))
    held, _ = _arrivals(Pace(6, 1.0, holds=((2.0, 5.0), (7.0, 8.0))))
    inside = ((held > 2) & (held < 5)) | ((held > 7) & (held < 8))
    assert not inside.any()
    late = free > 4
    assert held[late] == pytest.approx(free[late] + 4)
    assert held[free < 2] == pytest.approx(free[free < 2])


def test_sites_differ_in_pace_about_the_stated_mean():
    paces = site_paces(np.random.default_rng(1).standard_normal((4000, 6)), Pace(6, 1.5, site_spread=0.5))
    assert abs(paces.mean() - 1.5) < 4 * paces.std() / np.sqrt(paces.size)
    assert np.log(paces).std() == pytest.approx(0.5, rel=0.03)


def test_patients_come_to_open_sites_as_often_as_their_pace_says():
    pace = Pace(3, 1.0, months_between_openings=6.0, site_spread=0.4, holds=((1.0, 3.0),))
    months, paces = _arrivals(pace, replicates=1000)
    site = sites_of(_uniforms(*months.shape), months * DAYS_PER_MONTH, paces, pace)
    opened = np.array([0, 8, 14])  # the hold comes before the openings, and moves them
    assert (months >= opened[site]).all()
    late = months > 14
    expected = (paces / paces.sum(axis=1, keepdims=True))[:, 0]
    share = np.array([(site[row, late[row]] == 0).mean() for row in range(len(site)) if late[row].any()])
    error = share.std() / np.sqrt(len(share))
    assert abs(share.mean() - expected[late.any(axis=1)].mean()) < 4 * error


def test_duration_waits_for_whoever_ends_last():
    assert duration_days(np.array([[0.0, 10.0]]), np.array([[185.0, 170.0]]))[0] == 185


def _enrolled(*, patients=60, **changes):
    return enrol(plan_trial(synthetic_design(**changes)), shared_bank(), Streams(3), name="x", block=0, size=patients)


RICH = {
    "safety": {"event": "SAE", "tolerable_rate": 0.1, "rate_treated": 0.2, "source": "s"},
    "assessment": {"blinded": False, "upgrade_rate": 0.1, "source": "s"},
    "intercurrent_events": [{"name": "stim", "rate": 0.1, "source": "s"}],
}


@pytest.mark.parametrize("change", [*({key: value} for key, value in RICH.items()), RICH], ids=str)
def test_what_else_a_design_has_changes_neither_patients_nor_arms_nor_arrivals(change):
    plain, rich = _enrolled(), _enrolled(**change)
    for name in ("row", "arm", "stratum", "site", "arrival", "withdrawal"):
        assert np.array_equal(getattr(plain, name), getattr(rich, name)), name


def test_another_randomisation_changes_the_arms_alone():
    blocks, minimisation = _enrolled(), _enrolled(randomisation={"method": "minimisation", "stratify_by": ["grade"]})
    for name in ("row", "arrival", "withdrawal"):
        assert np.array_equal(getattr(blocks, name), getattr(minimisation, name))
    assert not np.array_equal(blocks.arm, minimisation.arm)


def test_what_a_design_does_not_have_never_happens():
    plain = _enrolled()
    assert plain.event.shape == (REPLICATES_PER_BLOCK, 60, 0)
    assert (plain.rater == 1).all()
    assert (plain.harm == 1).all()


@pytest.mark.parametrize("factor", ["grade", "level", "site"])
def test_a_stratified_list_is_balanced_in_every_stratum(factor):
    found = _enrolled(randomisation={"stratify_by": [factor]})
    for stratum in np.unique(found.stratum):
        member = found.stratum == stratum
        lead = (member & (found.arm == 1)).sum(axis=1) - (member & (found.arm == 0)).sum(axis=1)
        assert np.abs(lead).max() <= 2


def test_three_arms_and_a_single_arm_are_numbered_from_the_control():
    three = _enrolled(patients=180, **THREE_ARMS)
    assert (np.bincount(three.arm.ravel()) == three.arm.size // 3).all()
    endpoint = {"name": "E", "measure": "ais_improvement", "day": 225, "analysis": "single_arm_exact", "benchmark": 0.3}
    alone = _enrolled(arms=THREE_ARMS["arms"][2:], endpoints=[endpoint])
    assert (alone.arm == 1).all()


def test_a_trial_of_more_people_than_a_group_has_is_refused():
    with pytest.raises(ModelError, match="at least 241 people in each group"):
        _enrolled(patients=PEOPLE + 1)


def test_a_smaller_trial_is_the_first_patients_of_a_larger_one():
    small, large = _enrolled(patients=20), _enrolled(patients=60)
    assert np.array_equal(small.row, large.row[:, :20])
