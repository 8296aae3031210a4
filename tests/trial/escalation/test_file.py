"""The escalation file: read by path or name, and every fault in it told at once."""

import pytest

from cordwise.base.errors import InputError
from cordwise.base.toml import read_toml
from cordwise.trial.escalation.file import check_escalation, read_escalation
from paths import ROOT

EXAMPLE = ROOT / "designs" / "escalation_msc.toml"


def test_the_example_opens_with_its_question_and_gives_every_number_a_source():
    assert EXAMPLE.read_text().startswith("# Question: ")
    spec = read_escalation("escalation_msc")
    stated = [spec.toxicity, spec.accrual, *spec.doses, *spec.scenarios]
    assert all(each.source for each in stated)
    assert all(each.source.startswith("guess") for each in spec.scenarios)


def test_a_trial_keeps_the_bytes_of_its_file():
    assert read_escalation(str(EXAMPLE)).origin.data == EXAMPLE.read_bytes()


def test_a_design_is_told_to_be_one():
    with pytest.raises(InputError, match="trial simulate"):
        read_escalation(ROOT / "designs" / "subacute_msc.toml")


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
