"""`cordwise report`: make the report of a finished run again."""

import json
from pathlib import Path

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import read_bytes
from cordwise.base.kinds import kind_of_file
from cordwise.base.run_folder import RunFolder


def report(run: Path, /) -> None:
    """Write report.html again from the results.json of a run folder.

    Parameters
    ----------
    run
        The run folder.
    """
    from cordwise.present.presenters import read_result, report_html

    results = run / "results.json"
    if run.is_file() and (kind := kind_of_file(run)):
        raise InputError([Fault(str(run), "a run folder, which holds results.json", kind.named, kind.use)])
    try:
        result = json.loads(read_bytes(results))
    except ValueError as error:
        raise InputError([Fault(str(results), "JSON", str(error), "Run the command again with --out.")]) from error
    if not isinstance(result, dict):
        raise InputError([_not_a_result(results, f"a JSON {type(result).__name__}")])
    try:
        page = report_html(read_result(result))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise InputError([_not_a_result(results, f"{type(error).__name__}: {error}")]) from error
    print(f"Report: {RunFolder(run).replace('report.html', page)}")


def _not_a_result(path: Path, found: str) -> Fault:
    return Fault(str(path), "the whole result of a cordwise command", found, "Run the command again with --out.")
