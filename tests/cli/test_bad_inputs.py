"""What every command answers to bad input: exit code 2 or 3, the place, no traceback, and nothing half-written."""

import errno
import json
import re
import shlex
from pathlib import Path

import pytest

from cordwise.base import memory as capacity
from cordwise.base.errors import InputError
from cordwise.base.provenance import write_atomically
from cordwise.base.run_folder import RunFolder
from cordwise.cli import main
from paths import ROOT

STUDY, DESIGN = ROOT / "studies" / "honmou2021.toml", ROOT / "designs" / "subacute_msc.toml"
PATIENT, EXPERIMENT = ROOT / "patients" / "cervical_b.toml", ROOT / "experiments" / "t06_graft_timing.toml"
CONTENTS = {"empty": b"", "binary": bytes(range(256)), "malformed": b'{[[ = "\n,,\n', "folder": None}
READERS = [
    ("appraise FILE.toml --out run", "FILE.toml"),
    ("trial simulate FILE.toml --out run", "FILE.toml"),
    ("patient simulate FILE.toml --out run", "FILE.toml"),
    ("population check FILE.csv --out run", "FILE.csv"),
    ("population calibrate run --targets FILE.csv", "FILE.csv"),
    ("cord perturb FILE.toml --out run", "FILE.toml"),
    ("cord sensitivity FILE.toml --out run", "FILE.toml"),
    ("check FILE.toml", "FILE.toml"),
    ("check FILE.csv", "FILE.csv"),
    ("evidence lint FILE.csv", "FILE.csv"),
    ("exam classify FILE.json", "FILE.json"),
    ("exam batch FILE.csv --out run.csv", "FILE.csv"),
    ("exam compare FILE.csv FILE.csv --out run.jsonl", "FILE.csv"),
]


def run(capsys, line):
    code = main(shlex.split(line))
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    return code, printed.out + printed.err


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("content", [*CONTENTS, "missing"])
@pytest.mark.parametrize(("line", "name"), READERS, ids=[line for line, _ in READERS])
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(capsys, tmp_path, line, name, content):
    bad = name.replace("FILE", content)
    if content == "folder":
        (tmp_path / bad).mkdir()
    elif content in CONTENTS:
        (tmp_path / bad).write_bytes(CONTENTS[content])
    code, said = run(capsys, line.replace("FILE", content))
    assert code == 2
    assert bad in said
    assert {path.name for path in tmp_path.iterdir()} <= {bad}


@pytest.mark.parametrize("bad", ["nan", "inf", "-inf", "-1", "1e300"])
@pytest.mark.parametrize(
    ("source", "command", "before", "after", "place"),
    [
        (PATIENT, "patient simulate", "day = 45", "day = {}", "cells[0].day"),
        (PATIENT, "patient simulate", "cells = 1e8", "cells = {}", "cells[0].cells"),
        (PATIENT, "patient simulate", "translation = 0.25", "translation = {}", "product.translation"),
        (PATIENT, "patient simulate", "baseline_day = 40", "baseline_day = {}", "patient.baseline_day"),
        (PATIENT, "patient simulate", "183, 365]", "183, {}]", "visits.days"),
        (STUDY, "appraise", "followup_day = 220", "followup_day = {}", "examination.followup_day"),
        (STUDY, "appraise", "dose_cells = [5e7, 2e8]", "dose_cells = [5e7, {}]", "product.dose_cells"),
        (DESIGN, "trial simulate", "dose_cells = 1e8", "dose_cells = {}", "arms[1].dose_cells"),
        (DESIGN, "trial simulate", "day = 50\n", "day = {}\n", "arms[1].day"),
        (DESIGN, "trial simulate", "rate = 0.15", "rate = {}", "dropout.rate"),
        (EXPERIMENT, "cord perturb", "day = 0, cells", "day = {}, cells", "doses[0].day"),
        (EXPERIMENT, "cord perturb", "cells = 5e5", "cells = {}", "doses[0].cells"),
        (EXPERIMENT, "cord perturb", "28, 42]", "28, {}]", "readout_days"),
    ],
)
def test_a_number_that_cannot_be_is_told_with_its_place(capsys, tmp_path, source, command, before, after, place, bad):
    text = source.read_text()
    assert before in text
    (tmp_path / "bad.toml").write_text(text.replace(before, after.format(bad), 1))
    code, said = run(capsys, f"{command} bad.toml --out run")
    assert code == 2
    assert place in said
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "lesion", ["{ width_mm = 0 }", "{ width_mm = nan }", "{ width_mm = -3 }", "{ severity = nan }"]
)
def test_a_lesion_without_width_or_severity_is_refused(capsys, tmp_path, lesion):
    (tmp_path / "bad.toml").write_text(EXPERIMENT.read_text().replace('"severe"', lesion, 1))
    code, said = run(capsys, "cord perturb bad.toml --out run")
    assert code == 2
    assert "lesion" in said


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e300"])
@pytest.mark.parametrize("option", ["severity", "width", "cells", "cells-day"])
@pytest.mark.parametrize(
    "command", ["cord sensitivity --cells-day 14 --seed 1", "engine export-sbml m.xml --cells 1e8"]
)
def test_a_patient_described_by_options_is_checked(capsys, tmp_path, command, option, value):
    kept = re.sub(rf" --{option} \S+", "", command)
    code, said = run(capsys, f"{kept} --{option}={value}")
    assert code == 2
    assert option.removeprefix("cells-") in said
    assert not list(tmp_path.iterdir())


