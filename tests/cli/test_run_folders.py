"""A run folder can be described, repeated to the byte, and its report made again."""

import json
import shutil

import pytest

from cordwise.cli import main

SMALL = ["--replicates", "20", "--seed", "1", "--quiet"]


def run(capsys, *words):
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "escalation"
    assert main(["trial", "escalate", "escalation_msc", *SMALL, "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def finished(first_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(first_run, tmp_path / "run")


def changed_record(folder, **changes):
    record = json.loads((folder / "provenance.json").read_text())
    (folder / "provenance.json").write_text(json.dumps({**record, **changes}))


def test_the_status_of_a_run_names_command_input_seed_and_every_file(capsys, finished):
    code, out, _ = run(capsys, "status", finished)
    assert code == 0
    assert "cordwise trial escalate escalation_msc.toml" in out
    assert "Seed      1\n" in out
    assert out.count("Whole") == len(list(finished.iterdir())) - 1  # all but the record itself


def test_a_file_that_was_changed_or_is_missing_shows_in_the_status(capsys, finished):
    (finished / "input.toml").write_text("")
    (finished / "report.html").unlink()
    code, out, _ = run(capsys, "status", finished, "--json")
    files = json.loads(out)["files"]
    assert code == 2
    assert (files["input.toml"], files["report.html"], files["results.json"]) == ("changed", "missing", "whole")


def test_a_run_is_repeated_to_the_byte_and_leaves_nothing_else(capsys, finished, tmp_path):
    code, out, _ = run(capsys, "rerun", finished, "--quiet")
    assert code == 0
    assert "The same result to the byte" in out
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_repeated_run_can_be_kept_and_is_the_same_file_by_file(capsys, finished, tmp_path):
    assert run(capsys, "rerun", finished, "--out", tmp_path / "again", "--quiet")[0] == 0
    for path in finished.iterdir():
        if path.name != "provenance.json":  # which tells how long it took
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_another_result_is_told_with_its_place_and_exit_code_3(capsys, finished):
    result = json.loads((finished / "results.json").read_text())
    result["replicates"] = 21
    (finished / "results.json").write_text(json.dumps(result))
    code, out, _ = run(capsys, "rerun", finished, "--quiet")
    assert code == 3
    assert out == "Another result:\n    replicates: 21 before, 20 now\n"


def test_a_run_of_other_versions_is_repeated_only_when_forced(capsys, finished):
    result = json.loads((finished / "results.json").read_text())
    versions = {**result["provenance"]["versions"], "numpy": "0.1", "vanished": "1"}
    changed_record(finished, versions=versions)
    result["provenance"]["versions"] = versions
    (finished / "results.json").write_text(json.dumps(result))
    code, _, err = run(capsys, "rerun", finished)
    assert code == 2
    assert "version of numpy: expected 0.1" in err
    assert "version of vanished: expected 1, which made the run, found none" in err
    code, out, _ = run(capsys, "rerun", finished, "--force", "--quiet")
    assert code == 0
    assert "but for the versions" in out


@pytest.mark.parametrize("command", ["rerun", "status"])
@pytest.mark.parametrize("record", [None, "", "[]", "{}", '{"command": "x"}', '{"options": 1}', "\x00"])
def test_a_folder_without_a_record_is_no_run(capsys, tmp_path, command, record):
    if record is not None:
        (tmp_path / "provenance.json").write_text(record)
    code, _, err = run(capsys, command, tmp_path)
    assert code == 2
    assert "a run folder, which holds provenance.json" in err


@pytest.mark.parametrize(
    "changes",
    [
        {"command": "rm -rf"},
        {"input_name": "x.exe"},
        {"named_files": {"../../../../x.toml": "input.toml"}},
        {"named_files": {"/x.toml": "input.toml"}},
        {"named_files": {"x.toml": "nowhere.toml"}},
    ],
    ids=str,
)
def test_a_record_that_no_command_wrote_runs_nothing_and_writes_nowhere(capsys, finished, tmp_path, changes):
    changed_record(finished, **changes)
    code, _, _ = run(capsys, "rerun", finished, "--quiet", "--out", tmp_path / "again")
    assert code == 2
    assert not (tmp_path / "again").exists()


def test_a_report_made_again_is_whole_in_the_status(capsys, finished):
    (finished / "report.html").write_text("spoilt")
    assert run(capsys, "status", finished)[0] == 2
    assert run(capsys, "report", finished)[0] == 0
    assert run(capsys, "status", finished)[0] == 0
