"""Arrays that took long to make, kept in the user's cache under the hash of all that decides them.

A file is written whole or not at all, carries the text of its key and a checksum of all its bytes, and is checked when
it is read: one that is damaged, cut short or of something else is made again.  The folder is bounded: what was used
longest ago goes first.  Where nothing can be written, arrays are made each time; whoever asked to hear of it is told.
"""

import io
import json
import os
import secrets
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy import ndarray

from cordwise.base.cache_folder import cache_root

LIMIT_BYTES = 1_000_000_000
"""The folder grows to this size, no further."""
_KIND = "cordwise arrays 1"  # the first word of every file; another number where the form changes
_SUFFIX, _UNFINISHED = ".arrays", ".part"
_IN_USE = 3600.0  # seconds after which a file that was never finished is no longer being written

Arrays = Mapping[str, ndarray]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of the folder: its size, when it was last used, and the key that it says it holds; None of no key."""

    path: Path
    bytes: int
    used: float
    key: str | None


@dataclass(slots=True)
class _Listener:
    """Who wants to hear, once, that something could not be kept."""

    tell: Callable[[str], None] | None = None


_LISTENER = _Listener()  # one for the process, as there is one folder


def folder_of_arrays() -> Path:
    """Return where arrays are kept; the folder need not exist yet."""
    return cache_root() / "arrays"


def kept_arrays(key: str, make: Callable[[], Arrays]) -> Arrays:
    """Return what is kept under a key, or else make it and keep it.

    Parameters
    ----------
    key
        Text that names everything that decides the arrays: inputs, parameters, versions of the code.
    make
        Makes them; the same key must give the same arrays, bit by bit.
    """
    place = folder_of_arrays() / (sha256(key.encode()).hexdigest()[:40] + _SUFFIX)
    found = _read(place, key)
    if found is not None:
        return found
    made = make()
    try:
        _write(place, key, made)
    except FileNotFoundError:  # the folder was removed at this moment
        return made
    except OSError as error:
        _tell(_in_words(error))
        return made
    _remove_beyond(LIMIT_BYTES, place)
    return made


def tell_trouble(tell: Callable[[str], None] | None) -> None:
    """Let something hear, once, when arrays that were made cannot be kept; nothing where None."""
    _LISTENER.tell = tell


def storage_trouble() -> str | None:
    """Return what keeps the folder from being written, in words; None where it can be."""
    place = folder_of_arrays()
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        return _in_words(error)
    return None


def stored_files() -> list[StoredFile]:
    """Return the files of the folder, those used last first."""
    return sorted(_stored(), key=lambda each: each.used, reverse=True)


def clear_arrays() -> int:
    """Remove all that is kept, also what was never finished; return the number of files."""
    files = [*_files(_SUFFIX), *_files(_UNFINISHED)]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def _read(place: Path, key: str) -> Arrays | None:
    """Return the arrays of a file, or None where there is none that is whole and of this key."""
    try:
        content = place.read_bytes()
    except OSError:
        return None
    file = io.BytesIO(content)
    if file.readline() != _first_line(memoryview(content)[file.tell() :]):
        return None
    label = json.loads(file.readline())
    if label["key"] != key:
        return None
    with suppress(OSError):
        os.utime(place)
    return {name: np.lib.format.read_array(file, allow_pickle=False) for name in label["arrays"]}


def _write(place: Path, key: str, arrays: Arrays) -> None:
    body = io.BytesIO()
    body.write(json.dumps({"key": key, "arrays": list(arrays)}).encode() + b"\n")
    for values in arrays.values():
        np.lib.format.write_array(body, np.asanyarray(values), allow_pickle=False)
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(f".{secrets.token_hex(8)}{_UNFINISHED}")
    try:
        with unfinished.open("xb") as file:  # readable for whom the user's mask says, as in an image for many users
            file.write(_first_line(body.getbuffer()))
            file.write(body.getbuffer())
        unfinished.replace(place)  # of two who wrote the same, either is right
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _first_line(rest: memoryview) -> bytes:
    return f"{_KIND} {zlib.crc32(rest):08x}\n".encode()


def _remove_beyond(limit: int, newest: Path) -> None:
    """Remove what was used longest ago until the rest is within the limit, and what was never finished."""
    for path in _files(_UNFINISHED):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _IN_USE:
                path.unlink()
    by_use = [each for each in sorted(_sizes(), reverse=True) if each[2] != newest]
    with suppress(OSError):
        total = newest.stat().st_size
        for _, size, path in by_use:
            total += size
            if total > limit:
                path.unlink(missing_ok=True)


def _sizes() -> Iterator[tuple[float, int, Path]]:
    for path in _files(_SUFFIX):
        with suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path


def _stored() -> Iterator[StoredFile]:
    for used, size, path in _sizes():
        yield StoredFile(path, size, used, _key_in(path))


def _key_in(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            file.readline()
            return str(json.loads(file.readline())["key"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _files(suffix: str) -> list[Path]:
    try:
        return [path for path in folder_of_arrays().iterdir() if path.suffix == suffix and path.is_file()]
    except OSError:
        return []


def _in_words(error: OSError) -> str:
    place, again = folder_of_arrays(), "what is simulated for it now is simulated again next time"
    return f"{place} cannot be written ({error.strerror}); {again}."


def _tell(trouble: str) -> None:
    tell, _LISTENER.tell = _LISTENER.tell, None
    if tell is not None:
        tell(trouble)
