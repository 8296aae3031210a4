"""Power, theory and sizes where the parameter sets differ: means over sets, ranges of sets, sizes not simulated."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cordwise.stats.nested_means import Nesting
from cordwise.trial.characteristics.sample_size import SizeCurve, required_size, sample_size_curves, set_sizes
from cordwise.trial.characteristics.theory import theory_n_per_arm, theory_reject_rate
from trial_bank import findings_of, prepared_trial, result_of, synthetic_bank, uems_endpoint

EFFECTS = {"assumed: cells": (3.0, 0.2)}
UEMS = [uems_endpoint(primary=True)]


@pytest.fixture(scope="module")
def bank():
    return synthetic_bank(EFFECTS, sets=100, people=120, between=0.5)


@pytest.fixture(scope="module")
def findings(bank):
    return findings_of(replicates=2000, curve=1000, bank=bank, endpoints=UEMS)


@pytest.fixture(scope="module")
def assumed(findings):
    return findings.scenarios[1]


def test_sets_whose_effects_differ_have_powers_that_differ(findings, assumed):
    null = findings.scenarios[0].reject
    assert assumed.reject.parameters > 0.1
    assert null.parameters < 0.05
    assert assumed.reject.sets_high95 - assumed.reject.sets_low95 > 0.4
    assert assumed.reject.mcse < 0.02 < assumed.reject.total_error


def test_theory_is_the_mean_over_the_sets_and_not_the_power_at_their_mean(findings, assumed):
    plan, outcomes = findings.result.plan, assumed.primary.result.potential_outcomes
    over_sets = theory_reject_rate(plan, outcomes)
    as_one = theory_reject_rate(plan, replace(outcomes, layout=(1, 1)))
    assert abs(assumed.reject.value - over_sets) < 4 * assumed.reject.mcse
    assert abs(as_one - over_sets) > 0.02
    assert theory_n_per_arm(plan, outcomes, power=0.8) > theory_n_per_arm(
        plan, replace(outcomes, layout=(1, 1)), power=0.8
    )


def test_bias_and_coverage_are_those_of_one_set(assumed):
    found = assumed.primary.arms[0].characteristics
    assert found.truth.over_sets.parameters > 1.0
    assert abs(found.bias.value) < 4 * found.bias.mcse
    assert abs(found.coverage.value - 0.95) < 4 * found.coverage.mcse + 0.01
    assert found.rmse < found.truth.over_sets.parameters  # against the mean of all sets it would be larger


def test_the_size_for_a_power_has_the_range_of_the_sets(assumed):
    found = assumed.primary.required
    assert found.low95 < found.n_per_arm
    assert found.high95 is None or found.high95 > found.n_per_arm
    assert 0 < found.mcse < found.total_error


def test_sizes_beyond_the_design_s_own_are_marked_and_rise_on(findings, assumed):
    curve = assumed.primary.curve
    own = findings.result.plan.total / 2
    assert [each.extrapolated for each in curve] == [each.n_per_arm > own for each in curve]
    rates = [each.reject.value for each in curve if each.n_per_arm >= own]
    assert all(later > earlier - 0.02 for earlier, later in pairwise(rates))


def test_an_extrapolated_rate_is_that_of_normal_means_over_sets():
    sets, mean, between, within = 400, 2.0, 0.6, 1.0
    random, place = np.random.default_rng(3), np.arange(sets * 20)
    nesting = Nesting(place % sets, place // sets % 2, sets)
    z = (mean + between * random.standard_normal(sets))[nesting.set_place] + within * random.standard_normal(len(place))
    of_sets = set_sizes(z, nesting, n_per_arm=60.0, alpha=0.05)
    for share in (1.0, 2.0):
        many = np.sqrt(share) * (mean + between * random.standard_normal(200_000)) + random.standard_normal(200_000)
        assert of_sets.rates(share).mean() == pytest.approx((np.abs(many) > 1.96).mean(), abs=0.02)
    alone = of_sets.needed(np.array([2.8, 0.0, -1.0]), 0.8)
    assert alone[0] == pytest.approx(60, rel=0.05)  # z of 2.8 is a power of 0.8
    assert np.isinf(alone[1:]).all()
    nothing = SizeCurve((), set_sizes(-z, nesting, n_per_arm=60.0, alpha=0.05))
    assert np.isinf(nothing.of_sets.needed(nothing.of_sets.z.without_noise, 0.8)).mean() > 0.9


def test_the_result_has_a_rate_and_a_truth_for_every_set(findings, bank):
    result = result_of(findings)
    for scenario, table in zip(result.scenarios, result.by_parameter_set, strict=True):
        assert table.parameter_set == tuple(range(bank.sets))
        assert np.mean(table.reject_rate) == pytest.approx(scenario.reject_rate, abs=1e-4)
        assert np.std(table.without_noise) <= np.std(table.reject_rate)
        assert np.mean(table.estimand_true) == pytest.approx(scenario.estimand_true, abs=1e-3)
    assert result.to_frame("by_parameter_set").height == bank.sets * len(result.scenarios)


@pytest.mark.slow
def test_a_size_that_is_extrapolated_is_what_trials_of_that_size_show():
    large = synthetic_bank(EFFECTS, sets=100, people=240, between=0.4)
    endpoint = [uems_endpoint(primary=True)]
    small, double = (prepared_trial(bank=large, size={"total": total}, endpoints=endpoint) for total in (60, 120))
    beyond = sample_size_curves(small, replicates=1000)["assumed", "UEMS"]
    shown = sample_size_curves(double, replicates=1000)["assumed", "UEMS"]
    extrapolated = next(each for each in beyond.points if each.n_per_arm == 60)
    simulated = next(each for each in shown.points if each.n_per_arm == 60)
    assert extrapolated.extrapolated
    assert not simulated.extrapolated
    error = np.hypot(extrapolated.reject.mcse, simulated.reject.mcse)
    assert abs(extrapolated.reject.value - simulated.reject.value) < 4 * error
    assert extrapolated.reject.parameters == pytest.approx(simulated.reject.parameters, abs=0.05)
    assert required_size(beyond).n_per_arm == pytest.approx(required_size(shown).n_per_arm, rel=0.2)