COUNTS = [
    (f"appraise {STUDY}", "--patients"),
    (f"appraise {STUDY}", "--draws"),
    (f"trial simulate {DESIGN}", "--replicates"),
    (f"cord perturb {EXPERIMENT}", "--worlds"),
    (f"cord sensitivity {PATIENT}", "--samples"),
    (f"cord sensitivity {PATIENT}", "--mechanism-samples"),
    ("population cross-validate", "--patients"),
    ("population calibrate run", "--patients"),
    ("population calibrate run", "--draws"),
    ("engine verify", "--patients"),
    ("engine benchmark", "--patients"),
    ("engine benchmark", "--peer-patients"),
]


@pytest.mark.parametrize("count", ["0", "-1", "1.5", "nan", str(10**9), str(10**12), str(10**23)])
@pytest.mark.parametrize(("command", "option"), COUNTS)
def test_a_count_that_cannot_be_is_refused_before_any_work(capsys, tmp_path, monkeypatch, command, option, count):
    monkeypatch.setattr(capacity, "free_memory", lambda: 16e9)
    code, said = run(capsys, f"{command} {option}={count}")
    assert code == 2
    assert option in said
    assert not list(tmp_path.iterdir())


def test_too_many_patients_are_told_the_memory_they_need_and_how_many_there_can_be(capsys, monkeypatch):
    monkeypatch.setattr(capacity, "free_memory", lambda: 1e9)
    code, said = run(capsys, f"appraise {STUDY} --patients {10**9}")
    assert code == 2
    assert f"at most {int(0.8e9 / capacity.BYTES['patient'])} on this machine" in said
    assert capacity.in_words(10**9 * capacity.BYTES["patient"]) in said


def test_memory_is_refused_from_the_first_byte_too_many(monkeypatch):
    monkeypatch.setattr(capacity, "free_memory", lambda: 1000.0)
    assert not list(capacity.memory_faults("patients", 8, 100.0))
    assert len(list(capacity.memory_faults("patients", 9, 100.0))) == 1
    assert 1e6 < capacity._free_of_machine() < 1e15


def test_too_many_subjects_of_an_experiment_are_refused(capsys, tmp_path):
    (tmp_path / "bad.toml").write_text(EXPERIMENT.read_text().replace("subjects = 12", f"subjects = {10**9}"))
    assert run(capsys, "cord perturb bad.toml")[0] == 2


@pytest.mark.parametrize(
    "line", ["engine verify --device tpu", f"cord perturb {EXPERIMENT} --device tpu", "evidence show nothing",
             f"cord sensitivity {EXPERIMENT} --condition nothing", "exam batch x.csv --out y.csv --preset nothing",
             "cord sensitivity --cells-day 14 --route nothing", "engine export-sbml m.xml --species nothing"],
)  # fmt: skip
def test_a_name_that_nothing_has_is_refused(capsys, line):
    assert run(capsys, line)[0] == 2


def test_an_experiment_on_a_gpu_that_is_not_there_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr("cordwise.cord.devices.find_spec", lambda _name: None)
    code, said = run(capsys, f"cord perturb {EXPERIMENT} --device cuda --out run")
    assert code == 2
    assert "pip install 'cordwise[gpu]'" in said
    assert not Path("run").exists()


@pytest.mark.parametrize("stored", ["[]", "1", "null", "NaN", "{}", "", '{"kind": "x"}', "\xff",
    *(json.dumps({"kind": kind}) for kind in
      ("appraisal", "trial", "patient", "population_check", "experiment", "sensitivity"))],
)  # fmt: skip
def test_a_stored_result_that_is_not_whole_gives_no_report(capsys, tmp_path, stored):
    (tmp_path / "results.json").write_bytes(stored.encode("latin-1"))
    code, said = run(capsys, "report .")
    assert code == 2
    assert "results.json" in said or "kind" in said
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_place_that_cannot_be_written_is_told_before_the_work(capsys, monkeypatch, tmp_path, number):
    def refuse(*_args, **_choices):
        raise OSError(number, "no")

    monkeypatch.setattr("cordwise.base.run_folder.TemporaryFile", refuse)
    code, said = run(capsys, f"patient simulate {PATIENT} --out run --seed 1")
    assert code == 2
    assert "--out run" in said
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_out_that_is_a_file_is_told_before_the_work_and_left_alone(capsys, tmp_path):
    (tmp_path / "run").write_text("mine")
    for line in (f"patient simulate {PATIENT} --out run", "population calibrate run"):
        code, said = run(capsys, line)
        assert code == 2
        assert "run" in said
    assert (tmp_path / "run").read_text() == "mine"


def test_a_run_stopped_while_it_writes_leaves_no_part(monkeypatch, tmp_path):
    def stop(_self, _target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "results.json", b"x")
    assert not list(tmp_path.iterdir())


def test_a_run_folder_leaves_nothing_of_the_trial_of_its_place(tmp_path):
    RunFolder(tmp_path / "run")
    assert not list((tmp_path / "run").iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="--out"):
        RunFolder(tmp_path / "file")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "Stopped"),
        (MemoryError("7 GiB"), 3, "7 GiB"),
        (OSError(errno.ENOSPC, "No space left on device", "/cache/x"), 3, "/cache/x: No space left on device"),
    ],
)
def test_what_no_check_foresees_ends_in_words(capsys, monkeypatch, error, code, told):
    def fail(_name):
        raise error

    monkeypatch.setattr("cordwise.evidence.raw_table", fail)
    found, said = run(capsys, "evidence list")
    assert found == code
    assert told in said
