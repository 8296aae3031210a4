"""A command that has to compile says so once, and for about how long; `cordwise warm` spares the others."""

import os
import subprocess
import sys
from importlib import import_module

import pytest

from cordwise.base import compiling
from cordwise.base.tables import packaged_table
from cordwise.cli.compiling import compiling_sentence
from cordwise.cli.warm import STEPS

TABLE = packaged_table("cordwise.cli", "compile_seconds")
TWO_DRAWS = """
import numpy as np
from cordwise.base.randomness import Streams
from cordwise.cli.compiling import tell_when_compiling
tell_when_compiling("a command of another version", quiet={quiet})
Streams(1)("x").uniforms(3, np.arange(2))
Streams(1)("x").normals(3, np.arange(2))
"""


def told(cache, *, quiet=False):
    """Return what a process says that needs two compiled functions."""
    environment = os.environ | {"CORDWISE_CACHE": str(cache)}
    environment.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-c", TWO_DRAWS.format(quiet=quiet)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr


def test_compiling_is_told_once_and_never_where_nothing_is_compiled(tmp_path):
    assert told(tmp_path).splitlines() == ["Compiling, how long was not measured, once."]
    assert told(tmp_path) == ""


def test_with_quiet_nothing_is_told(tmp_path):
    assert told(tmp_path, quiet=True) == ""


def test_where_nothing_can_be_kept_that_is_told_with_it(tmp_path):
    (tmp_path / "file").write_text("no folder")
    (line,) = told(tmp_path / "file").splitlines()
    assert line.startswith("Compiling, how long was not measured. ")
    assert line.endswith("what is compiled now will be compiled again next time.")


@pytest.fixture
def kept(monkeypatch):
    """Let a set of functions be the ones that are kept, in a folder that can be written."""
    functions = set()
    monkeypatch.setattr(compiling, "code_is_kept", lambda module, function: (module, function) in functions)
    monkeypatch.setattr(compiling, "cache_trouble", lambda: None)
    return functions


def test_the_seconds_are_those_of_what_is_not_kept_already(kept):
    rows = [row for row in TABLE if row["command"] == "appraise"]
    assert (
        compiling_sentence("appraise") == f"Compiling, about {sum(float(row['seconds']) for row in rows):.0f} s, once."
    )
    longest = max(rows, key=lambda row: float(row["seconds"]))
    kept.update((row["module"], row["function"]) for row in rows if row is not longest)
    assert compiling_sentence("appraise") == f"Compiling, about {float(longest['seconds']):.0f} s, once."
    kept.add((longest["module"], longest["function"]))
    assert compiling_sentence("appraise") == ""


def test_a_guess_is_called_one(kept):
    measured = compiling_sentence("trial simulate")
    assert compiling_sentence("trial compare") == measured.replace(" s, once", " s at a guess, once")


def test_every_function_with_measured_seconds_is_still_there():
    for row in TABLE:
        name = row["function"].split(".")[0]
        assert hasattr(import_module(f"cordwise.{row['module']}"), name), f"{row['module']}: {name}"


def test_the_seconds_of_every_command_that_compiles_were_measured():
    assert {row["command"] for row in TABLE} == set(STEPS)


def test_a_command_that_compiles_nothing_cannot_be_warmed(capsys):
    from cordwise.cli import main

    assert main(["warm", "--only", "appraise", "schema"]) == 2
    said = capsys.readouterr().err
    assert "schema" in said
    assert '"trial simulate"' in said


@pytest.mark.slow
def test_what_was_warmed_does_not_compile(tmp_path):
    environment = os.environ | {"CORDWISE_CACHE": str(tmp_path)}
    environment.pop("NUMBA_CACHE_DIR", None)
    program = [sys.executable, "-m", "cordwise"]
    table = subprocess.run(
        [*program, "warm", "--quiet"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert set(STEPS) <= {line[:18].strip() for line in table.splitlines()}
    for words in (
        ("patient", "simulate", "brown_sequard_d"),
        ("trial", "simulate", "grade_a_only", "--replicates", "9"),
    ):
        done = subprocess.run(
            [*program, *words, "--seed", "2"], env=environment, capture_output=True, text=True, check=True
        )
        assert "Compiling" not in done.stderr
