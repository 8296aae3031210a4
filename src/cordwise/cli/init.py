"""`cordwise init`: a starting file of one's own, with a comment on every line that needs one."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from cordwise.base.errors import Fault, InputError
from cordwise.base.kinds import TOML_KINDS
from cordwise.base.provenance import write_atomically

StartingKind = Literal["study", "design", "patient", "mapping", "experiment"]


def init(kind: StartingKind, /, *, out: Path | None = None) -> None:
    """Write a commented starting file that is without faults and to be changed; no file is ever overwritten.

    Parameters
    ----------
    kind
        study, design, patient, mapping or experiment.
    out
        The file to write; KIND.toml in the folder you are in when left out.
    """
    target = out or Path(f"{kind}.toml")
    if target.exists() or target.is_symlink():
        raise InputError([Fault(str(target), "a new file", "one that exists", "Name another with --out.")])
    if not target.parent.is_dir():
        raise InputError([Fault(str(target), "a file in a folder that exists", f"no folder {target.parent}")])
    write_atomically(target, starting_file(kind).encode())
    use = next(each.command for each in TOML_KINDS if each.name == kind)
    print(f"Written: {target}\nChange it, then: cordwise check {target} and cordwise {use} {target}")


def starting_file(kind: StartingKind) -> str:
    """Return the text of the starting file of a kind."""
    return files("cordwise.cli").joinpath("starting_files", f"{kind}.toml").read_text(encoding="utf-8")
