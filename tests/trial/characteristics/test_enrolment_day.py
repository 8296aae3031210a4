"""Later enrolment, fewer patients: sizes for a fixed effect from the spread of recovery that is still to come."""

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.population.posterior import load_posterior
from cordwise.stats.sample_size.means import t_test_power
from cordwise.trial.characteristics import enrolment_day
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay, enrolment_days, falls
from cordwise.trial.plan.plan import plan_trial
from trial_bank import ais_endpoint, shared_bank, synthetic_design, uems_endpoint


@pytest.fixture
def asked(monkeypatch):
    """Give the made-up bank instead of a simulated one, and keep what was asked for."""
    specs = []

    def build_bank(spec, posterior, streams):
        specs.append(spec)
        return shared_bank()

    monkeypatch.setattr(enrolment_day, "build_bank", build_bank)
    return specs


def test_only_the_day_of_the_baseline_moves_and_the_followup_stays_as_long(asked):
    plan, told = plan_trial(synthetic_design()), []
    found = enrolment_days(plan, load_posterior(), Streams(1), days=(10.0, 100.0), sets=50, on_progress=told.append)
    assert [spec.baseline_day for spec in asked] == [(9, 11), (pytest.approx(90), pytest.approx(110))]
    assert [spec.visits for spec in asked] == [(190,), (280,)]  # 225 less the middle of days 40 to 50
    assert {spec.sets for spec in asked} == {50}
    assert [(row.endpoint, row.day) for row in found] == [
        ("AIS", 10),
        ("AIS", 100),
        ("total motor score", 10),
        ("total motor score", 100),
    ]
    assert told == [1, 1]


def test_the_size_has_the_power_it_is_asked_for(asked):
    plan = plan_trial(synthetic_design(endpoints=[uems_endpoint(primary=True)]))
    row = enrolment_days(plan, load_posterior(), Streams(1), days=(45.0,))[0]
    each = (row.n_per_arm, row.n_per_arm)
    assert t_test_power(5.0, row.control_sd, counts=each, alpha=0.05, covariates=1) == pytest.approx(0.8, abs=0.005)
    assert row.fixed_effect == 5.0


def test_a_spread_is_about_the_baseline(asked):
    plan = plan_trial(synthetic_design(endpoints=[uems_endpoint(primary=True)]))
    row = enrolment_days(plan, load_posterior(), Streams(1), days=(45.0,))[0]
    outcomes = shared_bank().outcomes["control"]
    change, before = outcomes.uems[:, 1].astype(float) - outcomes.uems[:, 0], outcomes.uems[:, 0].astype(float)
    fitted = np.polyval(np.polyfit(before, change, 1), before)
    assert row.control_sd == pytest.approx((change - fitted).std(ddof=2))
    assert row.control_sd < change.std()


def test_a_share_moves_by_twenty_in_a_hundred(asked):
    row = enrolment_days(
        plan_trial(synthetic_design(endpoints=[ais_endpoint()])), load_posterior(), Streams(1), days=(45.0,)
    )[0]
    assert row.fixed_effect == 0.2
    assert row.control_sd == pytest.approx((row.control_mean * (1 - row.control_mean)) ** 0.5)


def test_a_fall_is_from_every_day_to_the_next():
    rows = [EnrolmentDay(float(day), "E", 5.0, 0.0, 1.0, n) for day, n in enumerate((90.0, 70.0, 50.0))]
    assert falls(rows)
    assert not falls([rows[0], rows[2], rows[1]])


@pytest.mark.slow
def test_in_the_shipped_population_the_motor_score_needs_fewer_patients_the_later_they_enter():
    plan = plan_trial(synthetic_design())
    found = enrolment_days(plan, load_posterior(), Streams(1), days=(7, 28, 90, 180))
    motor = [row for row in found if row.endpoint == "total motor score"]
    assert falls(motor)
    assert motor[0].n_per_arm > 1.5 * motor[-1].n_per_arm
