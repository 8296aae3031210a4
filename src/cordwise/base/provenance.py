"""Where a result comes from, and the run folder that keeps it."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin

if TYPE_CHECKING:
    import polars

VERSIONED_PACKAGES = ("cordwise", "numpy", "scipy", "numba", "polars")
CONTEXT_OF_USE = "Research and trial planning with simulated patients. Not for decisions about a patient's care."


@dataclass(frozen=True, slots=True)
class Provenance:
    """What decides a result: the command, the input, the seed and the versions. Nothing of the machine or its user."""

    command: str
    seed: int
    input_name: str
    input_sha256: str
    options: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=lambda: {name: version(name) for name in VERSIONED_PACKAGES})
    context_of_use: str = CONTEXT_OF_USE

    @classmethod
    def of(cls, command: str, seed: int, origin: Origin, **options: Any) -> "Provenance":  # noqa: ANN401
        """Return the record of a command on one input file and the files that it names."""
        return cls(command, seed, origin.name, origin.sha256, {**options, **origin.companion_hashes})

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return asdict(self)


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def to_json(result: Mapping[str, Any]) -> str:
    """Return `result` as the text every command prints and stores: same result, same bytes."""
    return json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` beside `path`, then move it there, so that a crash leaves the old file or the new, never half."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        advice = "Name another folder with --out, or make room there."
        raise InputError(
            [Fault(str(path), "a place that can be written", os.strerror(error.errno or 0), advice)]
        ) from error
    finally:
        # Also when the run is stopped; a folder that cannot be reached holds no part.
        with suppress(OSError):
            part.unlink(missing_ok=True)


class RunFolder:
    """The folder one command leaves behind: input, provenance, results, tables, report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._started = time.monotonic()
        try:
            path.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=path) as probe:
                probe.write(b"room for a byte")
        except OSError as error:
            advice = "Name another folder with --out, or make room there."
            fault = Fault(
                f"--out {path}", "a folder that can be made and written", os.strerror(error.errno or 0), advice
            )
            raise InputError([fault]) from error

    def write(self, name: str, data: bytes | str) -> Path:
        """Store one file of the run and return its path."""
        target = self.path / name
        write_atomically(target, data.encode() if isinstance(data, str) else data)
        return target

    def finish(self, result: Mapping[str, Any], provenance: Provenance, source: bytes) -> None:
        """Store the input, the result and the record of how it was made; the duration stays out of the result."""
        self.write(f"input{Path(provenance.input_name).suffix}", source)
        self.write("results.json", to_json(result))
        duration = round(time.monotonic() - self._started, 3)
        self.write("provenance.json", to_json({**provenance.as_json(), "duration_seconds": duration}))

    def keep(self, values: Mapping[str, Any], origin: Origin) -> None:
        """Store the input with the files it names, the result, and the record of how it was made.

        The duration stays out of the result, whose bytes depend on seed and versions alone.
        """
        self.write(f"input{Path(origin.name).suffix}", origin.data)
        for name, data in origin.companions.items():
            self.write(name, data)
        self.write("results.json", to_json(values))
        duration = round(time.monotonic() - self._started, 3)
        self.write("provenance.json", to_json({**values["provenance"], "duration_seconds": duration}))

    def write_table(self, name: str, frame: "polars.DataFrame") -> Path:
        """Store one table of the result as Parquet and return its path."""
        buffer = BytesIO()
        frame.write_parquet(buffer)
        return self.write(f"{name}.parquet", buffer.getvalue())
