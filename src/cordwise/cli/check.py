"""`cordwise check`: read an input file, say what is wrong with it, simulate nothing."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import KINDS, find_input
from cordwise.base.kinds import EXAMINATIONS, RUN, TARGETS, TOML_KINDS, InputKind, kind_of, kind_of_file
from cordwise.cli.options import Flag, names_of

_FAULTS_SHOWN = 20  # of refused examinations; `exam batch` tells them all
_DESIGN = "design"

# Named, not imported: each brings its room with it.
_READERS: Mapping[str, str] = {
    "study": "cordwise.appraisal.study:read_study",
    "patient": "cordwise.patient.file:read_patient",
    "experiment": "cordwise.experiment.files:read_experiment",
    "escalation": "cordwise.trial.escalation.file:read_escalation",
    "search": "cordwise.trial.search.file:read_search",
    _DESIGN: "cordwise.trial.design.file:read_design",
    "mapping": "cordwise.isncsci.files.mapping:read_mapping",
    TARGETS.name: "cordwise.evidence:read_targets",
}


def check(
    file: Annotated[Path, Parameter(completer=names_of(*KINDS))], /, *, resolved: Flag = False, json: Flag = False
) -> int:
    """Check an input file of any kind; every fault is told at once, with exit code 2.

    Kinds are study, design, search, escalation, patient, experiment, mapping, table of targets and file of
    examinations in the layout of the documentation.

    Parameters
    ----------
    file
        The file, or the name of an example; its kind is told from its tables.
    resolved
        Print a design with every default that its file leaves open, as a design file.
    json
        Print the kind, the faults and, with --resolved, the design as JSON.
    """
    kind, whole, faults = None, None, ()
    try:
        path = find_input(file, *KINDS)
        kind = _kind(path)
        if resolved and kind.name != _DESIGN:
            raise InputError([Fault("--resolved", "a design file", f"{file}, which is {kind.named}")])
        value = _read(path, kind)
        whole = to_plain(value) if resolved else None
    except InputError as error:
        if not json:
            raise
        faults = error.faults
    if json:
        from cordwise.base.provenance import to_json

        told = [{key: each for key, each in asdict(fault).items() if key != "is_argument"} for fault in faults]
        name = kind.name if kind else None
        print(to_json({"file": file.name, "kind": name, "faults": told, "resolved": whole}), end="")
    elif whole is not None:
        import tomli_w

        print(tomli_w.dumps(_without_none(whole)), end="")
    elif kind:
        print(f"{file}: {kind.named}{'' if 'file' in kind.name or 'table' in kind.name else ' file'} without faults.")
    return InputError.exit_code if faults else 0


def _kind(path: Path) -> InputKind:
    """Return the kind of a file, or say which signs were looked for."""
    if path.suffix == ".toml":
        from cordwise.base.toml import read_toml

        tables = read_toml(path)
        if kind := kind_of(tables):
            return kind
        expected = f"the tables of {', '.join(f'{each.named} ({each.sign})' for each in TOML_KINDS)}"
        raise InputError([Fault(str(path), expected, ", ".join(f"[{name}]" for name in tables) or "no table")])
    if path.suffix == ".csv":  # a table that can be neither read as targets nor as examinations is told as targets
        return kind_of_file(path) or TARGETS
    if path.is_dir():
        use = RUN.use if kind_of_file(path) is RUN else ""
        raise InputError([Fault(str(path), "an input file", "a folder", use)])
    return EXAMINATIONS


def _read(path: Path, kind: InputKind) -> Any:  # noqa: ANN401 - what its reader gives
    if kind is RUN:
        raise InputError([Fault(str(path), "an input file", f"a file of {RUN.named}", RUN.use)])
    if kind is EXAMINATIONS:
        return _read_examinations(path)
    module, name = _READERS[kind.name].split(":")
    return getattr(import_module(module), name)(path)


def _read_examinations(path: Path) -> None:
    """Read every examination of a file in the usual layout, and raise the faults of the first that are refused."""
    from cordwise.isncsci.files.layout import layout_of
    from cordwise.isncsci.files.one_exam import read_one_exam

    if path.suffix.lower() == ".json":
        read_one_exam(path, layout_of())
        return
    faults = list(islice(_refusals(path), _FAULTS_SHOWN + 1))
    if len(faults) > _FAULTS_SHOWN:
        print(f"The first {_FAULTS_SHOWN} faults; `cordwise exam batch` tells them all.", file=sys.stderr)
    if faults:
        raise InputError(faults[:_FAULTS_SHOWN])


def _refusals(path: Path) -> Iterator[Fault]:
    from cordwise.isncsci.files.formats import read_pieces

    count = 0
    for piece in read_pieces(path):
        count += len(piece)
        for refusal in piece.refusals:
            for fault in refusal.faults:
                where = f"{path}: row {refusal.number} (id {refusal.id}): {fault.where}"
                yield Fault(where, fault.expected, fault.found, fault.advice)
    if not count:
        yield Fault(str(path), "at least one examination", "none")


def _without_none(value: Any) -> Any:  # noqa: ANN401 - any part of a file
    """Return the values that a TOML file can hold."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value
