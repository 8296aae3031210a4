"""The example inputs that ship with the package, found by name wherever a file is asked for."""

import difflib
from collections.abc import Mapping
from pathlib import Path

from cordwise.base.errors import Fault, InputError

KINDS: Mapping[str, tuple[str, ...]] = {
    "studies": (".toml",),
    "designs": (".toml",),
    "searches": (".toml",),
    "patients": (".toml",),
    "experiments": (".toml",),
    "examinations": (".json", ".jsonl", ".csv", ".parquet", ".toml"),
    "registries": (".csv",),
}
"""The folders of examples, each with the endings of its files."""


def example_folder(kind: str) -> Path:
    """Return the folder of one kind of example: in the installed package, or in the repository it is developed in."""
    package = Path(__file__).parents[1]
    packaged = package / "examples" / kind
    return packaged if packaged.is_dir() else package.parents[1] / kind


def examples(kind: str) -> tuple[Path, ...]:
    """Return the example files of one kind, by name."""
    folder = example_folder(kind)
    return tuple(sorted(each for each in folder.glob("*") if each.suffix in KINDS[kind]))


def find_input(name: str | Path, kind: str) -> Path:
    """Return the file that a path or the name of an example means; a file that exists comes before an example.

    Parameters
    ----------
    name
        A path, or the name of a shipped example with or without its ending, such as `honmou2021`.
    kind
        The folder of examples: a key of `KINDS`.

    Raises
    ------
    InputError
        There is neither such a file nor such an example.
    """
    path = Path(name)
    if path.exists():
        return path
    shipped = examples(kind)
    if path.parent == Path() or path.parent.name == kind:
        for each in shipped:
            if path.name in (each.name, each.stem):
                return each
    if path.parent != Path() and path.suffix:  # a path: its reader says what is wrong with it
        return path
    raise InputError([Fault(str(name), f"a file, or an example of the {kind}", "neither", _advice(path, shipped))])


def _advice(path: Path, shipped: tuple[Path, ...]) -> str:
    here = [each.name for each in path.parent.glob("*") if each.is_file()] if path.parent.is_dir() else []
    names = [each.stem for each in shipped]
    close = difflib.get_close_matches(path.name, here + names, n=1) or difflib.get_close_matches(path.stem, names, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    return (
        f"The examples are {', '.join(names)}." if names else "Check the path; it is taken from the folder you are in."
    )
