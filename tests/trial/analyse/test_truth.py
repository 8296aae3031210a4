"""The true value of an estimand: both outcomes of every patient in the bank, under each way to handle losses."""

import numpy as np
import pytest

from cordwise.base.randomness import Streams
from cordwise.stats.nested_means import Nesting, nested_mean
from cordwise.trial.analyse.truth import Truth, true_value
from cordwise.trial.observe.potential_outcomes import potential_outcomes_of
from cordwise.trial.plan.plan import plan_trial
from trial_bank import (
    EFFECTS,
    ais_endpoint,
    findings_of,
    shared_bank,
    synthetic_bank,
    synthetic_design,
    uems_endpoint,
)

PAST = {"patients": 100, "improved": 10, "source": "s"}
LOSSES = {"rate": 0.3, "log_odds_per_motor_point": -0.03, "source": "s"}


def _truth(endpoint, seed=1, **changes):
    plan = plan_trial(synthetic_design(endpoints=[{"primary": True, **endpoint}], dropout=LOSSES, **changes))
    potential_outcomes = potential_outcomes_of(plan, shared_bank(), plan.scenarios[1])[0]
    return true_value(plan, shared_bank(), potential_outcomes, 1, Streams(seed)), potential_outcomes


def _paired(potential_outcomes, weights=None):
    return np.average(potential_outcomes.outcome[1] - potential_outcomes.outcome[0], weights=weights)


def test_without_losses_the_truth_is_the_mean_of_the_paired_differences():
    truth, potential_outcomes = _truth(uems_endpoint())
    assert truth.value == pytest.approx(_paired(potential_outcomes))
    spread = (potential_outcomes.outcome[1] - potential_outcomes.outcome[0]).std() / np.sqrt(len(shared_bank()))
    assert truth.bank_error == pytest.approx(spread, rel=0.5)


def test_each_strategy_has_the_truth_it_says():
    truth, potential_outcomes = _truth(ais_endpoint())
    stays = 1 - potential_outcomes.losses.withdrawn[:, -1]
    difference = potential_outcomes.outcome[1] - potential_outcomes.outcome[0]
    assert truth.value == pytest.approx((difference * stays).mean(), abs=1e-3)
    seen = {"missing": "complete_case", "estimand": {"strategy": "principal_stratum"}}
    assert _truth(ais_endpoint(**seen))[0].value == pytest.approx(_paired(potential_outcomes, stays), abs=1e-3)
    without = {"missing": "complete_case", "estimand": {"strategy": "hypothetical"}}
    assert _truth(ais_endpoint(**without))[0].value == pytest.approx(difference.mean())


def test_a_composite_is_worth_less_than_the_outcome_had_everybody_stayed():
    composite = _truth(uems_endpoint(missing="worst_score", estimand={"strategy": "composite"}))[0].value
    while_on = _truth(uems_endpoint(missing="last_seen", estimand={"strategy": "while_on_treatment"}))[0].value
    hypothetical = _truth(uems_endpoint())[0].value
    assert 0 < composite < while_on < hypothetical


def test_the_truth_does_not_hang_on_the_luck_of_the_losses():
    values = [_truth(ais_endpoint(), seed=seed)[0].value for seed in range(4)]
    assert max(values) - min(values) < 2e-3


def test_a_prior_is_no_part_of_the_truth():
    plain, borrowed = (
        _truth(ais_endpoint(analysis="beta_binomial", **more))[0].value for more in ({}, {"historical_control": PAST})
    )
    assert plain == borrowed


def test_the_truth_of_an_odds_ratio_is_what_the_estimate_tends_to():
    grade = {"name": "E", "measure": "ais_grade", "day": 225, "analysis": "score_test"}
    bank = synthetic_bank(EFFECTS, people=400)
    findings = findings_of(replicates=300, endpoints=[grade], size={"total": 400}, bank=bank)
    found = findings.scenarios[1].primary.arms[0].characteristics
    assert abs(found.bias.value) < 4 * found.bias.mcse + 0.05 * found.truth.value


