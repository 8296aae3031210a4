"""The example inputs that ship with the package, found by name wherever a file is asked for."""

import difflib
from collections.abc import Mapping
from pathlib import Path

from cordwise.base.errors import Fault, InputError
from cordwise.base.kinds import kind_of_file

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


def find_input(name: str | Path, *kinds: str) -> Path:
    """Return the file that a path or the name of an example means; a file that exists comes before an example.

    Parameters
    ----------
    name
        A path, or the name of a shipped example with or without its ending and its folder, such as `honmou2021`,
        `honmou2021.toml` or `studies/honmou2021.toml`.
    kinds
        The folders of examples to look in: keys of `KINDS`.

    Raises
    ------
    InputError
        There is neither such a file nor such an example, or the name means several examples.
    """
    path = Path(name)
    if path.exists():
        return path
    found = [each for kind in kinds for each in _meant(path, kind)]
    if len(found) > 1:
        places = " and ".join(f"{each.parent.name}/{each.stem}" for each in found)
        raise InputError([Fault(str(name), "one file", f"the examples {places}", "Name the folder too.")])
    if found:
        return found[0]
    elsewhere = [each for kind in KINDS if kind not in kinds for each in _meant(path, kind)]
    if path.parent != Path() and path.suffix and not elsewhere:  # a path: its reader says what is wrong with it
        return path
    raise InputError([_nothing_of_that_name(path, kinds, elsewhere)])


def _meant(path: Path, kind: str) -> list[Path]:
    """Return the examples of one folder that a name means; the name of a file comes before names without ending."""
    if path.parent not in (Path(), Path(kind)):
        return []
    shipped = examples(kind)
    return [each for each in shipped if each.name == path.name] or [each for each in shipped if each.stem == path.name]


def _nothing_of_that_name(path: Path, kinds: tuple[str, ...], elsewhere: list[Path]) -> Fault:
    expected = f"a file, or an example of the {' or '.join(kinds)}"
    for each in elsewhere:
        if kind := kind_of_file(each):
            return Fault(str(path), expected, f"{kind.named} among the examples", kind.use)
    return Fault(str(path), expected, "neither", _advice(path, [each for kind in kinds for each in examples(kind)]))


def _advice(path: Path, shipped: list[Path]) -> str:
    here = [each.name for each in path.parent.glob("*") if each.is_file()] if path.parent.is_dir() else []
    names = [each.stem for each in shipped]
    close = difflib.get_close_matches(path.name, here + names, n=1) or difflib.get_close_matches(path.stem, names, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    return (
        f"The examples are {', '.join(names)}." if names else "Check the path; it is taken from the folder you are in."
    )
