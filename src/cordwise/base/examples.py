"""The example inputs that ship with the package, found by name wherever a file is asked for."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
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
_MOST_NAMES = 12  # that an error lists


def example_folder(kind: str) -> Path:
    """Return the folder of one kind of example: in the installed package, or in the repository it is developed in."""
    package = Path(__file__).parents[1]
    packaged = package / "examples" / kind
    return packaged if packaged.is_dir() else package.parents[1] / kind


def examples(kind: str) -> tuple[Path, ...]:
    """Return the example files of one kind, by name."""
    folder = example_folder(kind)
    return tuple(sorted(each for each in folder.glob("*") if each.suffix in KINDS[kind]))


@dataclass(frozen=True, slots=True)
class Example:
    """One example: its folder, the name by which it is found, its file, and the question that it asks."""

    folder: str
    name: str
    path: Path
    question: str


def list_examples(*kinds: str) -> tuple[Example, ...]:
    """Return the examples of some kinds with their questions; the name has its ending where another has the stem."""
    found = []
    for kind in kinds:
        files = examples(kind)
        stems = [each.stem for each in files]
        for each in files:
            name = each.stem if stems.count(each.stem) == 1 else each.name
            found.append(Example(kind, name, each, question_of(each)))
    return tuple(found)


def question_of(path: Path) -> str:
    """Return the question that a TOML file opens with: its first comment, or its key `question`; blank for others."""
    if path.suffix != ".toml":
        return ""
    text = path.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    asked = " ".join(_first_comment(text))
    asked = asked or tables.get("question", "") or tables.get("study", {}).get("question", "")
    return asked[:1].upper() + asked[1:]


def _first_comment(text: str) -> Iterator[str]:
    """Yield the lines of the comment that opens a file with `# Question:`, up to the first of another matter."""
    for number, line in enumerate(text.splitlines()):
        words = line.removeprefix("#").strip()
        if number == 0 and not words.startswith("Question:"):
            return
        if not line.startswith("#") or not words or words.startswith(("Expect", "Answer")):
            return
        yield words.removeprefix("Question:").strip()


def named_examples(path: Path) -> tuple[Path, ...]:
    """Return the examples that an example names in its tables: the design of a search, the case mix of a study."""
    if path.suffix != ".toml":
        return ()
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    tables_and_top = [tables, *(each for each in tables.values() if isinstance(each, dict))]
    names = [value for table in tables_and_top for value in table.values() if isinstance(value, str)]
    beside = [(path.parent / name).resolve() for name in names if name.endswith((".toml", ".csv"))]
    return tuple(each for each in beside if each.is_file())


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
    with suppress(OSError):  # a name that no file can have
        if path.exists():
            return path
    found = [each for kind in kinds for each in _meant(path, kind)]
    if len(found) > 1:
        places = " and ".join(f"{each.parent.name}/{each.name}" for each in found)
        raise InputError([Fault(str(name), "one file", f"the examples {places}", "Give one of these names.")])
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
    expected = f"a file, or {f'an example of the {kinds[0]}' if len(kinds) == 1 else 'the name of an example'}"
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
    if not names:
        return "Check the path; it is taken from the folder you are in."
    return f"The examples are {', '.join(names)}." if len(names) <= _MOST_NAMES else "`cordwise examples` lists them."
