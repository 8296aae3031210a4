"""Arrays that took long to make, kept in the user's cache under the hash of all that decides them.

A file is written whole or not at all, carries the text of its key, and is checked when it is read: one that is damaged,
cut short or of something else is made again.  The folder is bounded: what was used longest ago goes first.
"""

import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy import ndarray

from cordwise.base.cache_folder import cache_root

LIMIT_BYTES = 1_000_000_000
"""The folder grows to this size, no further."""
_KEY, _SUFFIX, _UNFINISHED = "key", ".npz", ".part"
_IN_USE = 3600.0  # seconds after which a file that was never finished is no longer being written

Arrays = Mapping[str, ndarray]


def folder_of_arrays() -> Path:
    """Return where arrays are kept; the folder need not exist yet."""
    return cache_root() / "lives"


def kept_arrays(key: str, make: Callable[[], Arrays]) -> Arrays:
    """Return what is kept under a key, or else make it and keep it.

    Parameters
    ----------
    key
        Text that names everything that decides the arrays: inputs, parameters, versions of the code.
    make
        Makes them; the same key must give the same arrays, bit by bit.
    """
    place = folder_of_arrays() / (hashlib.sha256(key.encode()).hexdigest()[:40] + _SUFFIX)
    found = _read(place, key)
    if found is not None:
        return found
    made = make()
    if storage_trouble() is None:
        with suppress(OSError):  # a full disk, or a folder that is deleted at this moment
            _write(place, key, made)
            _remove_beyond(LIMIT_BYTES, place)
    return made


@cache
def storage_trouble() -> str | None:
    """Return what keeps the folder from being written, in words; None where it can be."""
    place = folder_of_arrays()
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        return f"{place} cannot be written ({error.strerror}); the tissue is simulated again next time."
    return None


def stored_files() -> list[Path]:
    """Return the files of the folder, those used last first."""
    return [path for _, path in sorted(_by_use(), reverse=True)]


def stored_bytes() -> int:
    """Return how much the folder holds."""
    return sum(_size(path) for path in stored_files())


def clear_arrays() -> int:
    """Remove all that is kept, also what was never finished; return the number of files."""
    files = [*stored_files(), *_unfinished()]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _read(place: Path, key: str) -> Arrays | None:
    """Return the arrays of a file, or None where there is none that is whole and of this key."""
    try:
        with np.load(place, allow_pickle=False) as file:  # checks the sum of every member that it reads
            if str(file[_KEY]) != key:
                return None
            found = {name: file[name] for name in file.files if name != _KEY}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    with suppress(OSError):
        os.utime(place)
    return found


def _write(place: Path, key: str, arrays: Arrays) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tempfile.NamedTemporaryFile(dir=place.parent, suffix=_UNFINISHED, delete=False)  # noqa: SIM115
    try:
        with unfinished:
            np.savez(unfinished, allow_pickle=False, **{_KEY: np.array(key)}, **arrays)
        os.replace(unfinished.name, place)  # noqa: PTH105 - of two who wrote the same, either is right
    except BaseException:
        Path(unfinished.name).unlink(missing_ok=True)
        raise


def _remove_beyond(limit: int, newest: Path) -> None:
    """Remove what was used longest ago until the rest is within the limit, and what was never finished."""
    for path in _unfinished():
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _IN_USE:
                path.unlink(missing_ok=True)
    total = 0
    for path in stored_files():
        total += _size(path)
        if total > limit and path != newest:
            path.unlink(missing_ok=True)


def _unfinished() -> list[Path]:
    place = folder_of_arrays()
    return list(place.glob("*" + _UNFINISHED)) if place.is_dir() else []


def _by_use() -> Iterator[tuple[float, Path]]:
    place = folder_of_arrays()
    for path in place.glob("*" + _SUFFIX) if place.is_dir() else ():
        with suppress(OSError):
            yield path.stat().st_mtime, path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
