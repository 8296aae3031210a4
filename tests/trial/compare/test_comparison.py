"""Designs side by side on the same simulated patients: differences, their errors, and what one lacks."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from comparison_example import ASSUMED, EFFECTS, HOSTILE, compared, mixed, simulated
from cordwise.base.errors import InputError
from cordwise.cli.options import RunOptions
from cordwise.cli.trial_compare import compare
from cordwise.stats.nested_means import nested_mean
from cordwise.trial.compare.designs import compared_designs, origin_of, read_designs
from cordwise.trial.compare.result import MissingScenario
from cordwise.trial.compare.run import compare_trials
from cordwise.trial.compare.simulate import draws_are_shared, shared_patients
from cordwise.trial.observe.counterfactuals import shared_requests
from cordwise.trial.plan.plan import plan_trial
from trial_bank import raw_design, synthetic_bank, synthetic_design


@pytest.fixture(scope="module")
def itself():
    return compared(simulated(synthetic_design(), synthetic_design()))


@pytest.fixture(scope="module")
def three():
    return compared(mixed())


def difference(result, label, scenario="assumed"):
    return next(each for each in result.differences if each.design == label and each.scenario == scenario)


def test_a_design_compared_with_itself_differs_by_exactly_nothing(itself):
    assert len(itself.differences) == 2
    for row in itself.differences:
        assert row.reject_rate == row.mcse == row.expected_n == row.expected_n_mcse == row.expected_duration_days == 0
    assert "no different from the first" in str(itself)


def test_the_same_file_twice_gets_two_labels(itself):
    assert len({each.label for each in itself.designs}) == 2


def test_paired_errors_are_those_of_the_difference_of_each_replicate(three):
    first, second, _ = mixed()
    assert draws_are_shared(first, second)
    row = difference(three, second.label)
    before, after = (each.scenario("assumed").stops.any_success.astype(float) for each in (first, second))
    expected = nested_mean(after - before, first.findings.result.nesting)
    assert (row.reject_rate, row.mcse) == (expected.value, expected.mcse)
    assert row.low95 < row.reject_rate < row.high95


def test_a_smaller_design_shares_so_much_that_their_difference_is_surer_than_the_sum(three):
    row = difference(three, HOSTILE)
    first, _, small = next(each for each in three.scenarios if each.name == "assumed").results
    assert row.reject_rate == pytest.approx(small.reject_rate - first.reject_rate)
    assert row.mcse < np.hypot(first.mcse, small.mcse)


def test_designs_that_differ_in_size_alone_ask_for_the_people_of_the_largest():
    plans = [each.plan for each in compared_designs([synthetic_design(size={"total": size}) for size in (80, 120)])]
    small, large = shared_requests(plans, sets=5)
    assert small == large
    assert (large[0].people, large[0].sets) == (120, 5)
    other = plan_trial(synthetic_design(population={**raw_design()["population"], "grades": ["A"]}))
    assert shared_requests([plans[0], other])[0][0].people == 80


def test_a_scenario_that_a_design_lacks_is_shown_as_missing(three):
    other = next(each for each in three.scenarios if each.name == "other")
    assert [isinstance(each, MissingScenario) for each in other.results] == [True, True, False]
    assert "The scenario other is missing from synthetic and UEMS first." in str(three)
    assert "missing from this design" in str(three)


def test_endpoints_on_different_scales_are_said_to_be_so(three, itself):
    words = "cannot be set beside each other"
    assert words in str(three)
    assert words not in str(itself)


def test_a_scenario_that_means_something_else_elsewhere_is_told():
    weaker = synthetic_design(name="weaker", scenarios=[{**ASSUMED[0], "assumed_log_odds": 0.2}])
    result = compared(simulated(synthetic_design(), weaker))
    assert [each.same_assumption for each in result.scenarios] == [True, False]
    assert "does not assume the same" in str(result)


def test_shared_patients_are_counted_by_their_number_not_by_their_place():
    bank = synthetic_bank(EFFECTS)
    moved = replace(bank, ids=bank.ids + len(bank) // 4)
    one, other = simulated(synthetic_design(), synthetic_design(name="moved"), banks=[bank, moved])
    assert shared_patients(one, other) == len(bank) - len(bank) // 4
    assert not draws_are_shared(one, other)


def test_one_design_is_no_comparison():
    with pytest.raises(InputError) as caught:
        compare_trials([synthetic_design()], seed=1, replicates=1)
    assert [fault.where for fault in caught.value.faults] == ["designs", "replicates"]


def test_faults_of_all_files_are_told_at_once(tmp_path):
    broken, absent = tmp_path / "broken.toml", tmp_path / "absent.toml"
    broken.write_text('name = "x"\n')
    with pytest.raises(InputError) as caught:
        read_designs([broken, absent])
    places = [fault.where for fault in caught.value.faults]
    assert any(place.startswith(str(broken)) for place in places)
    assert str(absent) in places


def test_a_run_keeps_every_design():
    designs = read_designs(["autologous_day45", "off_the_shelf_day7"])
    kept = origin_of(designs)
    assert (kept.name, kept.data) == (designs[0].origin.name, designs[0].origin.data)
    assert kept.companions == {"off_the_shelf_day7.toml": designs[1].origin.data}


def test_files_of_one_name_are_kept_apart():
    design = synthetic_design()
    one, other = (
        replace(design, origin=replace(design.origin, companions={"mix.csv": data})) for data in (b"one", b"other")
    )
    assert {data for name, data in origin_of([one, other]).companions.items() if "mix" in name} == {b"one", b"other"}


def test_two_windows_are_compared_from_the_patients_to_the_result():
    later = synthetic_design(
        name="later",
        population={**raw_design()["population"], "baseline_day": [60, 70]},
        arms=[raw_design()["arms"][0], {**raw_design()["arms"][1], "day": 75}],
    )
    result = compare_trials([synthetic_design(), later], seed=1, replicates=20, sets=2)
    (pair,) = result.patients
    assert 0 < pair.shared < pair.of[0] == 2 * 2 * 120
    assert {each.parameter_sets for each in result.designs} == {2}
    assert result.numerics.words


def test_the_command_prints_json_and_its_run_folder_holds_every_design(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("cordwise.trial.compare.run.compare_trials", lambda designs, **_: compared(mixed()))
    options = RunOptions(json=True, quiet=True, out=tmp_path / "run")
    compare(Path("autologous_day45"), Path("off_the_shelf_day7"), options=options)
    assert json.loads(capsys.readouterr().out)["kind"] == "trial_comparison"
    held = {each.name for each in (tmp_path / "run").iterdir()}
    assert held >= {"input.toml", "off_the_shelf_day7.toml", "results.json", "differences.parquet", "report.html"}
