"""A design with some of its values varied: every combination, the largest as a trial of its own would be."""

import sys

import pytest

from cordwise.bank.bank import build_bank
from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.population.choice import choose_population
from cordwise.population.posterior import load_posterior
from cordwise.present.presenters import read_result, report_html
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import find
from cordwise.trial.collect import scenario_result
from cordwise.trial.observe.counterfactuals import bank_spec, scenario_counterfactuals
from cordwise.trial.plan.plan import plan_trial
from cordwise.trial.sweep import sweep
from trial_bank import ais_endpoint, synthetic_design

GRID = {"size.total": [60, 120], "dropout.rate": [0.0, 0.4]}
SMALL = {"replicates": 100, "seed": 5, "sets": 4}


@pytest.fixture(scope="module")
def swept():
    return sweep(synthetic_design(), GRID, **SMALL)


def test_every_combination_is_simulated_the_last_path_varying_fastest(swept):
    assert [tuple(each.values.values()) for each in swept.designs] == [(60, 0.0), (60, 0.4), (120, 0.0), (120, 0.4)]
    assert [each.name for each in swept.designs[0].scenarios] == ["null", "assumed"]
    assert [each.scenarios[0].expected_n for each in swept.designs] == [60, 60, 120, 120]


def test_more_patients_and_fewer_losses_find_more(swept):
    small, lossy, large, lossy_large = (each.scenarios[1] for each in swept.designs)
    assert large.reject_rate > small.reject_rate > lossy.reject_rate - 2 * lossy.mcse
    assert small.estimand_true > lossy.estimand_true  # who withdrew counts as not improved
    assert lossy.estimand_true == lossy_large.estimand_true  # the same patients of the same bank


def test_the_largest_combination_is_the_trial_that_it_would_be_on_its_own(swept):
    plan = plan_trial(synthetic_design().with_(size={"total": 120}, dropout={"rate": 0.4}))
    streams, spec = Streams(SMALL["seed"]), bank_spec(plan, sets=SMALL["sets"])
    bank = build_bank(spec, load_posterior(), streams, counterfactuals=scenario_counterfactuals(plan, streams))
    trials = simulate_replicates(prepare(plan, bank, streams), replicates=SMALL["replicates"])
    findings = find(trials, bank, {})
    for here, there in zip(swept.designs[3].scenarios, findings.scenarios, strict=True):
        alone = scenario_result(findings, there)
        assert here.primary == alone.primary
        assert here.expected_duration_days == alone.expected_duration_days


def test_who_enters_a_combination_is_decided_by_the_whole_design_and_not_by_the_primary_endpoint_alone():
    second = ais_endpoint(name="both", primary=False, confirmed=True)
    design = synthetic_design(endpoints=[ais_endpoint(), second])
    found = sweep(design, {"endpoints.both.confirmed": [False, True]}, **SMALL)
    told = [row.what for row in found.assumptions]
    assert "grades are confirmed: who enters" in told
    once, twice = (each.scenarios[1] for each in found.designs)
    assert once.estimand_true != twice.estimand_true  # other people enter


def test_the_frame_has_a_row_for_each_combination_and_scenario(swept):
    frame = swept.to_frame()
    assert frame.columns[:5] == ["size.total", "dropout.rate", "scenario", "is_null", "reject_rate"]
    assert frame.height == 8
    assert {"mcse", "expected_n", "expected_duration_days", "bias", "coverage"} <= set(frame.columns)


def test_a_sweep_is_read_back_and_shown(swept):
    again = read_result(swept.to_dict())
    assert again.to_dict() == swept.to_dict()
    assert report_html(again) == report_html(swept)
    assert "size.total (60, 120) and dropout.rate (0, 0.4): 4 designs" in str(swept)
    lines = [line.split()[:3] for line in str(swept).splitlines()]
    assert ["120", "0.4", "assumed"] in lines
    assert len(swept.chart("power").to_dict()["vconcat"][0]["hconcat"]) == 2


@pytest.mark.parametrize(
    ("grid", "where", "expected"),
    [
        ({"size.total": [0, 60]}, "grid, size.total = 0: size.total", "4 or more"),
        ({"size.totl": [60]}, "grid, size.totl = 60: size.totl", "one of total"),
        ({"arms.nobody.day": [50]}, "grid, arms.nobody.day = 50: arms.nobody.day", "placebo, cells"),
        pytest.param(
            {"size.total": 60},
            "grid, size.total",
            "a list of values",
            marks=pytest.mark.skipif("--jaxtyping-packages" in sys.argv, reason="types are checked first"),
        ),
        ({"size.total": "ab"}, "grid, size.total", "a list of values"),
        ({}, "grid", "a path with its values"),
        ({"size.total": list(range(4, 1000))}, "grid", "at most 600"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_by_its_path_and_value(grid, where, expected):
    with pytest.raises(InputError) as caught:
        sweep(synthetic_design(), grid, seed=1)
    assert where in {fault.where for fault in caught.value.faults}
    assert any(expected in fault.expected for fault in caught.value.faults)


def test_a_sweep_records_whose_recovery_it_assumes():
    own = choose_population(registry="emsci")
    found = sweep(synthetic_design(), {"size.total": [60]}, population=own, replicates=100, seed=5, sets=2)
    assert found.provenance.options["registry"] == "EMSCI"
