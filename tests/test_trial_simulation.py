"""Simulated trials behave: size, bias, coverage, power as theory says, and the same draws in every scenario."""

import numpy as np
import pytest

from cordwise.randomness import Streams
from cordwise.trial.analysis import CONTROL, TREATED
from cordwise.trial.characteristics import characteristics, rate
from cordwise.trial.plan import plan_trial
from cordwise.trial.simulate import simulate_trial
from cordwise.trial.theory import theory_reject_rate
from trial_bank import ais_endpoint, synthetic_bank, synthetic_design, uems_endpoint

REPLICATES = 4000
EFFECTS = {"assumed": (3.0, 0.2)}


def _simulate(replicates=REPLICATES, seed=1, bank=None, **changes):
    plan = plan_trial(synthetic_design(**changes))
    return simulate_trial(plan, bank or synthetic_bank(EFFECTS), Streams(seed), replicates=replicates)


def _endpoints(result):
    return [(scenario.scenario, endpoint) for scenario in result.scenarios for endpoint in scenario.endpoints]


@pytest.fixture(scope="module", params=[40, 120])
def trial(request):
    return _simulate(size={"total": request.param})


def test_the_type_i_error_is_nominal(trial):
    for scenario, endpoint in _endpoints(trial):
        if scenario.is_null:
            assert endpoint.prospects.truth == 0
            found = rate(endpoint.estimates.p <= 0.05)
            assert abs(found.value - 0.05) < 4 * found.mcse


def test_estimates_are_unbiased_and_intervals_cover(trial):
    for _, endpoint in _endpoints(trial):
        found = characteristics(trial.plan, endpoint)
        assert abs(found.bias.value) < 4 * found.bias.mcse
        assert abs(found.coverage.value - 0.95) < 4 * found.coverage.mcse


def test_simulated_power_agrees_with_theory(trial):
    for _, endpoint in _endpoints(trial):
        found = rate(endpoint.estimates.p <= 0.05)
        assert abs(found.value - theory_reject_rate(trial.plan, endpoint.prospects)) < 4 * found.mcse


def test_the_sample_size_curve_passes_through_the_trial_itself(trial):
    position = trial.plan.curve_totals.index(trial.plan.total)
    for _, endpoint in _endpoints(trial):
        here, there = rate(endpoint.estimates.p <= 0.05), rate(endpoint.curve.p[:, position] <= 0.05)
        assert abs(here.value - there.value) < 4 * np.hypot(here.mcse, there.mcse)


def test_every_scenario_sees_the_same_patients_arms_and_withdrawals():
    result = _simulate(replicates=50)
    null, assumed = result.scenarios
    for here, there in zip(null.endpoints, assumed.endpoints, strict=True):
        assert (here.moments.y[:, CONTROL] == there.moments.y[:, CONTROL]).all()
        assert (here.moments.x == there.moments.x).all()
        assert (here.moments.count == there.moments.count).all()
        assert (here.moments.y[:, TREATED] < there.moments.y[:, TREATED]).any()


def test_a_replicate_does_not_depend_on_how_many_are_asked_for():
    few, many = _simulate(replicates=130), _simulate(replicates=317)
    for (_, here), (_, there) in zip(_endpoints(few), _endpoints(many), strict=True):
        assert np.array_equal(here.estimates.p, there.estimates.p[:130])
        assert np.array_equal(here.curve.estimate, there.curve.estimate[:130])
    assert np.array_equal(few.duration_days, many.duration_days[:130])


def test_the_seed_decides_the_trials():
    first, again, other = (_simulate(replicates=20, seed=seed).duration_days for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_progress_is_told_for_every_replicate_of_trial_and_curve():
    told = []
    plan = plan_trial(synthetic_design())
    simulate_trial(plan, synthetic_bank(EFFECTS), Streams(1), replicates=230, on_progress=told.append)
    assert sum(told) == 2 * 230


def test_a_withdrawal_is_no_improvement_in_one_strategy_and_absent_in_the_other():
    complete = ais_endpoint(missing="complete_case")
    complete["estimand"] = {**complete["estimand"], "strategy": "hypothetical"}
    dropout = {"rate": 0.3, "log_odds_per_motor_point": -0.02, "source": "test"}
    composite, absent = (
        _simulate(replicates=200, dropout=dropout, endpoints=[endpoint]).scenarios[1].primary
        for endpoint in (ais_endpoint(), complete)
    )
    assert (composite.moments.count.sum(axis=1) == 120).all()
    lost = 1 - absent.moments.count.sum(axis=1) / 120
    assert abs(lost.mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / lost.size / 120)
    assert np.array_equal(composite.moments.y, absent.moments.y)
    assert 0 < composite.prospects.truth < absent.prospects.truth


def test_stratified_and_unequal_randomisation_keep_their_promise():
    result = _simulate(
        replicates=60, randomisation={"ratio": [1, 2], "block_size": 6, "stratify_by_grade": True}, size={"total": 90}
    )
    counts = result.scenarios[0].primary.moments.count
    assert np.abs(counts[:, TREATED] - 60).max() <= 6
    assert (counts.sum(axis=1) == 90).all()


def test_an_earlier_endpoint_loses_fewer_patients():
    late, early = uems_endpoint(name="late"), uems_endpoint(name="early", day=90, primary=True)
    endpoints = _simulate(replicates=100, endpoints=[late, early]).scenarios[0].endpoints
    counts = [endpoint.moments.count.sum(axis=1).mean() for endpoint in endpoints]
    assert counts[0] < counts[1] < 120


def test_without_withdrawal_and_effect_the_estimate_is_the_difference_of_the_arms():
    dropout = {"rate": 0, "log_odds_per_motor_point": 0, "source": "test"}
    primary = _simulate(replicates=30, dropout=dropout).scenarios[0].primary
    means = primary.moments.mean_y
    assert primary.estimates.estimate == pytest.approx(means[:, TREATED] - means[:, CONTROL])
