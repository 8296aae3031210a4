"""Input files, each read once: its tables for the checks, its bytes for the record of the run."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import find_input
from cordwise.base.kinds import wrong_kind
from cordwise.base.toml import toml_bytes, toml_tables


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a checked input came from: name and bytes of its file, and of the files that it names beside itself."""

    name: str
    data: bytes = field(repr=False)
    companions: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def sha256(self) -> str:
        """Return the hash of the file's bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()

    @property
    def companion_hashes(self) -> dict[str, str]:
        """Return the hashes of the files that it names, by name."""
        return {name: sha256(data).hexdigest() for name, data in self.companions.items()}


def no_file() -> Origin:
    """Return the origin of an input that was not read from a file, such as one that a result holds."""
    return Origin("", b"")


@dataclass(frozen=True, slots=True)
class InputFile:
    """A TOML file as it was read: where it lies, its bytes, and its tables, not yet checked."""

    path: Path
    data: bytes
    tables: dict[str, Any]

    def origin(self, companions: Mapping[str, bytes] | None = None) -> Origin:
        """Return what a run keeps of the file."""
        return Origin(self.path.name, self.data, MappingProxyType(dict(companions or {})))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of an input file, or say why they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        advice = "Check the path; it is taken from the folder you are in."
        fault = Fault(str(path), "a file that can be read", os.strerror(error.errno or 0), advice)
        raise InputError([fault]) from error


def read_input(name: str | Path, folder: str, expects: str | None = None) -> InputFile:
    """Return the TOML file that a path or the name of an example means, read once.

    Parameters
    ----------
    name
        A path, or the name of a shipped example.
    folder
        The folder of its examples: a key of `examples.KINDS`.
    expects
        The kind of file that is wanted, by its name in `kinds.TOML_KINDS`, where the folder holds several.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, it is not TOML, or it is of another kind, which is told.
    """
    path = find_input(name, folder)
    if path.suffix != ".toml" and (fault := wrong_kind(path, None, folder, expects)):
        raise InputError([fault])
    data = toml_bytes(path)
    tables = toml_tables(data, path)
    if fault := wrong_kind(path, tables, folder, expects):
        raise InputError([fault])
    return InputFile(path, data, tables)
