"""`cordwise bank`: what is kept in the user's cache so that answers come in seconds."""

import json as json_text
import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from cyclopts import App

from cordwise.base.cache_folder import cache_root
from cordwise.cli.options import Flag

if TYPE_CHECKING:
    from cordwise.base.kept_arrays import StoredFile

app = App(name="bank", help="Say what is kept between commands, or remove it.")


@app.command
def info(*, json: Flag = False) -> None:
    """Say what is kept between commands: where, how much of what, and whether more can be.

    Kept is the simulated tissue of every regimen that was asked for; people are drawn again each time. All of it may be
    deleted at any time, since it can be made again.

    Parameters
    ----------
    json
        Print it as JSON.
    """
    found = _info()
    print(json_text.dumps(found, indent=2) if json else "\n".join(_lines(found)))


@app.command
def clear(*, compiled: Flag = False) -> None:
    """Remove what is kept; the next command that needs it makes it again.

    Parameters
    ----------
    compiled
        Remove the compiled code as well.
    """
    from cordwise.base.kept_arrays import clear_arrays, stored_files

    size, files = sum(each.bytes for each in stored_files()), clear_arrays()
    print(f"Removed {_files(files)} of simulated tissue, {_megabytes(size)}.")
    if compiled:
        code = _code_sizes()
        shutil.rmtree(_code_folder(), ignore_errors=not code)
        print(f"Removed {_files(len(code))} of compiled code, {_megabytes(sum(code))}.")


def _info() -> dict[str, Any]:
    from cordwise.base.compiling import cache_trouble
    from cordwise.base.kept_arrays import LIMIT_BYTES, folder_of_arrays, storage_trouble, stored_files

    files, code = stored_files(), _code_sizes()
    return {
        "kind": "bank_info",
        "folder": str(folder_of_arrays()),
        "files": len(files),
        "bytes": sum(each.bytes for each in files),
        "limit_bytes": LIMIT_BYTES,
        "trouble": storage_trouble(),
        "entries": _entries(files),
        "compiled": {
            "folder": os.environ.get("NUMBA_CACHE_DIR") or str(_code_folder()),
            "files": len(code),
            "bytes": sum(code),
            "trouble": cache_trouble(),
        },
    }


def _entries(files: Sequence["StoredFile"]) -> list[dict[str, Any]]:
    """Return how much there is of each kind, the largest first."""
    from cordwise.cord.atlas_store import kind_of

    number, size = Counter[str](), Counter[str]()
    for each in files:
        what = kind_of(each.key)
        number[what] += 1
        size[what] += each.bytes
    return [{"what": what, "files": number[what], "bytes": of_it} for what, of_it in size.most_common()]


def _lines(found: Mapping[str, Any]) -> list[str]:
    limit, code = _megabytes(found["limit_bytes"]), found["compiled"]
    rows = [
        ("folder", found["folder"]),
        ("kept", f"{_files(found['files'])}, {_megabytes(found['bytes'])} of at most {limit}"),
        *((f"  {each['what']}", f"{_files(each['files'])}, {_megabytes(each['bytes'])}") for each in found["entries"]),
        ("can be written", f"no: {found['trouble']}" if found["trouble"] else "yes"),
        ("compiled code", f"{_files(code['files'])}, {_megabytes(code['bytes'])} in {code['folder']}"),
    ]
    if code["trouble"]:
        rows.append(("", code["trouble"]))
    width = max(len(name) for name, _ in rows)
    return [f"{name:<{width}}  {value}".rstrip() for name, value in rows]


def _code_folder() -> Path:
    return cache_root() / "compiled"


def _code_sizes() -> list[int]:
    """Return the sizes of the files of compiled code, but not of those that numba was told to keep elsewhere."""
    sizes = []
    for path in _code_folder().rglob("*"):
        with suppress(OSError):
            found = path.stat()
            sizes += [found.st_size] if S_ISREG(found.st_mode) else []
    return sizes


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 100e6 else f"{size / 1e6:,.0f} MB"
