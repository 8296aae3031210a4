"""A file of one kind given where another is wanted is told what it is, and which command and function it is for."""

import pytest

import cordwise
from cordwise.base.errors import InputError
from cordwise.base.examples import examples
from cordwise.base.inputs import read_input
from cordwise.base.kinds import ALL_KINDS, kind_of_file
from cordwise.base.tables import table_bytes
from paths import ROOT

ONE = {
    "study": ROOT / "studies" / "honmou2021.toml",
    "design": ROOT / "designs" / "subacute_msc.toml",
    "escalation": ROOT / "designs" / "escalation_msc.toml",
    "search": ROOT / "searches" / "subacute_msc.toml",
    "patient": ROOT / "patients" / "central_c.toml",
    "experiment": ROOT / "experiments" / "t06_graft_timing.toml",
}
USE = {
    "study": "`cordwise appraise` or `cordwise.read_study`",
    "design": "`cordwise trial simulate` or `cordwise.read_design`",
    "escalation": "`cordwise trial escalate` or `cordwise.read_escalation`",
    "search": "`cordwise trial optimise` or `cordwise.read_search`",
    "patient": "`cordwise patient simulate` or `cordwise.read_patient`",
    "experiment": "`cordwise cord perturb` or `cordwise.read_experiment`",
}
FOLDER = {kind.name: kind.folder for kind in ALL_KINDS}


@pytest.mark.parametrize("wanted", ONE)
@pytest.mark.parametrize("given", ONE)
def test_every_kind_is_taken_as_itself_and_told_apart_from_every_other(wanted, given):
    if wanted == given:
        assert read_input(ONE[given], FOLDER[wanted], wanted).path == ONE[given]
        return
    with pytest.raises(InputError) as refused:
        read_input(ONE[given], FOLDER[wanted], wanted)
    (fault,) = refused.value.faults
    assert fault.where == str(ONE[given])
    assert wanted in fault.expected
    assert given in fault.found
    assert USE[given] in fault.advice


@pytest.mark.parametrize("folder", ["studies", "designs", "searches", "patients", "experiments"])
def test_every_example_is_of_a_kind_of_its_folder(folder):
    kinds = {kind_of_file(each).folder for each in examples(folder)}
    assert kinds == {folder}


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
def test_the_function_that_is_named_exists(kind):
    assert kind.function in cordwise.__all__


def test_a_design_with_a_table_of_another_kind_is_still_read_as_a_design(tmp_path):
    (tmp_path / "d.toml").write_text(ONE["design"].read_text() + "\n[toxicity]\nmost = 0.3\n")
    assert "toxicity" in read_input(tmp_path / "d.toml", "designs", "design").tables


def test_a_table_and_a_folder_of_a_run_are_told_too(tmp_path):
    (tmp_path / "registry.csv").write_text("target_id,measure,statistic,value\n")
    with pytest.raises(InputError, match=r"population check"):
        read_input(tmp_path / "registry.csv", "studies")
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(InputError, match=r"This is a run folder: use `cordwise report`"):
        read_input(tmp_path, "studies")


@pytest.mark.parametrize("text", ["", "x = 1\n", "[study\n", "\x00"])
def test_a_file_of_no_kind_has_no_kind(tmp_path, text):
    (tmp_path / "x.toml").write_text(text)
    assert kind_of_file(tmp_path / "x.toml") is None


def test_examinations_given_as_targets_are_told_apart_by_their_columns(tmp_path):
    (tmp_path / "exams.csv").write_text("id,vac,dap,right_motor_C5\n")
    with pytest.raises(InputError, match="a file of examinations: use `cordwise exam batch`"):
        table_bytes(tmp_path / "exams.csv")
    for header in ("a;b;c\n", "record_id,value,measure,C5R\n"):
        (tmp_path / "other.csv").write_text(header)
        assert kind_of_file(tmp_path / "other.csv") is None


@pytest.mark.parametrize("text", ["x = " + "[" * 20_000, "x = " + "9" * 6_000])
def test_toml_that_python_gives_up_on_is_a_fault_like_any_other(tmp_path, text):
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(InputError, match="expected TOML"):
        read_input(tmp_path / "x.toml", "studies")
