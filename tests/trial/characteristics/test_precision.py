"""How many replicates a wanted Monte Carlo error takes, and the same replicates whatever the rounds."""

import numpy as np
import pytest

from cordwise.stats.monte_carlo import MonteCarloEstimate, mean, rate
from cordwise.trial.characteristics.precision import simulate_to_precision
from trial_bank import prepared_trial, simulated


def _to_precision(precision, replicates=6000, on_progress=lambda _: None):
    prepared = prepared_trial(size={"total": 40})
    return simulate_to_precision(prepared, replicates=replicates, precision=precision, on_progress=on_progress)


def test_a_simulation_stops_as_soon_as_its_error_is_small_enough():
    told = []
    result = _to_precision(0.007, on_progress=told.append)
    assert result.replicates == sum(told) == 4000  # 1000 and 2000 leave the power's error above
    for scenario in result.scenarios:
        assert rate(scenario.primary.arms[0].estimates.p[:, -1] <= 0.05).mcse <= 0.007


def test_rounds_give_the_replicates_of_one_run():
    result = _to_precision(0.0095)
    assert result.replicates == 2000
    whole = simulated(replicates=2000, size={"total": 40})
    for one, other in zip(result.scenarios, whole.scenarios, strict=True):
        assert np.array_equal(one.primary.arms[0].estimates.p, other.primary.arms[0].estimates.p)
    assert np.array_equal(result.course.day, whole.course.day)


@pytest.mark.parametrize("precision", [None, 1e-9])
def test_no_more_than_the_replicates_asked_for_are_run(precision):
    assert _to_precision(precision, replicates=1500).replicates == 1500


def test_a_rate_and_a_mean_carry_their_errors():
    assert rate(np.array([True, False, False, False])) == MonteCarloEstimate(0.25, np.sqrt(0.25 * 0.75 / 4))
    found = mean(np.array([1.0, 3.0, np.nan]))
    assert (found.value, found.mcse) == (2.0, pytest.approx(1.0))
    assert np.isnan(mean(np.array([1.0, np.nan])).value)
