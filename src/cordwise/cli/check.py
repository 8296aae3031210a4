"""`cordwise check`: read an input file, say what is wrong with it, simulate nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cordwise.base.errors import Fault, InputError
from cordwise.cli.options import Flag

if TYPE_CHECKING:
    from cordwise.trial.design.file import Design


def check(file: Path, /, *, resolved: Flag = False, json: Flag = False) -> None:
    """Check a study, design, search, escalation, patient, experiment or targets file.

    Every fault is told at once, with exit code 2.

    Parameters
    ----------
    file
        The file; its kind is told from its tables.
    resolved
        Print a design with every default that its file leaves open, as a design file.
    json
        Print the kind (and, with --resolved, the design) as JSON.
    """
    kind, design = _kind_checked(file)
    if resolved and design is None:
        raise InputError([Fault("--resolved", "a design file", f"{file}, a {kind} file")])
    whole = _resolved(design) if resolved and design is not None else None
    if json:
        from cordwise.base.provenance import to_json

        print(to_json({"file": file.name, "kind": kind, "faults": [], "resolved": whole}), end="")
    elif whole is not None:
        import tomli_w

        print(tomli_w.dumps(_without_none(whole)), end="")
    else:
        print(f"{file}: {'an' if kind[0] in 'aeiou' else 'a'} {kind} file without faults.")


def _kind_checked(file: Path) -> "tuple[str, Design | None]":
    if file.suffix == ".csv":
        from cordwise.evidence import read_targets

        read_targets(file)
        return "targets", None
    from cordwise.base.toml import read_toml

    tables = read_toml(file)
    for kind, is_this in _SIGNS.items():
        if is_this(tables):
            return kind, _READERS[kind](file)
    expected = (
        "the tables of a study ([study]), a patient ([patient]), an experiment ([[conditions]]), "
        "an escalation ([toxicity]), a search ([goal] and [cost]) or a design ([population] and [[endpoints]])"
    )
    raise InputError([Fault(str(file), expected, ", ".join(f"[{name}]" for name in tables) or "no table")])


def _study(file: Path) -> None:
    from cordwise.appraise.study import read_study

    read_study(file)


def _patient(file: Path) -> None:
    from cordwise.patient.file import read_patient

    read_patient(file)


def _experiment(file: Path) -> None:
    from cordwise.experiment import read_experiment

    read_experiment(file)


def _escalation(file: Path) -> None:
    from cordwise.trial.escalation.file import read_escalation

    read_escalation(file)


def _search(file: Path) -> None:
    from cordwise.trial.search.file import read_search

    read_search(file)


def _design(file: Path) -> "Design":
    from cordwise.trial.design.file import read_design

    return read_design(file)


_SIGNS = {
    "study": lambda tables: "study" in tables,
    "patient": lambda tables: "patient" in tables,
    "experiment": lambda tables: "conditions" in tables,
    "escalation": lambda tables: "toxicity" in tables,
    "search": lambda tables: "goal" in tables and "cost" in tables,
    "design": lambda tables: "population" in tables and "endpoints" in tables,
}
_READERS = {
    "study": _study,
    "patient": _patient,
    "experiment": _experiment,
    "escalation": _escalation,
    "search": _search,
    "design": _design,
}


def _resolved(design: "Design") -> dict[str, Any]:
    from cordwise.trial.design.file import resolved

    return resolved(design).model_dump(mode="json")


def _without_none(value: Any) -> Any:  # noqa: ANN401 - any part of a file
    """Return the values that a TOML file can hold."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value
