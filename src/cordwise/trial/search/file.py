"""The search file: a base design, what of it is varied, what a trial costs, and what is wanted of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import ValidationError

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import InputFile, Origin, read_input
from cordwise.base.toml import faults_from
from cordwise.patient.file_types import FileTable, Text
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.design.kinds import Once
from cordwise.trial.search.file_rules import contradictions
from cordwise.trial.search.spec import (
    EndpointChoice,
    LooksChoice,
    SearchGoal,
    SearchSpec,
    Total,
    TrialPrices,
    WindowChoice,
)


class SearchFile(FileTable):
    """A search, as its file tells it; a list that is left out keeps what the base design says."""

    name: Text
    question: Text
    design: Text
    totals: Annotated[tuple[Total, ...], Once] = ()
    windows: tuple[WindowChoice, ...] = ()
    endpoints: tuple[EndpointChoice, ...] = ()
    looks: tuple[LooksChoice, ...] = ()
    goal: SearchGoal
    cost: TrialPrices


def read_search(name: str | Path) -> SearchSpec:
    """Read and check a search file and its base design, each once.

    Parameters
    ----------
    name
        The path of a search file, or the name of a shipped example.

    Raises
    ------
    InputError
        A file is missing, of another kind, breaks its schema, or contradicts itself or the other; every fault in
        either is told at once.
    """
    source = read_input(name, "searches")
    base, faults = _base_design(source)
    checked = _checked(source.tables, source.path, base.as_written if base else {}, faults)
    if base is None:  # its faults, or that no name is given, have been told
        raise InputError(faults)
    origin = source.origin({checked.design: base.origin.data, **base.origin.companions})
    return SearchSpec(**dict(checked), base=base, origin=origin)


def _base_design(source: InputFile) -> tuple[Design | None, list[Fault]]:
    """Return the design that a search file names, and the faults that keep it from being one."""
    named = source.tables.get("design")
    if not isinstance(named, str) or not named:  # told by the schema
        return None, []
    try:
        return read_design(source.path.parent / named), []
    except InputError as error:
        return None, list(error.faults)


def check_search(raw: Mapping[str, Any], path: Path | str, *, base: Design) -> SearchSpec:
    """Return the search in tables that no file holds, or raise every fault in them.

    Parameters
    ----------
    raw
        The tables as a search file has them.
    path
        What its file would be called; opens the place of every fault.
    base
        The base design.
    """
    checked = _checked(raw, path, base.as_written, [])
    import tomli_w

    return SearchSpec(**dict(checked), base=base, origin=Origin(Path(path).name, tomli_w.dumps(raw).encode()))


def _checked(raw: Mapping[str, Any], path: Path | str, base: Mapping[str, Any], faults: list[Fault]) -> SearchFile:
    """Return the checked tables, or raise every fault in them, beside those found before in the base design."""
    found = [*faults, *contradictions(raw, path, base)]
    try:
        file = SearchFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, SearchFile), *found]) from None
    if found:
        raise InputError(found)
    return file
