"""Where a result comes from, and the text and the files that results become."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin

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
        advice = "Name another place, or make room there."
        raise InputError(
            [Fault(str(path), "a place that can be written", os.strerror(error.errno or 0), advice)]
        ) from error
    finally:
        # Also when the run is stopped; a folder that cannot be reached holds no part.
        with suppress(OSError):
            part.unlink(missing_ok=True)
