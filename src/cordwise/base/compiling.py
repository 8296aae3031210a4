"""Compiled functions: `njit` as numba has it, its results kept in a folder of the user's cache.

numba by itself keeps compiled code beside the source, and compiles anew only when the function's own file has changed:
a function that it calls, or a record that it is given, may change unnoticed.  Here the code of each module lies under a
key made of that module, of every file of the package that it imports, directly or not, with their tables, and of the
versions and the processor.  A user's own `NUMBA_CACHE_DIR` is left to numba; so is the code of other packages.
"""

import atexit
import hashlib
import inspect
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy
from numba.core import event

from cordwise.base.cache_folder import cache_root
from cordwise.base.compile_watch import WATCH

__all__ = ["cache_trouble", "code_folder", "code_is_kept", "njit"]

Function = TypeVar("Function", bound=Callable[..., Any])

_njit: Any = numba.njit
_config: Any = numba.config
_PACKAGE = Path(__file__).parents[1]
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+cordwise([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+cordwise([\w.]*))", re.M
)
_LAYOUT = "2"  # of the folder; in the first, code of one module could lie in the folder of another
_KEPT = 4  # keys of a module: of branches and checkouts that are worked on by turns
_IN_USE = 3600.0  # seconds since its last use during which no key is removed
_DECORATING = threading.Lock()  # the folder that numba reads is one for all threads, some of which import modules


def njit(**options: Any) -> Callable[[Function], Function]:  # noqa: ANN401 - numba's own options
    """Decorate a function as `numba.njit` does; with `cache=True` the result is kept in the folder of its module."""

    def decorate(function: Function) -> Function:
        if not options.get("cache"):
            return _njit(**options)(function)
        with _DECORATING:
            return kept(function)

    def kept(function: Function) -> Function:
        if _config.CACHE_DIR:
            return _njit(**options)(function)
        folder = _made_folder(Path(inspect.getfile(function)))
        if folder is None:
            return _njit(**{**options, "cache": False})(function)
        _config.CACHE_DIR = str(folder)  # read while a function is decorated, and then no more
        try:
            return _njit(**options)(function)
        finally:
            _config.CACHE_DIR = ""

    return decorate


def code_folder(source: Path) -> Path:
    """Return where the compiled code of a source file of the package lies, whether or not it exists."""
    module = ".".join(source.relative_to(_PACKAGE).with_suffix("").parts)
    return _root() / module / _key(source)


def code_is_kept(module: str, function: str) -> bool:
    """Say whether code of a function, by its module within the package and its qualified name, is kept and current."""
    source = _PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    name = f"{source.stem}.{function.replace('<', '').replace('>', '')}"
    try:
        place = Path(_config.CACHE_DIR) if _config.CACHE_DIR else code_folder(source)
        return any(place.glob(f"*/{name}-*.nbi"))
    except OSError:
        return False


class _Listener(event.Listener):
    """Passes on what numba says of the functions that are kept; whatever else is compiled belongs to one of them."""

    def on_start(self, event: event.Event) -> None:
        if _is_kept(event):
            WATCH.begin()

    def on_end(self, event: event.Event) -> None:
        if _is_kept(event):
            WATCH.end(event.data["dispatcher"].py_func)


def _is_kept(event: event.Event) -> bool:
    dispatcher = event.data["dispatcher"]
    is_ours = (dispatcher.py_func.__module__ or "").startswith("cordwise.")  # written out by a compiler: in no module
    return is_ours and dispatcher.stats.cache_path is not None


event.register("numba:compile", _Listener())


@cache
def cache_trouble() -> str | None:
    """Return what keeps the folder from being written, in words; None where it can be."""
    if _config.CACHE_DIR:
        return None
    place = cache_root() / "compiled"
    try:
        place.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        return f"{place} cannot be written ({error.strerror}); what is compiled now will be compiled again next time."
    return None


@cache
def _root() -> Path:
    """Return the folder of all compiled code; where it cannot be written, one that lasts as long as the process."""
    place = cache_root() / "compiled"
    if cache_trouble() is None:
        return place
    passing = Path(tempfile.mkdtemp(prefix="cordwise-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


@cache
def _made_folder(source: Path) -> Path | None:
    """Return the folder for the code of a source file, made; None where nothing can be kept."""
    try:
        folder = code_folder(source)
        kept = cache_root() / "compiled" / folder.relative_to(_root())
        if kept != folder and kept.is_dir():
            shutil.copytree(kept, folder)  # numba uses no folder that it cannot write, not even to read
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
    except (OSError, ValueError):  # no sources, or a function that is none of the package's
        return None
    if is_new:
        _remove_old(folder)
    return folder


def _remove_old(folder: Path) -> None:
    """Remove what older versions of a module left, but for the last few and what is in use."""
    with suppress(OSError):
        keys = sorted(folder.parent.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
        for old in keys[_KEPT:]:
            if time.time() - old.stat().st_mtime > _IN_USE:
                shutil.rmtree(old, ignore_errors=True)


@cache
def _key(source: Path) -> str:
    digest = hashlib.sha256(_surroundings().encode())
    for path in sorted(reached_from(source)):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(_content(path)[0])
    return digest.hexdigest()[:20]


@cache
def _surroundings() -> str:
    """Return what else decides compiled code: versions, and the processor with all that it can do."""
    versions = [_LAYOUT, *(package.__version__ for package in (numba, llvmlite, numpy))]
    return "\n".join([*versions, sys.version, llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()])


@cache
def reached_from(source: Path) -> frozenset[Path]:
    """Return a source file, every file of the package that it imports, directly or not, and the tables beside them."""
    found, left = {source}, [source]
    while left:
        new = [path for path in _content(left.pop())[1] if path not in found]
        found.update(new)
        left.extend(new)
    return frozenset(found)


@cache
def _content(path: Path) -> tuple[bytes, tuple[Path, ...]]:
    """Return the hash of a file, and for a source file what it imports of the package and the tables of its room."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    if path.suffix != ".py":
        return digest, ()
    named = [path for match in _IMPORT.finditer(content) for path in _named(*match.groups(b""))]
    return digest, (*named, *_tables(path.parent))


def _named(origin: bytes, names: bytes, module: bytes) -> Iterator[Path]:
    """Yield the files of one import statement: modules, and packages with those of their modules that are named."""
    place = _PACKAGE.joinpath(*(origin or module).decode().split("."))
    if (source := place.with_suffix(".py")).is_file():
        yield source
    elif (source := place / "__init__.py").is_file():
        yield source
        for name in re.findall(rb"\w+", names):
            yield from _named(origin + b"." + name, b"", b"")


@cache
def _tables(folder: Path) -> tuple[Path, ...]:
    return tuple((folder / "data").glob("*.csv"))
