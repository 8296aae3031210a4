import json

import pytest

from cordwise.base.errors import InputError, ModelError
from cordwise.base.toml import read_toml
from cordwise.cli.escalation import escalate
from cordwise.cli.options import RunOptions
from cordwise.present.trial.escalation.text import summary
from cordwise.trial.escalation import run
from cordwise.trial.escalation.file import check_escalation, read_escalation
from cordwise.trial.escalation.run import run_escalation
from paths import ROOT

EXAMPLE = ROOT / "designs" / "escalation_msc.toml"


@pytest.fixture(scope="module")
def result():
    return run_escalation(read_escalation(EXAMPLE), seed=7, replicates=300, quiet=True)


def scenario(result, design, name):
    found = next(each for each in result["designs"] if each["name"] == design)
    return next(each for each in found["scenarios"] if each["name"] == name)


def test_the_example_opens_with_its_question_and_gives_every_number_a_source():
    assert EXAMPLE.read_text().startswith("# Question: ")
    file = read_escalation(EXAMPLE)
    stated = [file.toxicity, file.accrual, *file.doses, *file.scenarios]
    assert all(each.source for each in stated)
    assert all(each.source.startswith("guess") for each in file.scenarios)


def test_the_result_is_plain_json_whose_shares_add_up(result):
    assert json.loads(json.dumps(result)) == result
    assert result["kind"] == "escalation"
    for design in result["designs"]:
        for each in design["scenarios"]:
            assert sum(each["selected"]) == pytest.approx(1)
            assert sum(each["patients"]) == pytest.approx(each["expected_n"])
            assert each["correct_rate_mcse"] < 0.03


def test_the_expected_answer_of_the_example_holds(result):
    for name in ("third dose right", "highest dose right"):
        rule = scenario(result, "3+3", name)["correct_rate"]
        assert all(scenario(result, design, name)["correct_rate"] > rule for design in ("BOIN", "CRM", "TITE-CRM"))
    for design in ("3+3", "BOIN", "CRM", "TITE-CRM"):
        assert scenario(result, design, "harmless")["selected"][-1] > 0.9
    times = [scenario(result, design, "harmless")["expected_duration_days"] for design in ("TITE-CRM", "CRM")]
    assert times[0] < 0.8 * times[1]


def test_the_same_seed_gives_the_same_result(result):
    again = run_escalation(read_escalation(EXAMPLE), seed=7, replicates=300, quiet=True)
    assert again == result


def test_the_words_name_every_design_and_scenario_and_show_the_decision_table(result):
    text = summary(result)
    assert text.startswith(result["question"])
    for name in ("3+3", "BOIN", "CRM", "TITE-CRM", "third dose right", "close the dose at least"):
        assert name in text


def test_the_command_prints_json_that_records_its_seed(capsys):
    escalate(EXAMPLE, replicates=20, options=RunOptions(json=True, seed=3, quiet=True))
    printed = json.loads(capsys.readouterr().out)
    assert printed["seed"] == 3
    assert printed["provenance"]["command"] == "trial escalate"


def test_a_simulation_that_leaves_the_exact_answer_is_refused(monkeypatch):
    monkeypatch.setattr(run, "_exact", lambda file, truth: (0.9, 0.1, 0.0, 0.0, 0.0, 0.0))
    with pytest.raises(ModelError, match="Monte Carlo errors from the exact"):
        run_escalation(read_escalation(EXAMPLE), seed=7, replicates=300, quiet=True)


def test_one_replicate_has_no_error_and_is_refused():
    with pytest.raises(InputError, match="--replicates"):
        run_escalation(read_escalation(EXAMPLE), seed=1, replicates=1, quiet=True)


def test_every_fault_of_a_file_is_told_at_once_with_its_place():
    raw = read_toml(EXAMPLE)
    raw["doses"][1]["cells"] = 1e6
    raw["size"] |= {"start_dose": 9, "cohort": 4, "patients": 0}
    raw["toxicity"]["target"] = 0.04
    raw["designs"][0]["guess"] = 2
    raw["designs"][2]["guess"] = 8
    raw["designs"][3]["name"] = "CRM"
    del raw["designs"][3]["guess"]
    raw["scenarios"][0]["toxicity"] = [0.1, 0.2]
    raw["scenarios"][1]["toxicity"] = [0.5, 0.4, 0.3, 0.2, 0.1]
    raw["accrual"]["patients_per_month"] = 0.0
    with pytest.raises(InputError) as caught:
        check_escalation(raw, "x.toml")
    assert {fault.where.removeprefix("x.toml: ") for fault in caught.value.faults} == {
        "doses[1].cells",
        "size.start_dose",
        "size.cohort",
        "size.patients",
        "accrual.patients_per_month",
        "designs[0].guess",
        "designs[2].guess",
        "designs[3].name",
        "designs[3].guess",
        "designs[2].halfwidth",
        "designs[3].halfwidth",
        "scenarios[0].toxicity",
        "scenarios[1].toxicity",
    }


@pytest.mark.parametrize(
    "key", ["name", "question", "product", "toxicity", "doses", "size", "accrual", "designs", "scenarios"]
)
def test_a_missing_part_is_a_fault_and_never_a_traceback(key):
    raw = read_toml(EXAMPLE)
    del raw[key]
    with pytest.raises(InputError, match=key):
        check_escalation(raw, "x.toml")


@pytest.mark.parametrize("wrong", [3, [1], {"a": 1}, []])
@pytest.mark.parametrize("key", ["name", "product", "toxicity", "doses", "size", "accrual", "designs", "scenarios"])
def test_a_part_of_the_wrong_kind_is_a_fault_and_never_a_traceback(key, wrong):
    with pytest.raises(InputError, match=key):
        check_escalation({**read_toml(EXAMPLE), key: wrong}, "x.toml")
