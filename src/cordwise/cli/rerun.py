"""`cordwise rerun`: run the command of a run folder again, and compare the results byte by byte."""

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from importlib.metadata import PackageNotFoundError, version
from io import StringIO
from itertools import islice
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.run_folder import require_record
from cordwise.cli.options import Flag

_WHOSE = ("population", "registry", "registry_data")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "appraise": ("draws", "patients", *_WHOSE),
    "trial simulate": ("replicates", "precision", *_WHOSE),
    "trial compare": ("replicates", *_WHOSE),
    "trial optimise": ("replicates", *_WHOSE),
    "trial escalate": ("replicates",),
    "patient simulate": (),
    "cord perturb": ("worlds",),
    "cord sensitivity": ("method", "samples", "mechanism_samples", "condition"),
    "population check": ("case_mix", *_WHOSE),
}
"""For each command that leaves a run folder the options that its record holds."""
_INPUT_ENDINGS = (".toml", ".csv")
_DIFFERENT = 3
_SHOWN = 5  # places where results differ
_LONGEST = 60  # characters of a value that differs


def rerun(run: Path, /, *, out: Path | None = None, force: Flag = False, quiet: Flag = False) -> int:
    """Run the command of a run folder again from its own input, and say whether the result is the same to the byte.

    Exit code 3 says that it is not.

    Parameters
    ----------
    run
        The run folder.
    out
        Keep the new run in this folder.
    force
        Run even where versions have changed since, so that results may differ.
    quiet
        No progress.
    """
    record = require_record(run)
    changed = [*_version_faults(record)]
    if faults := [*_faults(run, record), *(() if force else changed)]:
        raise InputError(faults)
    with TemporaryDirectory() as scratch:
        target = out or Path(scratch) / "run"
        again = [*_arguments(run, record, Path(scratch) / "files"), "--out", str(target)]
        with redirect_stdout(StringIO()):
            _run([*again, *(["--quiet"] if quiet or out is None else [])])
        before, after = ((folder / "results.json").read_bytes() for folder in (run, target))
    if before == after:
        print(f"The same result to the byte: {run / 'results.json'}")
        return 0
    then, now = (_without_versions(json.loads(text)) for text in (before, after))
    differences = list(islice(_differences(then, now), _SHOWN))
    if changed and not differences:
        print(f"The same result, but for the versions that it records: {run / 'results.json'}")
        return 0
    print("\n".join(["Another result:", *differences]))
    return _DIFFERENT


def _without_versions(result: Mapping[str, Any]) -> dict[str, Any]:
    provenance = {key: value for key, value in result.get("provenance", {}).items() if key != "versions"}
    return {**result, "provenance": provenance}


def _run(arguments: list[str]) -> None:
    from cordwise.cli import app

    app(arguments, exit_on_error=False, print_error=True, result_action="return_value")


def _faults(run: Path, record: Mapping[str, Any]) -> Iterator[Fault]:
    suffix = PurePosixPath(str(record["input_name"])).suffix
    if record["command"] not in OPTIONS or suffix not in _INPUT_ENDINGS:
        expected = f"the run of a file by one of {', '.join(OPTIONS)}"
        yield Fault(str(run), expected, f"cordwise {record['command']} {record['input_name']}")
        return
    for name in (f"input{suffix}", "results.json", *record.get("named_files", {}).values()):
        if not (run / name).is_file():
            yield Fault(str(run / name), "a file of the run", "no such file")


def _version_faults(record: Mapping[str, Any]) -> Iterator[Fault]:
    for name, then in record["versions"].items():
        if (now := _installed(name)) != then:
            advice = "Install that version, or add --force to compare all the same."
            yield Fault(f"version of {name}", f"{then}, which made the run", now, advice)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _arguments(run: Path, record: Mapping[str, Any], scratch: Path) -> list[str]:
    """Lay the input and the files it names into a folder as they were, and return the words of the command."""
    name = PurePosixPath(str(record["input_name"])).name
    # Deep enough that a file named by `../designs/x.toml` still lies within the scratch folder.
    given = _laid(scratch / "a" / "b" / name, run / f"input{PurePosixPath(name).suffix}", scratch)
    laid: dict[str, Path] = {}
    for named, kept in record.get("named_files", {}).items():
        beside = {given.parent, *(each.parent for each in laid.values() if each.suffix == ".toml")}
        for place in beside:  # a table that a design names, where a search names the design, lies beside the design
            laid[named] = _laid(place / named, run / kept, scratch)
    designs = [laid[each] for each in record["options"].get("designs", ()) if each in laid and each != name]
    chosen = {each: record["options"].get(each) for each in OPTIONS[record["command"]]}
    options = [
        f"--{each.replace('_', '-')}={laid.get(value, value) if isinstance(value, str) else value}"
        for each, value in chosen.items()
        if value is not None
    ]
    return [*record["command"].split(), *map(str, [given, *designs]), *options, f"--seed={record['seed']}"]


def _laid(target: Path, source: Path, within: Path) -> Path:
    """Copy a file to where the input looks for it; a record may have been written by anybody, so nowhere else."""
    target = target.resolve()
    if not target.is_relative_to(within.resolve()):
        raise InputError([Fault(str(source), "a file that the input names from its own folder", str(target))])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())
    return target


def _differences(before: Any, after: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON values
    """Yield the places where two results differ, with both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _differences(before.get(key), after.get(key), f"{place}.{key}" if place else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{place}[{number}]")
    elif before != after:
        yield f"    {place}: {_short(before)} before, {_short(after)} now"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
