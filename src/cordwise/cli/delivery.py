"""The one way a result leaves a command: words or JSON on standard output, and a run folder when asked for."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from cordwise.base.inputs import Origin
from cordwise.base.provenance import to_json
from cordwise.base.result import Result
from cordwise.base.run_folder import RunFolder
from cordwise.cli.options import RunOptions

Finished = TypeVar("Finished", bound=Result)


def open_run_folder(options: RunOptions) -> RunFolder | None:
    """Make the run folder before the long work, so that a place that cannot be written is known at once."""
    if options.out is None:
        return None
    folder = RunFolder(options.out)
    if folder.held:
        options.tell(f"{folder.path} held {folder.held}; it is written again.")
    return folder


def hand_over(
    result: Finished,
    origin: Origin,
    folder: RunFolder | None,
    options: RunOptions,
    *,
    finish: Callable[[Finished], Finished] = lambda result: result,
) -> None:
    """Print a result and, with `--out`, leave the run folder: its input, record, tables and report.

    `finish` adds what the text does without, such as a portrait: the answer is printed before that is simulated.
    """
    if not options.json:
        _print(f"{result}\n")
    if options.json or folder is not None:
        result = finish(result)
    values = result.to_dict() if options.json or folder is not None else {}
    if options.json:
        _print(to_json(values))
    if folder is None:
        options.tell("Add --out FOLDER for the report, the tables and the record of this run.")
        return
    from cordwise.present.presenters import report_html

    page = report_html(result)  # before anything is written, for it takes seconds in which a run may be stopped
    folder.keep(values, origin)
    for part in result.parts:
        folder.write_table(part, result.to_frame(part))
    report = folder.write("report.html", page)
    folder.close(values["provenance"])
    options.tell(f"Results: {folder.path / 'results.json'}\nReport:  {report}")


def _print(text: str) -> None:
    """Print the answer; whoever reads it may stop early, and the run folder is written all the same."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
