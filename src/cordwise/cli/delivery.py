"""The one way a result leaves a command: words or JSON on standard output, and a run folder when asked for."""

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin
from cordwise.base.provenance import Provenance, sha256_of, to_json
from cordwise.base.result import Result
from cordwise.base.run_folder import RunFolder, stored_name
from cordwise.cli.options import RunOptions


def read_source(path: Path) -> bytes:
    """Return the bytes of an input file, or say why they cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        advice = "Check the path; it is taken from the folder you are in."
        raise InputError(
            [Fault(str(path), "a file that can be read", os.strerror(error.errno or 0), advice)]
        ) from error


def read_companions(path: Path, source: bytes, table: str) -> dict[str, bytes]:
    """Return the files that a checked input names beside itself, by name: the case mix of its patients, if any."""
    name = tomllib.loads(source.decode())[table].get("case_mix")
    return {name: read_source(path.parent / name)} if name else {}


def record(command: str, path: Path, source: bytes, seed: int, **choices: Any) -> Provenance:  # noqa: ANN401
    """Return the provenance of one command on one input file."""
    return Provenance(command, seed, path.name, sha256_of(source), choices)


def hashes(companions: Mapping[str, bytes]) -> dict[str, str]:
    """Return the files' hashes by name, for the provenance."""
    return {name: sha256_of(data) for name, data in companions.items()}


def open_run_folder(options: RunOptions) -> RunFolder | None:
    """Make the run folder before the long work, so that a place that cannot be written is known at once."""
    if options.out is None:
        return None
    folder = RunFolder(options.out)
    if folder.held:
        options.tell(f"{folder.path} held {folder.held}; it is written again.")
    return folder


def deliver(
    result: Mapping[str, Any],
    words: str,
    *,
    folder: RunFolder | None,
    provenance: Provenance,
    source: bytes,
    options: RunOptions,
    companions: Mapping[str, bytes] | None = None,
) -> None:
    """Print the result and, with `--out`, leave the run folder with its report and the files the input names."""
    complete = {**result, "provenance": provenance.as_json()}
    print(to_json(complete) if options.json else words, end="" if options.json else "\n")
    sys.stdout.flush()
    if folder is None:
        options.tell("Add --out FOLDER for the report, the tables and the record of this run.")
        return
    from cordwise.present.html.render import render_report

    folder.finish(complete, provenance, source)
    for name, data in (companions or {}).items():
        folder.write(stored_name(name), data)
    report = folder.write("report.html", render_report(complete))
    options.tell(f"Results: {folder.path / 'results.json'}\nReport:  {report}")


def hand_over(result: Result, origin: Origin, folder: RunFolder | None, options: RunOptions) -> None:
    """Print a result and, with `--out`, leave the run folder: its input, record, tables and report."""
    values = result.to_dict()
    _print(to_json(values) if options.json else f"{result}\n")
    if folder is None:
        options.tell("Add --out FOLDER for the report, the tables and the record of this run.")
        return
    from cordwise.present.presenters import report_html

    folder.keep(values, origin)
    for part in result.parts:
        folder.write_table(part, result.to_frame(part))
    report = folder.write("report.html", report_html(result))
    folder.close(values["provenance"])
    options.tell(f"Results: {folder.path / 'results.json'}\nReport:  {report}")


def _print(text: str) -> None:
    """Print the answer; whoever reads it may stop early, and the run folder is written all the same."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
