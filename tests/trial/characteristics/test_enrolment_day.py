"""Later enrolment, fewer patients: sizes for a fixed effect from the spread of recovery that is still to come."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.population.posterior import load_posterior
from cordwise.stats.sample_size.means import t_test_power
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay, enrolment_days, falls, needed
from cordwise.trial.plan.plan import plan_trial
from trial_bank import SETS, ais_endpoint, shared_bank, synthetic_design, uems_endpoint


def _row(endpoint):
    """Return what enrolment from the made-up bank asks for on one endpoint."""
    plan = plan_trial(synthetic_design(endpoints=[endpoint]))
    return needed(shared_bank(), plan.primary, 45.0)


def test_the_size_has_the_power_it_is_asked_for():
    row = _row(uems_endpoint(primary=True))
    each = (row.n_per_arm, row.n_per_arm)
    assert t_test_power(5.0, row.control_sd, counts=each, alpha=0.05, covariates=1) == pytest.approx(0.8, abs=0.005)
    assert row.fixed_effect == 5.0


def test_a_spread_is_about_the_baseline_and_within_a_parameter_set():
    row, bank = _row(uems_endpoint(primary=True)), shared_bank()
    outcomes = bank.outcomes["control"]
    change, before = outcomes.uems[:, 1].astype(float) - outcomes.uems[:, 0], outcomes.uems[:, 0].astype(float)
    fitted = np.polyval(np.polyfit(before, change, 1), before)
    assert row.control_sd == pytest.approx((change - fitted).std(ddof=2), rel=0.01)  # its sets do not differ
    assert row.control_sd < change.std()
    lifted = np.repeat(np.arange(SETS), len(bank) // SETS)  # points that a whole set gains more than the one before
    apart = replace(outcomes, uems=(outcomes.uems + lifted[:, None] * np.array([0, 1, 1, 1])).astype(np.int16))
    plan = plan_trial(synthetic_design(endpoints=[uems_endpoint(primary=True)]))
    assert needed(replace(bank, outcomes={"control": apart}), plan.primary, 45.0).control_sd == pytest.approx(
        row.control_sd, rel=1e-6
    )


def test_a_share_moves_by_twenty_in_a_hundred():
    row = _row(ais_endpoint())
    assert row.fixed_effect == 0.2
    assert row.control_sd == pytest.approx((row.control_mean * (1 - row.control_mean)) ** 0.5)


def test_the_size_is_as_uncertain_as_the_spread_that_it_follows_from():
    people, endpoint = len(shared_bank()), uems_endpoint(primary=True)
    row = _row(endpoint)
    assert row.mcse == pytest.approx(row.n_per_arm * np.sqrt(2 / people), rel=0.4)  # of the variance of a normal value


def test_a_fall_is_from_every_day_to_the_next():
    rows = [EnrolmentDay(float(day), "E", 5.0, 0.0, 1.0, n) for day, n in enumerate((90.0, 70.0, 50.0))]
    assert falls(rows)
    assert not falls([rows[0], rows[2], rows[1]])


def test_the_same_people_are_followed_from_every_day_for_as_long():
    plan, told = plan_trial(synthetic_design()), []
    found = enrolment_days(plan, load_posterior(), Streams(1), days=(10.0, 100.0), sets=8, on_progress=told.append)
    assert [(row.endpoint, row.day) for row in found] == [
        ("AIS", 10),
        ("AIS", 100),
        ("total motor score", 10),
        ("total motor score", 100),
    ]
    assert told == [1, 1]
    early, late = found[2:]
    assert early.n_per_arm - 4 * early.mcse > late.n_per_arm  # less recovery is still to come


def test_fewer_of_those_graded_twice_improve_on_every_day_of_enrolment():
    once, twice = (
        enrolment_days(
            plan_trial(synthetic_design(endpoints=[ais_endpoint(confirmed=confirmed)])),
            load_posterior(),
            Streams(1),
            days=(10.0, 100.0),
            sets=8,
        )
        for confirmed in (False, True)
    )
    for one, two in zip(once[:2], twice[:2], strict=True):
        assert two.endpoint == "AIS"
        assert two.control_mean < one.control_mean


@pytest.mark.slow
def test_in_the_shipped_population_the_motor_score_needs_fewer_patients_the_later_they_enter():
    plan = plan_trial(synthetic_design())
    found = enrolment_days(plan, load_posterior(), Streams(1), days=(7, 28, 90, 180))
    motor = [row for row in found if row.endpoint == "total motor score"]
    assert falls(motor)
    assert motor[0].n_per_arm > 1.5 * motor[-1].n_per_arm
