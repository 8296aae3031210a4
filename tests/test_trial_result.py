"""The result of a trial: JSON, required sizes, and words that come from the numbers."""

import json

import pytest

from cordwise.provenance import to_json
from cordwise.randomness import Streams
from cordwise.trial.characteristics import Simulated
from cordwise.trial.findings import find
from cordwise.trial.plan import plan_trial
from cordwise.trial.result import trial_json
from cordwise.trial.sample_size import CurvePoint, required_size
from cordwise.trial.simulate import simulate_trial
from cordwise.trial.theory import theory_n_per_arm
from cordwise.trial.words import summary
from trial_bank import synthetic_bank, synthetic_design

SCENARIOS = [
    {"name": "none to see", "description": "next to nothing happens", "translation": 0.01},
    {"name": "large", "description": "much happens", "assumed_log_odds": 1.0, "onset_days": 30},
]


@pytest.fixture(scope="module")
def findings():
    plan = plan_trial(synthetic_design(scenarios=SCENARIOS))
    bank = synthetic_bank({"none to see": (0.0, 0.0), "large": (5.0, 0.4)})
    return find(simulate_trial(plan, bank, Streams(4), replicates=600))


@pytest.fixture(scope="module")
def result(findings):
    return trial_json(findings)


def _curve(*rates):
    return [CurvePoint(10.0 * (i + 1), Simulated(value, 0.0)) for i, value in enumerate(rates)]


def test_the_required_size_lies_between_the_points_around_the_power():
    found = required_size(_curve(0.3, 0.7, 0.9))
    assert found.relation == "about"
    assert 20 < found.n_per_arm < 30


def test_a_power_beyond_the_curve_is_said_to_be_beyond_it():
    assert required_size(_curve(0.1, 0.2)).relation == "more than"
    assert required_size(_curve(0.1, 0.2)).n_per_arm == 20
    assert required_size(_curve(0.9, 1.0)).relation == "at most"


def test_noise_does_not_bend_the_curve_down():
    assert required_size(_curve(0.5, 0.82, 0.79, 0.9)).n_per_arm <= 20


def test_simulated_and_theoretical_sizes_agree(findings):
    large = findings.scenarios[2]
    for endpoint in large.endpoints:
        theory = theory_n_per_arm(findings.result.plan, endpoint.result.prospects, power=0.8)
        assert endpoint.required.n_per_arm == pytest.approx(theory, rel=0.15)


def test_the_result_is_plain_json_with_the_keys_others_read(result):
    again = json.loads(to_json(result))
    assert again["kind"] == "trial"
    assert [scenario["name"] for scenario in again["scenarios"]] == ["null", "none to see", "large"]
    keys = {"reject_rate", "mcse", "expected_n", "expected_duration_days", "bias", "coverage", "endpoints"}
    assert all(keys <= set(scenario) for scenario in again["scenarios"])
    assert {"scenario", "endpoint", "n_per_arm", "reject_rate", "mcse"} == set(again["sample_size_curve"][0])


def test_the_scenario_repeats_its_primary_endpoint(result):
    for scenario in result["scenarios"]:
        primary = next(endpoint for endpoint in scenario["endpoints"] if endpoint["primary"])
        assert (scenario["reject_rate"], scenario["bias"]) == (primary["reject_rate"], primary["bias"])


def test_an_effect_that_is_not_there_needs_more_patients_than_the_curve_has(result):
    required = {(row["scenario"], row["endpoint"]): row for row in result["required_size"]}
    nothing = required["none to see", "AIS"]
    assert (nothing["relation"], nothing["theory_n_per_arm"]) == ("more than", None)
    assert required["large", "UEMS"]["relation"] == "about"


def test_the_answer_is_built_from_the_numbers(result):
    null, _, large = result["scenarios"]
    assert f"{null['reject_rate']:.3f} (MCSE {null['mcse']:.3f}) of simulated trials" in result["answer"]
    assert f"{100 * large['estimand_true']:+.1f} percentage points" in result["answer"]
    assert result["answer"].endswith("reaches a power of 0.8 in: large.")


def test_every_assumption_says_where_it_comes_from(result):
    assert all(row["source"] and row["status"] in {"fitted", "judgement"} for row in result["assumptions"])
    assert any("assumed, not derived" in row["what"] for row in result["assumptions"])


def test_example_trials_are_single_replicates(result, findings):
    first = findings.scenarios[2].primary.result.estimates
    shown = [row for row in result["example_trials"] if row["scenario"] == "large"]
    assert [row["estimate"] for row in shown] == first.estimate[:3].tolist()


def test_the_words_show_each_endpoint_of_each_scenario_and_the_context_of_use(result):
    text = summary(result)
    rows = [line for line in text.splitlines() if "MCSE" in line and "|" not in line and "coverage" not in line]
    assert sum(line.startswith(("null ", "none to see ", "large ")) for line in rows) == 6
    assert "Not for decisions about a patient's care." in text
