"""Designs side by side on the same simulated patients: differences, their errors, and what one design lacks."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.provenance import to_json
from cordwise.base.randomness import Streams
from cordwise.present.trial.compare.text import summary
from cordwise.trial.compare.entrants import draws_are_shared, entrants, read_entrants, shared_patients
from cordwise.trial.compare.result import comparison_json
from cordwise.trial.compare.run import compare_designs, simulate_entrant
from trial_bank import ais_endpoint, raw_design, synthetic_bank, synthetic_design, uems_endpoint

REPLICATES = 300
EFFECTS = {"assumed: cells": (3.0, 0.2), "other: cells": (1.0, 0.1)}
OTHER = [{"name": "other", "description": "another effect", "assumed_log_odds": 0.3, "onset_days": 30}]
ASSUMED = raw_design()["scenarios"]


def _compared(*designs, banks=None):
    bank = synthetic_bank(EFFECTS)
    given = entrants([(Path(f"{place}.toml"), each) for place, each in enumerate(designs)])
    banks = banks or [bank] * len(designs)
    return [
        simulate_entrant(each, own, Streams(2), replicates=REPLICATES) for each, own in zip(given, banks, strict=True)
    ]


def _json(compared):
    return comparison_json(compared, seed=2, replicates=REPLICATES)


@pytest.fixture(scope="module")
def itself():
    return _json(_compared(synthetic_design(), synthetic_design()))


@pytest.fixture(scope="module")
def mixed():
    """The AIS design, a UEMS design of the same size, and a smaller one with a scenario of its own."""
    uems = synthetic_design(name="UEMS first", endpoints=[ais_endpoint(primary=False), uems_endpoint(primary=True)])
    small = synthetic_design(name="smaller", size={"total": 80}, scenarios=[*ASSUMED, *OTHER])
    return _compared(synthetic_design(), uems, small)


def test_a_design_compared_with_itself_differs_by_exactly_nothing(itself):
    assert len(itself["differences"]) == 2
    for row in itself["differences"]:
        assert row["error"] == "paired"
        for key in ("reject_rate", "mcse", "expected_n", "expected_n_mcse", "expected_duration_days"):
            assert row[key] == 0
    assert "no different from the first" in itself["answer"]


def test_the_same_file_twice_gets_two_labels(itself):
    labels = [each["label"] for each in itself["designs"]]
    assert len(set(labels)) == 2


def test_paired_errors_are_those_of_the_difference_of_each_replicate(mixed):
    first, second, _ = mixed
    assert draws_are_shared(first, second)
    row = next(
        each for each in _json(mixed)["differences"] if each["design"] == second.label and each["scenario"] == "assumed"
    )
    success = [each.findings.scenarios[1].stops.any_success.astype(float) for each in (first, second)]
    apart = success[1] - success[0]
    assert row["reject_rate"] == pytest.approx(apart.mean())
    assert row["mcse"] == pytest.approx(apart.std(ddof=1) / np.sqrt(REPLICATES))


def test_designs_of_other_sizes_have_errors_that_add(mixed):
    first, _, small = mixed
    result = _json(mixed)
    row = next(
        each for each in result["differences"] if each["design"] == small.label and each["scenario"] == "assumed"
    )
    cells = {each["design"]: each for each in result["scenarios"][1]["results"]}
    assert row["error"] == "independent"
    together = np.hypot(cells[first.label]["mcse"], cells[small.label]["mcse"])
    assert row["mcse"] == pytest.approx(together, rel=0.01)


def test_a_scenario_that_a_design_lacks_is_shown_as_missing(mixed):
    result = _json(mixed)
    other = next(each for each in result["scenarios"] if each["name"] == "other")
    assert [each["is_missing"] for each in other["results"]] == [True, True, False]
    assert "The scenario other is missing from synthetic and UEMS first." in result["answer"]
    assert "missing from this design" in summary(result)


def test_endpoints_on_different_scales_are_said_to_be_so(mixed, itself):
    words = "cannot be set beside each other"
    assert words in _json(mixed)["answer"]
    assert words not in itself["answer"]


def test_a_scenario_that_means_something_else_elsewhere_is_told():
    weaker = synthetic_design(name="weaker", scenarios=[{**ASSUMED[0], "assumed_log_odds": 0.2}])
    result = _json(_compared(synthetic_design(), weaker))
    assert [each["same_assumption"] for each in result["scenarios"]] == [True, False]
    assert "does not assume the same" in result["answer"]


def test_shared_patients_are_counted_by_their_number_not_by_their_place():
    bank = synthetic_bank(EFFECTS)
    moved = replace(bank, ids=bank.ids + len(bank) // 4)
    one, other = _compared(synthetic_design(), synthetic_design(name="moved"), banks=[bank, moved])
    assert shared_patients(one, other) == len(bank) - len(bank) // 4
    assert not draws_are_shared(one, other)


def test_the_comparison_is_plain_json_with_every_number_of_a_design(mixed):
    again = json.loads(to_json(_json(mixed)))
    assert again["kind"] == "trial_comparison"
    keys = {"reject_rate", "mcse", "expected_n", "expected_duration_days", "arms", "required"}
    for scenario in again["scenarios"]:
        assert all(each["is_missing"] or keys <= set(each) for each in scenario["results"])


def test_one_design_is_no_comparison():
    given = entrants([(Path("a.toml"), synthetic_design())])
    with pytest.raises(InputError) as caught:
        compare_designs(given, seed=1, replicates=1)
    assert [fault.where for fault in caught.value.faults] == ["designs", "--replicates"]


def test_faults_of_all_files_are_told_at_once(tmp_path):
    broken, absent = tmp_path / "broken.toml", tmp_path / "absent.toml"
    broken.write_text('name = "x"\n')
    with pytest.raises(InputError) as caught:
        read_entrants([broken, absent])
    places = [fault.where for fault in caught.value.faults]
    assert any(place.startswith(str(broken)) for place in places)
    assert str(absent) in places


def test_two_windows_are_compared_from_the_patients_to_the_result():
    later = synthetic_design(
        name="later",
        population={**raw_design()["population"], "baseline_day": [60, 70]},
        arms=[raw_design()["arms"][0], {**raw_design()["arms"][1], "day": 75}],
    )
    given = entrants([(Path("a.toml"), synthetic_design()), (Path("b.toml"), later)])
    result = compare_designs(given, seed=1, replicates=20, quiet=True, bank_patients=300)
    (pair,) = result["patients"]
    assert 0 < pair["shared"] < 300
    assert {row["error"] for row in result["differences"]} == {"independent"}
    assert result["numerics"]["words"]
