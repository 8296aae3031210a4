import errno
import json
from pathlib import Path

import pytest

from cordwise.base.errors import InputError
from cordwise.base.provenance import Provenance, RunFolder, sha256_of, to_json, write_atomically


def provenance():
    return Provenance("appraise", 1, "study.toml", sha256_of(b"x"))


def test_a_run_folder_holds_the_input_the_result_and_how_it_was_made(tmp_path):
    RunFolder(tmp_path / "run").finish({"kind": "appraisal"}, provenance(), b"x")
    names = sorted(path.name for path in (tmp_path / "run").iterdir())
    assert names == ["input.toml", "provenance.json", "results.json"]
    record = json.loads((tmp_path / "run" / "provenance.json").read_text())
    assert record["seed"] == 1
    assert record["input_sha256"] == sha256_of(b"x")
    assert set(record["versions"]) >= {"cordwise", "numpy", "numba"}


def test_the_record_names_no_machine_and_no_user(tmp_path):
    RunFolder(tmp_path / "run").finish({}, provenance(), b"x")
    assert str(tmp_path) not in (tmp_path / "run" / "provenance.json").read_text()


def test_the_duration_stays_out_of_the_result(tmp_path):
    RunFolder(tmp_path / "run").finish({"kind": "appraisal"}, provenance(), b"x")
    assert "duration" not in (tmp_path / "run" / "results.json").read_text()


def test_a_folder_that_cannot_be_made_is_the_users_fault_not_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a folder that can be made"):
        RunFolder(tmp_path / "file" / "run")


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    target = tmp_path / "results.json"
    target.write_bytes(b"old")

    def disk_full(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", disk_full)
    with pytest.raises(InputError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_a_number_that_is_not_finite_is_never_written():
    with pytest.raises(ValueError, match="JSON"):
        to_json({"rate": float("nan")})
