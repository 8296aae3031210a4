"""`cordwise check`: read an input file, say what is wrong with it, simulate nothing."""

from pathlib import Path

from cordwise.cli.options import Flag
from cordwise.errors import Fault, InputError


def check(file: Path, /, *, json: Flag = False) -> None:
    """Check a study, design, patient, experiment or targets file; every fault is told at once, with exit code 2.

    Parameters
    ----------
    file
        The file; its kind is told from its tables.
    json
        Print the kind as JSON.
    """
    kind = _kind_checked(file)
    if json:
        from cordwise.provenance import to_json

        print(to_json({"file": file.name, "kind": kind, "faults": []}), end="")
    else:
        print(f"{file}: {'an' if kind == 'experiment' else 'a'} {kind} file without faults.")


def _kind_checked(file: Path) -> str:
    if file.suffix == ".csv":
        from cordwise.evidence import read_targets

        read_targets(file)
        return "targets"
    from cordwise.border import read_toml

    tables = read_toml(file)
    if "study" in tables:
        from cordwise.appraise import read_study

        read_study(file)
        return "study"
    if "patient" in tables:
        from cordwise.cohort.patient_file import read_patient

        read_patient(file)
        return "patient"
    if "conditions" in tables:
        from cordwise.cord.experiment import read_experiment

        read_experiment(file)
        return "experiment"
    if "population" in tables and "endpoints" in tables:
        from cordwise.trial import read_design

        read_design(file)
        return "design"
    expected = (
        "the tables of a study ([study]), a patient ([patient]), an experiment ([[conditions]]) "
        "or a design ([population] and [[endpoints]])"
    )
    raise InputError([Fault(str(file), expected, ", ".join(f"[{name}]" for name in tables) or "no table")])
