import sys
from pathlib import Path

import pytest

from cordwise.base.cache_folder import cache_root


@pytest.fixture(autouse=True)
def no_choice(monkeypatch):
    monkeypatch.delenv("CORDWISE_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_the_user_may_name_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CORDWISE_CACHE", str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.setenv("CORDWISE_CACHE", "near")
    assert cache_root() == Path.cwd() / "near"


def test_else_it_lies_in_the_cache_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_root() == tmp_path / "cordwise"
    monkeypatch.setenv("HOME", str(tmp_path))
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert cache_root() == tmp_path / ".cache" / "cordwise"


def test_windows_has_a_place_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_root() == tmp_path / "cordwise"


def test_without_a_home_the_folder_cannot_be_made(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "nowhere")
    with pytest.raises(OSError, match=r"."):
        cache_root().mkdir(parents=True)
