"""A run folder holds one run whole, says what it held before, and is never made among other files."""

import json

import polars as pl
import pytest

from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin
from cordwise.base.provenance import Provenance, sha256_of
from cordwise.base.run_folder import RunFolder, require_folder, stored_name

ORIGIN = Origin("study.toml", b"x", {"entry.csv": b"rows"})


def written(path, *, command="appraise", tables=("arms",), origin=ORIGIN):
    provenance = Provenance.of(command, 1, origin).as_json()
    folder = RunFolder(path)
    folder.keep({"kind": "appraisal", "provenance": provenance}, origin)
    for name in tables:
        folder.write_table(name, pl.DataFrame({"n": [13]}))
    folder.close(provenance)
    return path


def names(path):
    return {str(each.relative_to(path)) for each in path.rglob("*") if each.is_file()}


def test_a_run_folder_holds_the_input_what_it_names_the_result_its_tables_and_how_it_was_made(tmp_path):
    run = written(tmp_path / "run")
    assert names(run) == {"input.toml", "entry.csv", "results.json", "arms.parquet", "provenance.json"}
    record = json.loads((run / "provenance.json").read_text())
    assert record["files"]["entry.csv"] == sha256_of(b"rows")
    assert set(record["files"]) == names(run) - {"provenance.json"}
    assert pl.read_parquet(run / "arms.parquet").to_dicts() == [{"n": 13}]


def test_the_record_names_no_machine_and_no_user(tmp_path):
    assert str(tmp_path) not in (written(tmp_path / "run") / "provenance.json").read_text()


def test_the_duration_stays_out_of_the_result(tmp_path):
    run = written(tmp_path / "run")
    assert "duration" not in (run / "results.json").read_text()
    assert json.loads((run / "provenance.json").read_text())["duration_seconds"] >= 0


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    for number in range(4):
        (tmp_path / f"letter{number}.txt").write_text("mine")
    with pytest.raises(InputError, match=r"found a folder with letter0\.txt, letter1\.txt, letter2\.txt, …"):
        RunFolder(tmp_path)
    assert names(tmp_path) == {f"letter{number}.txt" for number in range(4)}


def test_an_empty_folder_and_a_new_one_in_a_new_one_are_taken(tmp_path):
    (tmp_path / "empty").mkdir()
    assert RunFolder(tmp_path / "empty").held == ""
    assert names(written(tmp_path / "new" / "run"))


def test_a_run_written_again_says_what_it_held_and_leaves_no_table_of_the_old_result(tmp_path):
    run = written(tmp_path / "run", command="trial simulate", tables=("scenarios", "arms"))
    (run / "notes.txt").write_text("mine")
    assert RunFolder(run).held == "`cordwise trial simulate study.toml`, seed 1"
    written(run, origin=Origin("study.toml", b"x"))
    assert names(run) == {"input.toml", "results.json", "arms.parquet", "provenance.json", "notes.txt"}


def test_a_run_that_was_cut_short_may_be_written_again(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.keep({"kind": "appraisal"}, ORIGIN)
    assert written(tmp_path / "run")


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"files": 1}', "\x00", '{"files": {"../mine.txt": "0"}}'])
def test_a_spoilt_record_hinders_nothing_and_removes_nothing_outside(tmp_path, record):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "provenance.json").write_text(record)
    assert RunFolder(tmp_path / "run").held == ""
    written(tmp_path / "run")
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("entry.csv", "entry.csv"),
        ("tables/entry.csv", "tables/entry.csv"),
        ("../designs/subacute_msc.toml", "subacute_msc.toml"),
        ("/home/me/entry.csv", "entry.csv"),
        ("results.json", "named_results.json"),
        ("input.csv", "named_input.csv"),
    ],
)
def test_a_file_that_the_input_names_is_kept_in_the_folder_and_beside_nothing_of_the_run(name, kept):
    assert stored_name(name) == kept


def test_a_folder_that_cannot_be_made_is_the_users_fault_not_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "run"):
        with pytest.raises(InputError, match="a folder that can be made"):
            RunFolder(path)


def test_another_kind_of_folder_is_known_by_its_own_marks(tmp_path):
    (tmp_path / "search.json").write_text("{}")
    require_folder(tmp_path, "out", ("search.json", "posterior.csv"))
    with pytest.raises(InputError):
        require_folder(tmp_path, "out", ("posterior.csv",))
