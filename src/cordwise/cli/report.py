"""`cordwise report`: make the report of a finished run again."""

import json
from pathlib import Path

from cordwise.cli.delivery import read_source
from cordwise.errors import Fault, InputError
from cordwise.provenance import RunFolder


def report(run: Path, /) -> None:
    """Write report.html again from the results.json of a run folder.

    Parameters
    ----------
    run
        The run folder.
    """
    from cordwise.report import render_report

    results = run / "results.json"
    try:
        result = json.loads(read_source(results))
    except ValueError as error:
        raise InputError([Fault(str(results), "JSON", str(error), "Run the command again with --out.")]) from error
    print(f"Report: {RunFolder(run).write('report.html', render_report(result))}")
