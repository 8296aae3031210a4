"""`cordwise examples`: the inputs that ship with the program, each with the question it asks."""

import shutil
import textwrap
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import KINDS, Example, find_input, list_examples, named_examples
from cordwise.base.kinds import ALL_KINDS, kind_of_file
from cordwise.cli.options import Flag

_WIDEST = 100  # columns of text that are still easy to read


def examples(
    which: str | None = None,
    /,
    *,
    copy: Annotated[Path | None, Parameter(name="--copy")] = None,
    json: Flag = False,
) -> None:
    """List the example inputs with the question each asks, or copy them to change them.

    Wherever a file is asked for, the name of an example serves too.

    Parameters
    ----------
    which
        A kind, such as designs, or the name of one example; all of them when left out.
    copy
        Copy them into this folder, each in the folder of its kind, with the files they name; nothing is overwritten.
    json
        Print the list as JSON.
    """
    chosen = _chosen(which)
    if copy is not None:
        _copy(chosen, copy)
    if json:
        from cordwise.base.provenance import to_json

        print(to_json({"kind": "examples", "examples": [_as_json(each) for each in chosen]}), end="")
    elif copy is None:
        print(_listed(chosen))


def _chosen(which: str | None) -> tuple[Example, ...]:
    """Return the examples of a kind, named as a folder or in the singular, or the one of a name."""
    folders = {kind.name: kind.folder for kind in ALL_KINDS} | {folder: folder for folder in KINDS}
    if which is None or which in folders:
        return list_examples(*([folders[which]] if which else KINDS))
    chosen = tuple(each for each in list_examples(*KINDS) if which in _names(each))
    if not chosen:
        find_input(which, *KINDS)  # says which name is near; what it finds is a file of the user's own
        raise InputError([Fault(which, f"one of {', '.join(KINDS)}, or the name of an example", "a file of your own")])
    return chosen


def _names(example: Example) -> set[str]:
    names = {example.name, example.path.stem, example.path.name}
    return names | {f"{example.folder}/{name}" for name in names}


def _listed(chosen: tuple[Example, ...]) -> str:
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    lines: list[str] = []
    for folder in dict.fromkeys(each.folder for each in chosen):
        lines.append(folder)
        for each in (one for one in chosen if one.folder == folder):
            lines.append(f"  {each.name}{f' (cordwise {command})' if (command := _command(each)) else ''}")
            lines += textwrap.wrap(each.question, width, initial_indent=" " * 6, subsequent_indent=" " * 6)
        lines.append("")
    return "\n".join([*lines, "To change one, copy it: cordwise examples NAME --copy FOLDER"])


def _command(example: Example) -> str:
    kind = kind_of_file(example.path)
    return kind.command if kind else ""


def _as_json(example: Example) -> dict[str, str]:
    return {
        "folder": example.folder,
        "name": example.name,
        "file": f"{example.folder}/{example.path.name}",
        "command": _command(example),
        "question": example.question,
    }


def _copy(chosen: tuple[Example, ...], folder: Path) -> None:
    """Copy examples and the files they name, each into the folder of its kind; none when any file is in the way."""
    sources = dict.fromkeys(path for each in chosen for path in (each.path, *named_examples(each.path)))
    pairs = [(path, folder / path.parent.name / path.name) for path in sources]
    faults = [
        Fault(str(target), "a new file", "another that exists", "Name another folder with --copy.")
        for source, target in pairs
        if target.exists() and (target.is_dir() or target.read_bytes() != source.read_bytes())
    ]
    if folder.exists() and not folder.is_dir():
        faults = [Fault(f"--copy {folder}", "a folder", "a file")]
    if faults:
        raise InputError(faults)
    from cordwise.base.provenance import write_atomically

    for source, target in pairs:
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, source.read_bytes())
        print(f"Copied: {target}")
