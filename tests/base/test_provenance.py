import errno
from pathlib import Path

import pytest

from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin
from cordwise.base.provenance import Provenance, sha256_of, to_json, write_atomically


def test_the_record_names_the_input_its_companions_and_the_versions():
    record = Provenance.of("appraise", 1, Origin("study.toml", b"x", {"entry.csv": b"y"}), draws=8).as_json()
    assert record["seed"] == 1
    assert (record["input_name"], record["input_sha256"]) == ("study.toml", sha256_of(b"x"))
    assert record["options"] == {"draws": 8, "entry.csv": sha256_of(b"y")}
    assert set(record["versions"]) >= {"cordwise", "numpy", "numba"}
    assert "Not for decisions about a patient's care" in record["context_of_use"]


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
