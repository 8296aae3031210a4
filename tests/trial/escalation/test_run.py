"""Dose-escalation designs simulated from a file to the result."""

import json
from dataclasses import replace

import pytest

from cordwise.base.errors import InputError, ModelError
from cordwise.cli.escalation import escalate as escalate_command
from cordwise.cli.options import RunOptions
from cordwise.trial.escalation.file import read_escalation
from cordwise.trial.escalation.run import escalate
from paths import ROOT

EXAMPLE = ROOT / "designs" / "escalation_msc.toml"


@pytest.fixture(scope="module")
def result():
    return escalate("escalation_msc", seed=7, replicates=300)


def scenario(result, design, name):
    found = next(each for each in result.designs if each.name == design)
    return next(each for each in found.scenarios if each.name == name)


def test_shares_of_selection_add_up_and_patients_are_those_of_the_doses(result):
    for design in result.designs:
        for each in design.scenarios:
            assert sum(each.selected) == pytest.approx(1)
            assert sum(each.patients) == pytest.approx(each.expected_n)
            assert each.correct_rate_mcse < 0.03


def test_the_expected_answer_of_the_example_holds(result):
    for name in ("third dose right", "highest dose right"):
        rule = scenario(result, "3+3", name).correct_rate
        assert all(scenario(result, design, name).correct_rate > rule for design in ("BOIN", "CRM", "TITE-CRM"))
    for design in ("3+3", "BOIN", "CRM", "TITE-CRM"):
        assert scenario(result, design, "harmless").selected[-1] > 0.9
    times = [scenario(result, design, "harmless").expected_duration_days for design in ("TITE-CRM", "CRM")]
    assert times[0] < 0.8 * times[1]


def test_the_same_seed_gives_the_same_result_whatever_the_threads(result):
    assert escalate(EXAMPLE, seed=7, replicates=300, workers=1).to_dict() == result.to_dict()


def test_a_seed_that_is_not_given_is_drawn_and_stored():
    one, other = (escalate(EXAMPLE, replicates=2) for _ in range(2))
    assert one.seed == one.provenance.seed
    assert one.seed != other.seed


def test_the_text_names_every_design_and_scenario_and_shows_the_decision_table(result):
    text = str(result)
    assert text.startswith(result.question)
    for name in ("3+3", "BOIN", "CRM", "TITE-CRM", "third dose right", "close the dose at least"):
        assert name in text


def test_the_command_prints_json_and_leaves_a_run_folder(capsys, tmp_path):
    options = RunOptions(json=True, seed=3, quiet=True, out=tmp_path / "run")
    escalate_command(EXAMPLE, replicates=20, options=options)
    printed = json.loads(capsys.readouterr().out)
    assert printed["seed"] == 3
    assert printed["provenance"]["command"] == "trial escalate"
    assert (tmp_path / "run" / "input.toml").read_bytes() == EXAMPLE.read_bytes()
    assert {each.name for each in (tmp_path / "run").iterdir()} >= {"doses.parquet", "report.html", "results.json"}


def test_a_simulation_that_leaves_the_exact_answer_is_refused(monkeypatch):
    monkeypatch.setattr("cordwise.trial.escalation.run.three_plus_three", lambda rates: _Exact())
    with pytest.raises(ModelError, match="Monte Carlo errors from the exact"):
        escalate(EXAMPLE, seed=7, replicates=300)


class _Exact:
    selected = (0.9, 0.1, 0.0, 0.0, 0.0, 0.0)


def test_a_trial_too_small_for_the_whole_search_has_no_exact_answer():
    spec = read_escalation(EXAMPLE)
    small = escalate(replace(spec, size=replace(spec.size, patients=12)), seed=7, replicates=20)
    assert scenario(small, "3+3", "harmless").selected_exact is None


def test_one_replicate_has_no_error_and_is_refused():
    with pytest.raises(InputError) as caught:
        escalate(EXAMPLE, seed=1, replicates=1)
    (fault,) = caught.value.faults
    assert (fault.where, fault.is_argument) == ("replicates", True)
