"""The run folder: what one command leaves behind, never in a folder that holds anything else."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin
from cordwise.base.kinds import RUN_FILES, kind_of_file
from cordwise.base.provenance import sha256_of, to_json, write_atomically

if TYPE_CHECKING:
    import polars

_NAMES_SHOWN = 3  # of the files that a refused folder holds
_OF_THE_RUN = (*RUN_FILES, "report.html")


def require_folder(path: Path, where: str, marks: Sequence[str]) -> None:
    """Make a folder to write in, and refuse one that holds anything but the work of an earlier command.

    Parameters
    ----------
    path
        The folder; made when it is not there.
    where
        What the user called it, such as `--out runs/keio`.
    marks
        Files of which any shows that an earlier command wrote the folder.

    Raises
    ------
    InputError
        It is a file, cannot be made or written, or holds other files.
    """
    try:
        held = sorted(each.name for each in path.iterdir()) if path.is_dir() else []
        if held and not any((path / mark).is_file() for mark in marks):
            raise InputError([_holds_other_files(where, held)])
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path) as probe:
            probe.write(b"room for a byte")
    except OSError as error:
        advice = "Name another folder, or make room there."
        fault = Fault(where, "a folder that can be made and written", os.strerror(error.errno or 0), advice)
        raise InputError([fault]) from error


def _holds_other_files(where: str, held: Sequence[str]) -> Fault:
    shown = ", ".join(held[:_NAMES_SHOWN]) + (", …" if len(held) > _NAMES_SHOWN else "")
    expected = "a new or empty folder, or one that an earlier run has written"
    advice = "Nothing is written among other files. Name a folder of its own, such as one below this."
    return Fault(where, expected, f"a folder with {shown}", advice)


def stored_name(name: str) -> str:
    """Return the name under which a run folder keeps a file that its input names.

    The name itself, so that the kept input finds it; its last part where the file lies outside the input's folder or
    the name is one that the run itself needs.
    """
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts
    taken = path.name in _OF_THE_RUN or path.stem == "input"
    kept = str(path) if inside else path.name
    return f"named_{path.name}" if taken else kept


class RunFolder:
    """The folder one command leaves behind: input, provenance, results, tables, report.

    `held` says what an earlier run left there, blank where there was none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._started = time.monotonic()
        require_folder(path, f"--out {path}", RUN_FILES)
        self._earlier = read_record(path)
        self._written: dict[str, str] = {}
        self._named: dict[str, str] = {}

    @property
    def held(self) -> str:
        """Return the command, input and seed of the run that the folder held, blank where there was none."""
        known = [self._earlier.get(key) for key in ("command", "input_name", "seed")]
        return "" if None in known else "`cordwise {} {}`, seed {}".format(*known)

    def write(self, name: str, data: bytes | str) -> Path:
        """Store one file of the run and return its path."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = data.encode() if isinstance(data, str) else data
        write_atomically(target, content)
        self._written[name] = sha256_of(content)
        return target

    def replace(self, name: str, data: bytes | str) -> Path:
        """Store one file of a finished run anew, and its hash in the record."""
        path = self.write(name, data)
        if "files" in self._earlier:
            record = {**self._earlier, "files": {**self._earlier["files"], **self._written}}
            write_atomically(self.path / "provenance.json", to_json(record).encode())
        return path

    def keep(self, values: Mapping[str, Any], origin: Origin) -> None:
        """Store the result, the input and the files it names; the result first, by which a run folder is known."""
        self.write("results.json", to_json(values))
        self.write(f"input{Path(origin.name).suffix}", origin.data)
        for name, data in origin.companions.items():
            kept = stored_name(name)
            while kept in self._written:  # two files of one name from different folders
                kept = f"{PurePosixPath(kept).parent / 'other_'}{PurePosixPath(kept).name}"
            self._named[name] = kept
            self.write(kept, data)

    def write_table(self, name: str, frame: "polars.DataFrame") -> Path:
        """Store one table of the result as Parquet and return its path."""
        buffer = BytesIO()
        frame.write_parquet(buffer)
        return self.write(f"{name}.parquet", buffer.getvalue())

    def close(self, provenance: Mapping[str, Any]) -> None:
        """Store the record of how the result was made, with how long it took and the files.

        `files` are the hashes of all files by name, `named_files` under which name each file that the input names is.
        Files that an earlier run recorded here and this one did not write are removed, so that no table of another
        result stays beside the new one. The duration stays out of the result, whose bytes depend on seed and versions.
        """
        for name in set(self._earlier.get("files", {})) - set(self._written):
            if self.path.resolve() in (self.path / name).resolve().parents:
                (self.path / name).unlink(missing_ok=True)
        duration = round(time.monotonic() - self._started, 3)
        files = {"files": dict(sorted(self._written.items())), "named_files": self._named}
        record = {**provenance, "duration_seconds": duration, **files}
        write_atomically(self.path / "provenance.json", to_json(record).encode())


def read_record(path: Path) -> dict[str, Any]:
    """Return the record of the run in a folder, empty where there is none that can be read."""
    try:
        record = json.loads((path / "provenance.json").read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    whole = all(isinstance(record.get(key, {}), dict) for key in ("options", "versions", "files", "named_files"))
    return record if whole else {}


def require_record(path: Path) -> dict[str, Any]:
    """Return the record of the run in a folder.

    Raises
    ------
    InputError
        The folder is not there, or is not the run folder of a command.
    """
    record = read_record(path)
    if not {"command", "seed", "input_name", "input_sha256", "options", "versions"} <= set(record):
        kind = None if path.is_dir() else kind_of_file(path)
        found = kind.named if kind else "a folder without a whole one" if path.is_dir() else "no such folder"
        advice = kind.use if kind else "Give the folder that a command wrote with --out."
        raise InputError([Fault(str(path), "a run folder, which holds provenance.json", found, advice)])
    return record
