"""Compiled code lies in a folder of its own, and anything that could change it makes another."""

import ast
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import cordwise
from cordwise.base import compiling, randomness

PACKAGE = Path(cordwise.__file__).parent
RUN = """
import sys
import numpy as np
from cordwise.base.compiling import cache_trouble, code_is_kept
from cordwise.base import randomness
randomness.Streams(1)("x").uniforms(3, np.arange(2))
told = randomness._fill_uniforms.stats
print(sum(told.cache_hits.values()), sum(told.cache_misses.values()), told.cache_path)
print(code_is_kept("base.randomness", "_fill_uniforms"), code_is_kept("base.randomness", "_fill"))
print(cache_trouble())
"""


def run_in(cache, **variables):
    """Return hits, misses and the folder of one compiled function; what is kept of it; and what the cache suffers."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    environment |= {"CORDWISE_CACHE": str(cache), **variables}
    command = [sys.executable, "-c", RUN]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    first, kept, trouble = told.splitlines()
    hits, misses, folder = first.split(" ", 2)
    return int(hits), int(misses), folder, kept, trouble


def test_the_second_process_finds_what_the_first_compiled_and_nothing_lies_beside_the_source(tmp_path):
    assert run_in(tmp_path)[:2] == (0, 1)
    hits, misses, folder, kept, trouble = run_in(tmp_path)
    assert (hits, misses) == (1, 0)
    assert Path(folder).is_relative_to(tmp_path / "compiled" / "base.randomness")
    assert kept == "True False"
    assert trouble == "None"


def test_the_place_that_a_user_gave_numba_wins(tmp_path):
    folder = run_in(tmp_path / "ours", NUMBA_CACHE_DIR=str(tmp_path / "numbas"))[2]
    assert Path(folder).is_relative_to(tmp_path / "numbas")
    assert not (tmp_path / "ours").exists()


def test_where_nothing_can_be_kept_the_answer_comes_all_the_same(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    hits, misses, folder, _, trouble = run_in(blocked)
    assert (hits, misses) == (0, 1)
    assert not Path(folder).exists()  # it lasted as long as the process
    assert str(blocked) in trouble


def test_what_lies_in_a_folder_that_cannot_be_written_is_used(tmp_path, monkeypatch):
    run_in(tmp_path)
    source = Path(randomness.__file__)
    monkeypatch.setenv("CORDWISE_CACHE", str(tmp_path))
    monkeypatch.setattr(compiling._config, "CACHE_DIR", "")
    monkeypatch.setattr(compiling, "cache_trouble", lambda: "no room")
    kept = {path.name for path in (tmp_path / "compiled").rglob("*.nbi")}
    for each in (compiling._root, compiling._made_folder):
        each.cache_clear()
    passing = compiling._made_folder(source)
    for each in (compiling._root, compiling._made_folder):
        each.cache_clear()
    assert not passing.is_relative_to(tmp_path)
    assert {path.name for path in passing.rglob("*.nbi")} == kept != set()


def test_functions_that_two_threads_decorate_at_a_time_are_kept_each_in_its_own_folder(tmp_path, monkeypatch):
    folders = {source: tmp_path / str(source) for source in (1, 2)}
    monkeypatch.setattr(compiling._config, "CACHE_DIR", "")
    monkeypatch.setattr(compiling, "inspect", SimpleNamespace(getfile=lambda function: function))
    monkeypatch.setattr(compiling, "_made_folder", lambda source: folders[int(str(source))])

    def decorated(**options):
        time.sleep(0.05)  # in which another thread runs
        return lambda function: (function, compiling._config.CACHE_DIR)

    monkeypatch.setattr(compiling, "_njit", decorated)
    with ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(compiling.njit(cache=True), ["1", "2"]))
    assert found == {"1": str(tmp_path / "1"), "2": str(tmp_path / "2")}
    assert compiling._config.CACHE_DIR == ""


@pytest.fixture
def forget():
    """Let files be read anew."""

    def clear():
        for each in (compiling._key, compiling.reached_from, compiling._content, compiling._tables):
            each.cache_clear()

    yield clear
    clear()


@pytest.fixture
def copied(tmp_path, monkeypatch, forget):
    """Return a small package of three files and a table in the place of ours."""
    (tmp_path / "low" / "data").mkdir(parents=True)
    (tmp_path / "low" / "__init__.py").write_text("")
    (tmp_path / "low" / "data" / "numbers.csv").write_text("a\n1\n")
    (tmp_path / "low" / "called.py").write_text("def called(): return 1\n")
    (tmp_path / "caller.py").write_text("if True:\n    from cordwise.low import (\n        called,\n    )\n")
    (tmp_path / "alone.py").write_text("import numpy\n")
    monkeypatch.setattr(compiling, "_PACKAGE", tmp_path)
    forget()
    return tmp_path


@pytest.mark.parametrize("changed", ["caller.py", "low/called.py", "low/data/numbers.csv"])
def test_the_key_changes_with_every_file_that_is_reached_and_with_no_other(copied, forget, changed):
    before = [compiling._key(copied / name) for name in ("caller.py", "alone.py")]
    (copied / changed).write_text("changed = 2\n")
    forget()
    after = [compiling._key(copied / name) for name in ("caller.py", "alone.py")]
    assert (before[0] == after[0], before[1] == after[1]) == (False, True)


def test_imports_are_found_as_python_reads_them():
    for path in sorted(PACKAGE.rglob("*.py")):
        found = {each for each in compiling._content(path)[1] if each.suffix == ".py"}
        assert found >= set(_imported(path)), path


def _imported(path):
    """Yield the files of the package that a file imports, by its syntax tree."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import is not followed"
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        else:
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            head, *parts = name.split(".")
            place = PACKAGE.joinpath(*parts)
            if head == "cordwise" and parts:
                yield from (each for each in (place.with_suffix(".py"), place / "__init__.py") if each.is_file())


def test_every_compiled_function_of_the_package_is_kept_by_this_rule():
    for path in PACKAGE.rglob("*.py"):
        if path != Path(compiling.__file__):
            assert "numba import njit" not in path.read_text(encoding="utf-8"), path


def test_few_old_keys_stay_and_none_that_was_just_used(tmp_path):
    old = [tmp_path / f"key{number}" for number in range(8)]
    for number, folder in enumerate(old):
        folder.mkdir()
        moment = 1e9 + number if number < 6 else None
        os.utime(folder, None if moment is None else (moment, moment))
    compiling._remove_old(old[-1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key4", "key5", "key6", "key7"]
