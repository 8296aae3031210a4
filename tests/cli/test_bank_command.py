"""`cordwise bank`: what is kept between commands, and how it is removed."""

import json
from dataclasses import fields

import numpy as np
import pytest

from cordwise.base import kept_arrays
from cordwise.cli import main
from cordwise.cli.options import RunOptions
from cordwise.cord import atlas_store
from cordwise.cord.self_check import StepError
from cordwise.patient.file import read_patient


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("CORDWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    yield tmp_path / "cache"
    kept_arrays.tell_trouble(None)


@pytest.fixture
def filled(cache):
    """Keep one entry of every kind, compiled code and a file that is none of ours."""
    regimen = read_patient("central_c").regimen
    keys = [atlas_store._key("atlas", None, 400.0), atlas_store._key("atlas", regimen, 400.0)]
    keys += [atlas_store._key("step error", regimen), keys[0].replace('"code": "', '"code": "an older ')]
    for number, key in enumerate(keys):
        kept_arrays.kept_arrays(key, lambda size=number: {"values": np.zeros(1000 * (size + 1))})
    (cache / "arrays" / "broken.arrays").write_bytes(b"half")
    (cache / "compiled" / "module" / "key").mkdir(parents=True)
    (cache / "compiled" / "module" / "key" / "function.nbc").write_bytes(b"code")
    (cache / "notes.txt").write_text("mine")
    return cache


def run(capsys, *arguments):
    code = main([*arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_each_kind_of_entry_is_counted(filled, capsys):
    code, out, err = run(capsys, "bank", "info", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["folder"] == str(filled / "arrays")
    assert {each["what"]: each["files"] for each in found["entries"]} == {
        "tissue without cells": 1,
        "tissue with cells": 1,
        "errors of the steps": 1,
        "of another version": 1,
        "not to be read": 1,
    }
    assert found["files"] == 5
    assert found["bytes"] == sum(path.stat().st_size for path in (filled / "arrays").iterdir())
    assert found["bytes"] == sum(each["bytes"] for each in found["entries"]) < found["limit_bytes"]
    assert found["trouble"] is None
    assert found["compiled"]["folder"] == str(filled / "compiled")
    assert (found["compiled"]["files"], found["compiled"]["bytes"]) == (1, 4)


def test_the_same_is_said_in_words(filled, capsys):
    _, out, _ = run(capsys, "bank", "info")
    for part in (
        str(filled / "arrays"),
        "5 files, 0.1 MB of at most 1,000 MB",
        "1 file, 0.0 MB",
        "can be written",
        "yes",
    ):
        assert part in out


def test_clearing_leaves_compiled_code_and_whatever_is_not_ours(filled, capsys):
    assert run(capsys, "bank", "clear") == (0, "Removed 5 files of simulated tissue, 0.1 MB.\n", "")
    assert list((filled / "arrays").iterdir()) == []
    assert (filled / "compiled" / "module" / "key" / "function.nbc").exists()
    assert run(capsys, "bank", "clear")[1] == "Removed 0 files of simulated tissue, 0.0 MB.\n"


def test_compiled_code_is_cleared_when_asked(filled, capsys):
    code, out, _ = run(capsys, "bank", "clear", "--compiled")
    assert code == 0
    assert out.endswith("Removed 1 file of compiled code, 0.0 MB.\n")
    assert not (filled / "compiled").exists()
    assert (filled / "notes.txt").read_text() == "mine"
    assert run(capsys, "bank", "clear", "--compiled")[0] == 0


def test_a_folder_that_cannot_be_written_is_said_so(cache, capsys):
    cache.mkdir()
    (cache / "arrays").write_text("a file")
    code, out, _ = run(capsys, "bank", "info")
    assert code == 0
    assert "no: " in out
    assert "cannot be written" in json.loads(run(capsys, "bank", "info", "--json")[1])["trouble"]
    assert run(capsys, "bank", "clear")[0] == 0


@pytest.mark.parametrize("quiet", [False, True])
def test_a_command_says_once_that_what_it_simulates_cannot_be_kept(cache, capsys, quiet):
    cache.mkdir()
    (cache / "arrays").write_text("a file")
    RunOptions(seed=1, quiet=quiet).start("appraise")
    for key in "ab":
        kept_arrays.kept_arrays(key, lambda: {"values": np.zeros(1)})
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == (0 if quiet else 1)


def test_what_is_kept_is_known_by_doses_and_code_and_comes_back_as_it_was(monkeypatch):
    made = []

    def simulate(regimens):
        made.append(regimens)
        return [StepError("standard", 7, np.array([[[0.1, np.nan]]]), np.array([0], np.int8))]

    monkeypatch.setattr(atlas_store, "population_step_errors", simulate)
    regimen = read_patient("central_c").regimen
    first = atlas_store.kept_step_errors([None, regimen])
    again = atlas_store.kept_step_errors([regimen, None])
    assert made == [[None], [regimen]]
    for each in (*first, *again):
        assert [type(getattr(each, item.name)) for item in fields(each)] == [str, int, np.ndarray, np.ndarray]
    np.testing.assert_array_equal(again[0].errors, first[1].errors)
    monkeypatch.setattr(atlas_store, "_code", lambda: "newer")
    atlas_store.kept_step_errors([None])
    assert len(made) == 3
