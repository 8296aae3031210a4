"""The baseline table that a study or design file names: found beside it, and checked before anything is computed."""

from dataclasses import dataclass, field
from pathlib import Path

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import shown
from cordwise.evidence import read_targets
from cordwise.population.case_mix.weights import BaselineTable


@dataclass(frozen=True, slots=True)
class CaseMixFile:
    """A baseline table as its file holds it, and the bytes of that file."""

    table: BaselineTable
    data: bytes = field(repr=False)


def read_case_mix(name: str, *, beside: Path, where: str) -> CaseMixFile:
    """Read the baseline table called `name` in the folder of the file that names it.

    Parameters
    ----------
    name
        Path of a CSV file, relative to the folder of `beside`; it may not lead out of that folder.
    beside
        The study or design file.
    where
        The place in that file that names the table, for faults.

    Raises
    ------
    InputError
        There is no such file there, or its rows are no findings at entry; every fault is named.
    """
    path = file_beside(name, beside.parent, where)
    targets = read_targets(path)
    return CaseMixFile(BaselineTable(tuple(targets)), targets.source_file.data)


def file_beside(name: str, folder: Path, where: str) -> Path:
    """Return the path of a file that another names, which must lie in the folder of that one or below it.

    Raises
    ------
    InputError
        It lies elsewhere, or is not there; `where` is told.
    """
    path = folder / name
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
        is_file = is_inside and path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        is_inside = is_file = False
    if Path(name).is_absolute() or not is_inside:
        wanted = "the name of a CSV file in the folder of this file, or below it"
        raise InputError([Fault(where, wanted, shown(name), "Put the table beside this file.")])
    if not is_file:
        raise InputError([Fault(where, "the name of a CSV file", f"no such file: {shown(name)}")])
    return path
