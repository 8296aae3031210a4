"""Simulated trials behave: size, bias, coverage, power as theory says, and the same draws in every scenario."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwise.base.codec import to_plain
from cordwise.base.provenance import to_json
from cordwise.stats.monte_carlo import rate
from cordwise.trial.analyse.simulate import simulate_replicates
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.design.measures import MEASURES
from cordwise.trial.design.rules.methods import ANALYSES
from cordwise.trial.plan.methods import METHODS
from trial_bank import (
    CELLS,
    PLACEBO,
    THREE_ARMS,
    ais_endpoint,
    findings_of,
    prepared_trial,
    result_of,
    shared_bank,
    simulated,
    uems_endpoint,
)

REPLICATES = 2000
VARIANT_REPLICATES = 200
STIM = {"name": "stim", "rate": 0.1, "points": {"uems": 3}, "source": "s"}
DEATH = {"name": "death", "rate": 0.1, "fatal": True, "source": "s"}
PAIRS = {"measure": "hierarchical", "components": ["ais_grade", "total_motor_change"]}
PAST = {"patients": 100, "power": 0.5, "source": "s"}


def _only(**given):
    return {"endpoints": [{"name": "E", "day": 225, **given}]}


def _uems(**given):
    return {"endpoints": [uems_endpoint(primary=True, **given)]}


VARIANTS = {
    "three looks with futility": {"looks": {"patients": [40, 80, 120], "futility": {"values": [0, 0]}}},
    "futility in points": {
        **_uems(),
        "looks": {"information": [0.5, 1], "boundary": "pocock", "futility": {"scale": "points", "values": [3.0]}},
    },
    "binding conditional power": {
        "looks": {
            "information": [0.5, 1],
            "boundary": "obrien_fleming",
            "futility": {"scale": "conditional_power", "values": [0.2], "binding": True},
        }
    },
    "calendar": {"looks": {"calendar_months": [12, 18, 30], "futility": {"values": [0.0, 0.0]}}},
    "further event": {
        **_uems(estimand={"strategy": "hypothetical", "events": {"stim": "treatment_policy"}}),
        "intercurrent_events": [STIM],
    },
    "death": {
        **_uems(missing="worst_score", estimand={"strategy": "composite", "events": {"death": "composite"}}),
        "intercurrent_events": [DEATH],
    },
    "last seen": _uems(missing="last_seen", estimand={"strategy": "while_on_treatment"}),
    "multiple imputation": _uems(missing="multiple_imputation", imputations=5),
    "jump to reference": _uems(missing="jump_to_reference", imputations=5, estimand={}),
    "copy increments": _uems(missing="copy_increments", imputations=5, estimand={}),
    "delta": _uems(missing="delta", delta_points=-3, imputations=5),
    "repeated measures": _only(measure="uems_change", analysis="mmrm"),
    "proportional odds": _only(measure="ais_grade"),
    "stratified score test": {
        **_only(measure="ais_grade", analysis="score_test", stratified=True),
        "randomisation": {"stratify_by": ["grade"]},
    },
    "sliding": _only(measure="uems", analysis="sliding_ordinal"),
    "transitional": _only(measure="uems_change", analysis="transitional_ordinal"),
    "win ratio": _only(**PAIRS, analysis="win_ratio"),
    "net benefit with margins": _only(**PAIRS, component_margins=[0, 4], missing="worst_score"),
    "ranks": {
        "endpoints": [
            {"name": "E", "day": 225, "measure": "scim_change", "analysis": "rank_sum"},
            {"name": "b", "day": 225, "measure": "self_care_change", "analysis": "van_elteren", "primary": True},
        ],
        "randomisation": {"method": "minimisation", "stratify_by": ["grade", "site"]},
    },
    "beta-binomial": _only(
        measure="ais_improvement",
        analysis="beta_binomial",
        historical_control={**PAST, "improved": 35, "robust_weight": 0.2},
    ),
    "normal posterior": _only(
        measure="uems_change", analysis="normal_posterior", historical_control={**PAST, "mean": 8, "sd": 6}
    ),
    "exact tests": {
        "endpoints": [
            {"name": "E", "day": 225, "measure": "motor_level_improvement", "analysis": "boschloo"},
            {"name": "f", "day": 225, "measure": "motor_incomplete", "analysis": "fisher_exact", "primary": True},
            {"name": "c", "day": 225, "measure": "ais_improvement", "analysis": "cmh"},
        ],
        "size": {"total": 40},
    },
    "simple randomisation": {
        "randomisation": {"method": "simple"},
        "accrual": {"sites": 4, "months_between_openings": 3, "site_spread": 0.5, "holds": [[6, 9]]},
    },
    "three arms": THREE_ARMS,
    "three arms with looks": {**THREE_ARMS, "looks": {"information": [0.5, 1]}},
    "single arm": {
        "arms": [CELLS],
        **_only(measure="ais_improvement", analysis="single_arm_exact", benchmark=0.33),
    },
}


@pytest.fixture(scope="module", params=list(VARIANTS))
def variant(request):
    findings = findings_of(replicates=VARIANT_REPLICATES, curve=2, **VARIANTS[request.param])
    return findings, result_of(findings)


def test_every_kind_of_design_gives_json_and_holds_its_level(variant):
    _, result = variant
    assert "NaN" not in to_json(to_plain(result))
    null = result.scenarios[0]
    for endpoint in null.endpoints:
        nominal = endpoint.nominal
        if nominal is None:
            continue
        error = 4 * np.sqrt(nominal * (1 - nominal) / VARIANT_REPLICATES)
        assert endpoint.reject_rate <= nominal + error
        holds = METHODS[endpoint.analysis].is_exact or endpoint.primary  # looks and arms share the primary's
        assert holds or endpoint.reject_rate >= nominal - error


def test_every_kind_of_design_knows_its_truth(variant):
    _, result = variant
    null, assumed = result.scenarios
    for endpoint in null.endpoints:
        exact = endpoint.analysis == "single_arm_exact"
        assert exact or endpoint.estimand_true == pytest.approx(0, abs=1e-9)
    assert all(endpoint.estimand_true > 0 for endpoint in assumed.endpoints)
    assert assumed.endpoints[-1].estimand_bank_error > 0


def test_every_kind_of_design_finds_more_where_there_is_something_to_find(variant):
    _, result = variant
    null, assumed = result.scenarios
    assert assumed.reject_rate + 4 * assumed.mcse > null.reject_rate
    assert assumed.estimate_mean > null.estimate_mean
    assert all(endpoint.failures == 0 for endpoint in assumed.endpoints)


@pytest.fixture(scope="module", params=[40, 120])
def trial(request):
    return findings_of(replicates=REPLICATES, curve=500, size={"total": request.param})


def _characteristics(findings):
    return [(each.scenario, end, end.arms[0]) for each in findings.scenarios for end in each.endpoints]


def test_the_type_i_error_is_nominal(trial):
    for scenario, endpoint, arm in _characteristics(trial):
        if scenario.is_null and endpoint.endpoint.name == "UEMS":
            assert arm.characteristics.truth.value == 0
            assert abs(arm.characteristics.reject.value - 0.05) < 4 * arm.characteristics.reject.mcse


def test_estimates_are_unbiased_and_intervals_cover(trial):
    for _, _, arm in _characteristics(trial):
        found = arm.characteristics
        assert abs(found.bias.value) < 4 * found.bias.mcse
        assert abs(found.coverage.value - 0.95) < 4 * found.coverage.mcse + 0.01  # counts are discrete
        assert found.rmse > abs(found.bias.value)


def test_simulated_power_agrees_with_theory(trial):
    for _, _, arm in _characteristics(trial):
        found = arm.characteristics.reject
        assert abs(found.value - arm.theory) < 4 * found.mcse


def test_the_sample_size_curve_passes_through_the_trial_itself(trial):
    position = trial.result.plan.curve_totals.index(trial.result.plan.total)
    for scenario, endpoint, arm in _characteristics(trial):
        if not scenario.is_null:
            here, there = arm.characteristics.reject, endpoint.curve[position].reject
            assert abs(here.value - there.value) < 4 * np.hypot(here.mcse, there.mcse)


def test_every_scenario_sees_the_same_patients_arms_and_withdrawals():
    null, assumed = simulated(replicates=150).scenarios
    for here, there in zip(null.endpoints, assumed.endpoints, strict=True):
        before, after = here.arms[0].described, there.arms[0].described
        assert np.array_equal(before.control_mean, after.control_mean)
        assert (before.treated_mean < after.treated_mean).all()


def _same(here, there, count):
    for one, other in zip(here.scenarios, there.scenarios, strict=True):
        for first, second in zip(one.endpoints, other.endpoints, strict=True):
            for arm, again in zip(first.arms, second.arms, strict=True):
                for item in fields(arm.estimates):
                    values = getattr(arm.estimates, item.name)[:count]
                    assert np.array_equal(values, getattr(again.estimates, item.name)[:count], equal_nan=True)
    for name in ("day", "followed", "enrolled", "harm_patient", "harm_day"):
        assert np.array_equal(getattr(here.course, name)[:count], getattr(there.course, name)[:count])


MANY_DRAWS = {
    **_uems(missing="multiple_imputation", imputations=3),
    "looks": {"information": [0.5, 1]},
    "safety": {"event": "SAE", "tolerable_rate": 0.1, "rate_treated": 0.15, "source": "s"},
}


@pytest.mark.parametrize("changes", [{}, MANY_DRAWS], ids=["default", "imputed, with looks"])
def test_a_replicate_does_not_depend_on_how_many_are_asked_for_or_by_how_many_threads(changes):
    few, many = simulated(replicates=130, **changes), simulated(replicates=317, workers=2, **changes)
    _same(few, many, 130)


def test_the_seed_decides_the_trials():
    first, again, other = (simulated(replicates=20, seed=seed).course.day for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_progress_is_told_for_every_replicate_and_every_curve():
    told, drawn, prepared = [], [], prepared_trial()
    simulate_replicates(prepared, replicates=230, on_progress=told.append)
    assert sum(told) == 230
    sample_size_curves(prepared, replicates=10, on_progress=drawn.append)
    assert sum(drawn) == 2


def test_a_withdrawal_is_no_improvement_in_one_strategy_and_absent_in_the_other():
    complete = ais_endpoint(missing="complete_case")
    complete["estimand"] = {**complete["estimand"], "strategy": "hypothetical"}
    dropout = {"rate": 0.3, "log_odds_per_motor_point": -0.02, "source": "test"}
    composite, absent = (
        simulated(replicates=200, dropout=dropout, endpoints=[endpoint]).scenarios[1].primary.arms[0]
        for endpoint in (ais_endpoint(), complete)
    )
    assert 0 < composite.truth.value < absent.truth.value
    share = composite.truth.value / absent.truth.value
    assert share == pytest.approx(0.7, abs=0.05)
    assert (composite.described.control_mean < absent.described.control_mean).mean() > 0.95


def test_unequal_randomisation_keeps_its_ratio_of_treated_to_control():
    sizes = {"randomisation": {"ratio": [1, 2], "block_size": 6, "stratify_by": ["grade"]}, "size": {"total": 90}}
    narrow, even = (findings_of(replicates=600, **each) for each in (sizes, {"size": {"total": 90}}))
    spread = [each.scenarios[1].endpoints[1].arms[0].characteristics.rmse for each in (narrow, even)]
    expected = np.sqrt((1 / 30 + 1 / 60) / (2 / 45))
    assert spread[0] / spread[1] == pytest.approx(expected, rel=0.12)


def test_an_earlier_endpoint_loses_fewer_patients():
    late, early = uems_endpoint(name="late"), uems_endpoint(name="early", day=90, primary=True)
    scenario = simulated(replicates=1, endpoints=[late, early]).scenarios[0]
    lost = [each.potential_outcomes.losses.withdrawn[:, -1].mean() for each in scenario.endpoints]
    assert lost[0] == pytest.approx(0.15)
    assert 0 < lost[1] < lost[0]


def test_without_withdrawal_and_effect_the_estimate_is_the_difference_of_the_arms():
    dropout = {"rate": 0, "log_odds_per_motor_point": 0, "source": "test"}
    arm = simulated(replicates=30, dropout=dropout).scenarios[0].primary.arms[0]
    difference = arm.described.treated_mean - arm.described.control_mean
    assert arm.estimates.estimate[:, -1] == pytest.approx(difference)


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_the_places_of_people_in_their_group_do_not_matter_to_its_truth(order):
    bank, rows = shared_bank(), shared_bank().rows[:, :, ::-1]
    if order == "shuffled":
        rows = np.random.default_rng(2).permuted(rows, axis=2)
    rows = rows.ravel()
    no_losses = {"rate": 0.0, "log_odds_per_motor_point": 0.0, "source": "s"}
    endpoints = [ais_endpoint(), {"name": "g", "day": 225, **PAIRS}, {"name": "s", "day": 225, "measure": "scim"}]
    here, there = (
        simulated(replicates=1, bank=each, endpoints=endpoints, dropout=no_losses).scenarios[1]
        for each in (bank, _reordered(bank, rows))
    )
    for one, other in zip(here.endpoints, there.endpoints, strict=True):
        assert one.arms[0].truth.value == pytest.approx(other.arms[0].truth.value, rel=1e-9)


def _reordered(bank, rows):
    changed = {}
    for item in fields(bank):
        value = getattr(bank, item.name)
        if item.name == "outcomes":
            value = {world: _rows_of(each, rows) for world, each in value.items()}
        elif item.name == "dose_day":
            value = {world: each[rows] for world, each in value.items()}
        elif isinstance(value, np.ndarray):
            value = value[rows]
        changed[item.name] = value
    return type(bank)(**changed)


def _rows_of(outcomes, rows):
    return type(outcomes)(*(getattr(outcomes, item.name)[rows] for item in fields(outcomes)))


RESPONSES = {
    kind: [name for name, each in MEASURES.items() if each.kind == kind] for kind in ("binary", "score", "ordinal")
}


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_small_designs_drawn_at_random_never_fail_and_give_json(data):
    kind = data.draw(st.sampled_from(sorted(RESPONSES)))
    measure = data.draw(st.sampled_from(RESPONSES[kind]))
    usable = [name for name in ANALYSES[kind] if METHODS[name].needs == "scores" and name != "single_arm_exact"]
    total = data.draw(st.integers(2, 8)) * 2
    changes = {
        **_only(
            measure=measure, analysis=data.draw(st.sampled_from(usable)), day=data.draw(st.sampled_from([90, 225]))
        ),
        "size": {"total": total},
        "dropout": {"rate": data.draw(st.sampled_from([0.0, 0.5, 0.95])), "source": "s"},
        "randomisation": {"method": data.draw(st.sampled_from(["simple", "permuted_block"]))},
    }
    if data.draw(st.booleans()) and total > 8:
        changes["looks"] = {"information": [0.5, 1.0]}
    result = result_of(findings_of(replicates=5, curve=2, **changes))
    assert "NaN" not in to_json(to_plain(result))
    assert all(0 <= scenario.reject_rate <= 1 for scenario in result.scenarios)


@pytest.mark.parametrize("looks", [{}, {"looks": {"information": [0.5, 1.0]}}])
def test_theory_is_silent_where_hardly_anyone_is_left_to_analyse(looks):
    changes = {
        **_only(measure="uems", analysis="ancova", day=225),
        "size": {"total": 10},
        "dropout": {"rate": 0.95, "source": "s"},
    }
    found = result_of(findings_of(replicates=5, curve=2, **changes, **looks))
    assert {each.endpoints[0].theory_reject_rate for each in found.scenarios} == {None}


@pytest.mark.parametrize(
    "endpoint",
    [
        ais_endpoint(),
        {"name": "E", "day": 225, "measure": "uems_change", "analysis": "mmrm"},
        {"name": "E", "day": 225, "measure": "uems_change", "missing": "multiple_imputation"},
        {"name": "E", "day": 225, "measure": "ais_grade"},
        {"name": "E", "day": 225, "measure": "total_motor", "analysis": "transitional_ordinal"},
        {"name": "E", "day": 225, **PAIRS},
    ],
    ids=lambda endpoint: endpoint.get("analysis", endpoint["measure"]),
)
def test_trials_that_lose_nearly_everybody_are_counted_and_never_fatal(endpoint):
    lossy = {"rate": 0.95, "log_odds_per_motor_point": -0.02, "source": "test"}
    findings = findings_of(replicates=60, size={"total": 4}, dropout=lossy, endpoints=[endpoint])
    found = findings.scenarios[0].primary.arms[0].characteristics
    assert found.failures > 0 or endpoint["measure"] == "ais_improvement"
    assert found.reject.value <= 0.1
    assert "NaN" not in to_json(to_plain(result_of(findings)))


def test_a_rate_without_replicates_is_no_number():
    assert np.isnan(rate(np.zeros(0, bool)).value)


def test_sham_and_placebo_are_controls_alike():
    sham = simulated(replicates=20, arms=[{**PLACEBO, "name": "sham", "control": "sham"}, CELLS])
    _same(simulated(replicates=20), sham, 20)
