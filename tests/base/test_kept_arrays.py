"""Arrays that are kept come back bit by bit or not at all, whatever befell the folder meanwhile."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from cordwise.base import kept_arrays as module
from cordwise.base.kept_arrays import (
    clear_arrays,
    folder_of_arrays,
    kept_arrays,
    storage_trouble,
    stored_files,
    tell_trouble,
)

MADE = {
    "table": np.arange(24, dtype=np.float32).reshape(2, 3, 4) / 7,
    "days": np.array([0.1, np.nan, np.inf, -0.0]),
    "status": np.array([1, -2], np.int8),
    "preset": np.array("standard"),
    "one": np.array(2.5),
    "none": np.empty((0, 3)),
}
KEY = '{"regimen": null, "note": "two\\nlines"}\nand another line, ü'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CORDWISE_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache" / "arrays"
    tell_trouble(None)


@pytest.fixture
def asked():
    """Return a function that asks for the arrays of a key, and the list of keys that had to be made."""
    made = []

    def ask(key=KEY):
        def make():
            made.append(key)
            return MADE

        return kept_arrays(key, make)

    ask.made = made
    return ask


def assert_same(found, expected=MADE):
    assert list(found) == list(expected)
    for name, values in expected.items():
        assert found[name].dtype == values.dtype
        assert found[name].shape == values.shape
        assert found[name].tobytes() == values.tobytes()
        assert found[name].flags.writeable
        assert found[name].flags.c_contiguous


def the_file():
    (only,) = stored_files()
    return only.path


def test_what_is_kept_comes_back_bit_by_bit_and_is_made_once(asked):
    assert_same(asked())
    assert_same(asked())
    assert_same(asked())
    assert asked.made == [KEY]


def test_another_key_is_made_anew(asked):
    for key in ("a", "b", "a"):
        asked(key)
    assert asked.made == ["a", "b"]
    assert {each.key for each in stored_files()} == {"a", "b"}


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_made_again(asked, share):
    asked()
    content = the_file().read_bytes()
    the_file().write_bytes(content[: int(share * len(content))])
    assert_same(asked())
    assert asked.made == [KEY, KEY]
    assert the_file().read_bytes() == content


def test_a_file_with_more_at_its_end_is_made_again(asked):
    asked()
    the_file().write_bytes(the_file().read_bytes() + b"\n")
    asked()
    assert len(asked.made) == 2


def test_a_single_flipped_bit_is_noticed_wherever_it_is(asked):
    asked()
    content = the_file().read_bytes()
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        the_file().write_bytes(damaged)
        assert module._read(the_file(), KEY) is None, place


@pytest.mark.parametrize("seed", range(20))
def test_garbage_is_made_again(asked, seed):
    asked()
    random = np.random.default_rng(seed)
    garbage = random.bytes(int(random.integers(0, 5000)))
    start = (b"", b"\n", b"PK\x03\x04", b"\x93NUMPY\x01\x00", f"{module._KIND} 00000000\n".encode())[seed % 5]
    the_file().write_bytes(start + garbage)
    assert_same(asked())
    assert len(asked.made) == 2


def test_a_file_of_another_key_under_that_name_is_made_again(asked):
    asked("mine")
    mine = the_file()
    asked("yours")
    (yours,) = {each.path for each in stored_files()} - {mine}
    mine.write_bytes(yours.read_bytes())
    assert_same(asked("mine"))
    assert asked.made == ["mine", "yours", "mine"]
    assert sorted(each.key for each in stored_files()) == ["mine", "yours"]


def test_a_folder_under_that_name_does_no_harm(asked, folder):
    asked()
    place = the_file()
    place.unlink()
    place.mkdir()
    heard = []
    tell_trouble(heard.append)
    assert_same(asked())
    assert "cannot be written" in heard[0]
    assert stored_files() == []
    assert list(folder.iterdir()) == [place]


def test_a_folder_that_is_deleted_at_any_moment_is_made_anew(asked, folder, monkeypatch):
    asked()
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert_same(asked())
    monkeypatch.setattr(module.os, "utime", lambda _: clear_arrays())  # gone while it is being read
    assert_same(asked())
    assert stored_files() == []
    assert_same(asked())
    assert len(asked.made) == 3


def test_where_nothing_can_be_written_arrays_are_made_each_time_and_it_is_said_once(asked, folder):
    folder.parent.mkdir()
    folder.write_text("a file, not a folder")
    heard = []
    tell_trouble(heard.append)
    assert_same(asked())
    assert_same(asked())
    assert len(asked.made) == 2
    assert len(heard) == 1
    assert heard[0].startswith(f"{folder} cannot be written (")
    assert heard[0] == storage_trouble()
    assert clear_arrays() == 0
    assert folder.read_text() == "a file, not a folder"


def test_what_lies_in_a_folder_that_cannot_be_written_is_used(asked, folder):
    asked()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("root may write anywhere")
        heard = []
        tell_trouble(heard.append)
        assert_same(asked())
        assert (asked.made, heard) == ([KEY], [])
        asked("another")
        assert "Permission denied" in heard[0]
    finally:
        folder.chmod(0o700)


def test_a_disk_that_is_full_leaves_nothing_half_written(asked, folder, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    heard = []
    tell_trouble(heard.append)
    monkeypatch.setattr(module.Path, "replace", lambda *_: full(None))
    assert_same(asked())
    assert "No space left on device" in heard[0]
    assert list(folder.iterdir()) == []


def test_nobody_is_told_where_nobody_asked_to_be(asked, folder, capfd):
    folder.parent.mkdir()
    folder.write_text("a file")
    asked()
    assert capfd.readouterr() == ("", "")


def test_others_may_read_what_the_users_mask_lets_them(asked, folder):
    before = os.umask(0o022)
    try:
        asked()
    finally:
        os.umask(before)
    assert the_file().stat().st_mode & 0o777 == 0o644


def at(moment):
    """Pretend that the only file of no stated time was used at a moment."""
    for each in stored_files():
        if each.used > 1e6:
            os.utime(each.path, (moment, moment))


def test_what_was_used_longest_ago_goes_first(asked, monkeypatch):
    for moment, key in enumerate("abcd"):
        asked(key)
        at(moment + 1.0)
    assert [each.key for each in stored_files()] == list("dcba")
    asked("a")  # used now, so that b is the oldest
    size = stored_files()[0].bytes
    monkeypatch.setattr(module, "LIMIT_BYTES", 3 * size)
    asked("e")
    assert sorted(each.key for each in stored_files()) == ["a", "d", "e"]
    assert sum(each.bytes for each in stored_files()) <= 3 * size


def test_what_is_larger_than_the_limit_is_kept_alone(asked, monkeypatch):
    asked("a")
    monkeypatch.setattr(module, "LIMIT_BYTES", 10)
    asked("b")
    assert [each.key for each in stored_files()] == ["b"]


def test_what_was_never_finished_is_removed_but_not_what_is_being_written(asked, folder):
    folder.mkdir(parents=True)
    old, new, foreign = folder / "x.1.part", folder / "x.2.part", folder / "notes.txt"
    for path in (old, new, foreign):
        path.write_bytes(b"half")
    long_ago = time.time() - 2 * module._IN_USE
    for path in (old, foreign):
        os.utime(path, (long_ago, long_ago))
    asked()
    assert {path.name for path in folder.iterdir()} == {the_file().name, "x.2.part", "notes.txt"}
    assert clear_arrays() == 2
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_files_that_hold_no_key_are_listed_as_such(folder):
    folder.mkdir(parents=True)
    for number, content in enumerate((b"", b"\n", b"x\n[]\n", b'x\n{"key": 1', b"x\n{}\n", b"\xff\n\xff")):
        (folder / f"{number}.arrays").write_bytes(content)
    assert [each.key for each in stored_files()] == [None] * 6


def test_threads_that_ask_for_the_same_get_the_same(asked):
    found = []
    threads = [threading.Thread(target=lambda: found.append(asked())) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for each in found:
        assert_same(each)
    assert_same(module._read(the_file(), KEY))


FILL = """
import sys
import numpy as np
from cordwise.base.kept_arrays import kept_arrays
for turn in range(60):
    key = f"key {turn % 5}"
    found = kept_arrays(key, lambda: {"values": np.full(20_000, float(turn % 5))})
    assert (found["values"] == turn % 5).all(), turn
"""


def test_processes_that_fill_and_empty_the_folder_at_once_read_no_half_files(folder):
    processes = [subprocess.Popen([sys.executable, "-c", FILL]) for _ in range(2)]
    while any(each.poll() is None for each in processes):
        clear_arrays()
        time.sleep(0.002)
    assert [each.returncode for each in processes] == [0, 0]
    assert folder_of_arrays() == folder
    assert not list(folder.glob("*.part"))
