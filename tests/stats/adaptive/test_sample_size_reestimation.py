"""Promising zone and blinded re-estimation of the sample size."""

import numpy as np
import pytest
from scipy.special import ndtri

from cordwise.stats.adaptive import (
    PromisingZone,
    blinded_sd,
    inverse_normal,
    promising_zone_total,
    resized_total,
)
from cordwise.stats.sequential import conditional_power

ALPHA, REPLICATES = 0.025, 10_000
CRITICAL = -ndtri(ALPHA)
ZONE = PromisingZone(planned=200, largest=400, least_power=0.3, target_power=0.8)


def mcse(rate, count=REPLICATES):
    return np.sqrt(rate * (1 - rate) / count)


def test_a_promising_trial_grows_until_its_conditional_power_is_the_target():
    z = np.array([1.4])
    total = promising_zone_total(z, 100, ZONE, critical=CRITICAL)
    theta = z / np.sqrt(100)
    short = (CRITICAL - z * np.sqrt(0.5)) / np.sqrt(0.5)

    assert ZONE.planned < total[0] < ZONE.largest
    for patients, reached in ((total, True), (total - 1, False)):
        power_z = theta * np.sqrt(patients - 100) - short
        assert (power_z[0] >= ndtri(0.8)) == reached


def test_trials_outside_the_zone_keep_their_size_and_none_passes_the_cap():
    z = np.array([-1.0, 0.2, 1.05, 1.2, 1.4, 1.6, 2.5])
    power = conditional_power(z, 0.5, CRITICAL)
    total = promising_zone_total(z, 100, ZONE, critical=CRITICAL)
    promising = (power >= 0.3) & (power < 0.8)

    assert promising.any()
    np.testing.assert_array_equal(total[~promising], 200)
    assert (total[promising] > 200).all()
    assert total.max() <= 400


def test_a_promising_zone_holds_the_error_and_gains_power():
    generator, rates = np.random.default_rng(6), {}
    for effect in (0.0, 0.16):
        first = generator.standard_normal(REPLICATES) + effect * np.sqrt(100)
        total = promising_zone_total(first, 100, ZONE, critical=CRITICAL)
        noise = generator.standard_normal(REPLICATES)
        for name, patients in (("fixed", np.full(REPLICATES, 200)), ("adapted", total)):
            second = noise + effect * np.sqrt(patients - 100)
            combined = inverse_normal(np.column_stack([first, second]), (100, 100))[:, -1]
            rates[name, effect] = (combined >= CRITICAL).mean()

    assert abs(rates["adapted", 0.0] - ALPHA) < 4 * mcse(ALPHA)
    assert rates["adapted", 0.16] > rates["fixed", 0.16] + 0.02


def test_the_blinded_spread_needs_the_assumed_difference_taken_out():
    generator = np.random.default_rng(7)
    treated = np.arange(4_000) % 2 == 1
    outcome = 3.0 * generator.standard_normal((20, 4_000)) + 4.0 * treated
    observed = generator.random(outcome.shape) < 0.8
    plain = blinded_sd(outcome, observed).mean()

    assert plain == pytest.approx(np.sqrt(9 + 4), rel=0.01)
    assert blinded_sd(outcome, observed, assumed_difference=4.0).mean() == pytest.approx(3.0, rel=0.01)


def test_a_spread_twice_as_large_asks_for_four_times_the_patients_up_to_the_cap():
    total = resized_total(np.array([5.0, 10.0, 20.0, np.nan]), planned_sd=10.0, planned=100, smallest=80, largest=300)

    np.testing.assert_array_equal(total, [80, 100, 300, 100])


def test_one_patient_has_no_spread():
    assert np.isnan(blinded_sd(np.ones((1, 3)), np.array([[True, False, False]]))[0])