def test_further_events_count_as_their_strategy_says():
    event = [{"name": "death", "rate": 0.4, "fatal": True, "source": "s"}]
    values = {
        strategy: _truth(
            uems_endpoint(estimand={"strategy": "hypothetical", "events": {"death": strategy}}),
            intercurrent_events=event,
        )[0].value
        for strategy in ("hypothetical", "composite")
    }
    assert values["hypothetical"] == pytest.approx(_truth(uems_endpoint())[0].value)
    assert values["composite"] == pytest.approx(0.6 * values["hypothetical"], rel=0.1)


def test_assessors_who_know_the_arm_change_what_is_found_and_not_what_is_true():
    sway = {"assessment": {"blinded": False, "upgrade_rate": 0.15, "points": {"uems": 2}, "source": "s"}}
    blind, seeing = (findings_of(replicates=1000, **each) for each in ({}, sway))
    for before, after in zip(blind.scenarios, seeing.scenarios, strict=True):
        for one, other in zip(before.endpoints, after.endpoints, strict=True):
            fair, swayed = one.arms[0].characteristics, other.arms[0].characteristics
            assert np.array_equal(fair.truth.by_group, swayed.truth.by_group)
            assert swayed.bias.value > fair.bias.value + 4 * swayed.bias.mcse
            assert swayed.coverage.value < fair.coverage.value
    null = seeing.scenarios[0].endpoints
    assert all(each.arms[0].characteristics.reject.value > 0.05 + 4 * 0.007 for each in null)


def _nesting(sets, groups):
    return Nesting(*(each.ravel() for each in np.indices((sets, groups))), sets)


def test_a_set_has_the_truth_of_its_own_people_and_the_range_is_that_of_the_sets():
    bank = synthetic_bank(EFFECTS, sets=60, between=0.4)
    plan = plan_trial(synthetic_design(endpoints=[uems_endpoint(primary=True)]))
    outcomes = potential_outcomes_of(plan, bank, plan.scenarios[1])[0]
    truth = true_value(plan, bank, outcomes, 1, Streams(1))
    paired = (outcomes.outcome[1] - outcomes.outcome[0])[bank.rows].mean(axis=2)
    assert truth.by_group == pytest.approx(paired)
    assert truth.over_sets.parameters == pytest.approx(paired.mean(axis=1).std(), rel=0.1)
    assert truth.over_sets.sets_low95 < truth.value < truth.over_sets.sets_high95


def test_the_people_of_a_replicate_have_no_part_in_the_truth_it_is_held_against():
    random = np.random.default_rng(1)
    by_group = random.normal(size=(400, 1)) + random.normal(size=(400, 2))
    changed = by_group.copy()
    changed[3, 0] += 1e-3
    before, after = (
        Truth(each, nested_mean(each.ravel(), _nesting(400, 2), least_degrees=1)).elsewhere(_nesting(400, 2))
        for each in (by_group, changed)
    )
    moved = np.abs(after.mean - before.mean).reshape(400, 2)
    assert moved[3, 1] > 10 * moved[3, 0]


def test_the_truth_elsewhere_is_as_far_from_the_set_s_as_its_variance_says():
    random, sets = np.random.default_rng(2), 4000
    truth = random.normal(1.0, 0.5, sets)
    by_group = truth[:, None] + random.normal(0, 0.3, (sets, 2))
    nesting = _nesting(sets, 2)
    elsewhere = Truth(by_group, nested_mean(by_group.ravel(), nesting)).elsewhere(nesting)
    away = elsewhere.mean.reshape(sets, 2) - truth[:, None]
    assert abs(away.mean()) < 4 * 0.3 / np.sqrt(sets)
    assert away.var() == pytest.approx(elsewhere.variance, rel=0.1)
    assert elsewhere.variance == pytest.approx(0.5**2 * 0.3**2 / (0.5**2 + 0.3**2), rel=0.1)
