"""The result of a trial: JSON, required sizes, and words that come from the numbers."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.codec import from_plain, to_plain
from cordwise.base.errors import ModelError
from cordwise.base.provenance import to_json
from cordwise.population.case_mix.match import CaseMixMatch, MatchedRow
from cordwise.present.trial.text import answer, text
from cordwise.stats.nested_means import Nesting, nested_rate
from cordwise.trial.characteristics import findings as findings_module
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.sample_size import CurvePoint, SizeCurve, required_size, set_sizes
from cordwise.trial.characteristics.scenario_result import AdjustedEstimate, ScenarioResult
from cordwise.trial.characteristics.theory import TheoryComparison, must_agree, theory_n_per_arm
from trial_bank import THREE_ARMS, findings_of, result_of, shared_bank, simulated, synthetic_bank

SCENARIOS = [
    {"name": "none to see", "description": "next to nothing happens", "translation": 0.01},
    {"name": "large", "description": "much happens", "assumed_log_odds": 1.0, "onset_days": 30},
]


@pytest.fixture(scope="module")
def findings():
    bank = synthetic_bank({"none to see: cells": (0.0, 0.0), "large: cells": (5.0, 0.4)})
    return findings_of(replicates=600, seed=4, curve=500, bank=bank, scenarios=SCENARIOS)


@pytest.fixture(scope="module")
def result(findings):
    return result_of(findings)


NESTING = Nesting(np.arange(1000) % 50, np.arange(1000) // 50 % 2, 50)


def _curve(*rates):
    points = [nested_rate(np.arange(1000) < round(1000 * value), NESTING) for value in rates]
    z = np.random.default_rng(1).normal(2.0, 1.0, 1000)
    of_sets = set_sizes(z, NESTING, n_per_arm=20.0, alpha=0.05)
    return SizeCurve(tuple(CurvePoint(10.0 * (i + 1), point) for i, point in enumerate(points)), of_sets)


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
        theory = theory_n_per_arm(findings.result.plan, endpoint.result.potential_outcomes, power=0.8)
        assert endpoint.arms[0].theory_n_per_arm == theory
        assert endpoint.required.n_per_arm == pytest.approx(theory, rel=0.15)


def test_the_result_is_plain_json_with_the_keys_others_read(result):
    again = to_plain(result)
    assert "NaN" not in to_json(again)
    assert again["kind"] == "trial"
    assert [scenario["name"] for scenario in again["scenarios"]] == ["null", "none to see", "large"]
    keys = {"reject_rate", "mcse", "expected_n", "expected_duration_days", "bias", "coverage", "endpoints"}
    assert all(keys <= set(scenario) for scenario in again["scenarios"])
    assert keys | {"total_error", "low95", "high95", "error"} <= set(again["scenarios"][0])
    assert again["assurance"] == {each["name"]: each["reject_rate"] for each in again["scenarios"][1:]}
    assert {"scenario", "endpoint", "n_per_arm", "reject_rate", "mcse"} <= set(again["sample_size_curve"][0])


def test_the_scenario_repeats_its_primary_endpoint(result):
    for scenario in result.scenarios:
        (primary,) = scenario.primary
        assert (scenario.reject_rate, scenario.bias) == (primary.reject_rate, primary.bias)


def test_an_effect_that_is_not_there_needs_more_patients_than_the_curve_has(result):
    required = {(row.scenario, row.endpoint): row for row in result.required_size}
    nothing = required["none to see", "AIS"]
    assert (nothing.relation, nothing.theory_n_per_arm) == ("more than", None)
    assert required["large", "UEMS"].relation == "about"


def test_the_answer_is_built_from_the_numbers(result):
    null, _, large = result.scenarios
    assert f"{null.reject_rate:.3f} (MCSE {null.mcse:.3f}, total error {null.total_error:.3f}) of" in answer(result)
    assert "a total error that is smaller may be as large as that" in answer(result)
    assert answer(result).startswith("If next to nothing happens, the true difference is")
    assert f"{100 * large.estimand_true:+.1f} percentage points" in answer(result)
    assert "reaches an assurance of 0.8 in: large." in answer(result)


def test_every_assumption_says_where_it_comes_from(result):
    assert all(row.source and row.status in {"fitted", "judgement"} for row in result.assumptions)
    assert any("assumed, not derived" in row.what for row in result.assumptions)


def test_example_trials_are_single_replicates(result, findings):
    first = findings.scenarios[2].primary.result.arms[0].estimates
    shown = [row for row in result.example_trials if row.scenario == "large"]
    assert [row.estimate for row in shown] == first.estimate[:3, 0].tolist()
    assert [row.ends == "rejects" for row in shown] == (first.p[:3, 0] <= 0.05).tolist()
    assert len({row.scenario for row in result.example_trials}) == 3


def test_the_words_show_each_endpoint_of_each_scenario_and_the_context_of_use(result):
    told = text(result)
    rows = [line for line in told.splitlines() if "MCSE" in line and "|" not in line and "coverage" not in line]
    assert sum(line.startswith(("null ", "none to see ", "large ")) for line in rows) == 6
    assert "Not for decisions about a patient's care." in told


@pytest.fixture(scope="module")
def staged():
    looks = {"patients": [40, 80, 120], "futility": {"values": [0, 0]}}
    return result_of(findings_of(replicates=600, looks=looks))


def test_what_happens_at_each_look_adds_up(staged):
    for scenario in staged.scenarios:
        looks = scenario.looks
        assert [look.patients_analysed for look in looks] == [40, 80, 120]
        assert sum(look.stopped_for_efficacy for look in looks) == pytest.approx(scenario.reject_rate)
        assert sum(look.stopped_for_futility for look in looks) == pytest.approx(scenario.stopped_for_futility)
        assert looks[0].efficacy_z > looks[1].efficacy_z > looks[2].efficacy_z
        assert scenario.expected_analysed < 120
        assert scenario.endpoints[0].nominal == 0.025
        assert scenario.endpoints[1].nominal == 0.05


def test_examples_show_every_look_up_to_their_end(staged):
    endings = {row.ends for row in staged.example_trials}
    assert endings <= {"rejects", "does not reject", "stopped for futility", "stopped for harm"}
    for row in staged.example_trials:
        assert [look.look for look in row.looks] == list(range(1, len(row.looks) + 1))
        assert row.looks[-1].estimate == row.estimate
        crossed = [look.z >= look.efficacy_z for look in row.looks]
        assert crossed == [False] * (len(crossed) - 1) + [row.ends == "rejects"]


def test_the_words_of_looks_and_of_several_arms_show_each(staged):
    told = text(staged)
    assert sum("3.710" in line for line in told.splitlines()) == 2
    three = result_of(findings_of(replicates=100, **THREE_ARMS))
    assert "AIS, high" in text(three)
    assert "(low) and" in answer(three)


def test_the_patients_needed_are_told_by_day_of_enrolment(findings):
    days = [EnrolmentDay(day, "AIS", 0.2, 0.3, 0.4, n) for day, n in ((3.0, 90.4), (28.0, 70.2), (90.0, 51.0))]
    falling = result_of(findings, days)
    assert "fall with every later day" in answer(falling)
    assert "90 per arm on day 3, 51 on day 90" in answer(falling)
    rising = result_of(findings, [days[0], EnrolmentDay(14.0, "AIS", 0.2, 0.3, 0.4, 95.0)])
    assert "do not fall with every later day" in answer(rising)
    assert "most, 95, on day 14" in answer(rising)
    assert any(line.split()[:2] == ["3", "90"] for line in text(falling).splitlines())


def test_simulation_that_parts_from_theory_is_an_error_and_not_a_result(monkeypatch):
    result = simulated(replicates=400, size={"total": 60})
    monkeypatch.setattr(findings_module, "theory_reject_rate", lambda *_: 0.9)
    with pytest.raises(ModelError, match=r"endpoint AIS, arm cells: rejects: expected about 0\.900") as caught:
        find(result, shared_bank(), {})
    assert caught.value.exit_code == 3
    assert str(caught.value).count("as theory says") >= 3


@pytest.mark.parametrize(
    ("simulated_rate", "per_arm", "replicates", "parts"),
    [(0.80, 60.0, 10_000, False), (0.70, 60.0, 10_000, True), (0.70, 10.0, 10_000, False), (0.70, 60.0, 100, False)],
)
def test_small_trials_and_few_replicates_are_not_held_to_theory(simulated_rate, per_arm, replicates, parts):
    mcse = (simulated_rate * (1 - simulated_rate) / replicates) ** 0.5
    rate = replace(nested_rate(np.zeros(1000, bool), NESTING), value=simulated_rate, replicates=mcse)
    one = TheoryComparison("here", rate, 0.81, per_arm, replicates, 0.03)
    assert one.parts == parts
    if parts:
        with pytest.raises(ModelError, match="here"):
            must_agree([one])
    else:
        must_agree([one])


def test_a_result_is_read_back_as_it_was_written(staged):
    for scenario in staged.scenarios:
        assert from_plain(ScenarioResult, to_plain(scenario)) == scenario
    assert isinstance(staged.scenarios[1].primary[0].after_stopping, AdjustedEstimate)


def test_a_number_that_does_not_exist_is_none(findings):
    lost = findings_of(replicates=20, size={"total": 4}, dropout={"rate": 0.95, "source": "s"})
    scenario = result_of(lost).scenarios[0]
    assert scenario.endpoints[1].estimand_true == 0
    assert None in {scenario.endpoints[1].coverage, scenario.endpoints[1].control_sd, scenario.endpoints[1].rmse}


def test_a_trial_weighed_to_a_case_mix_tells_what_it_misses(result):
    off = MatchedRow("R03", "uems", 33.2, 20.0, 29.8, 3.1, 0.6)
    met = MatchedRow("R04", "lems", 10.0, 12.0, 10.1, 0.4, 0.6)
    matched = replace(result, case_mix=CaseMixMatch(0.5, (off, met), 200.0, 90.0, 9.0, 10))
    words = text(matched)
    assert "9 of 10 parameter sets count" in words
    assert "row R03, uems 33.2: simulated people can be weighed to 29.8, off by 3.1 standard errors" in words
    assert "R04" not in words
    assert from_plain(type(matched), to_plain(matched)).case_mix == matched.case_mix
    assert "case_mix" not in to_plain(result)
