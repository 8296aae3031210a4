"""`cordwise exam`: classify ISNCSCI examinations."""

import sys
from pathlib import Path

from cyclopts import App

from cordwise.cli.options import Flag

app = App(name="exam", help="Classify ISNCSCI examinations.")


@app.command
def batch(source: Path, /, *, out: Path, json: Flag = False, quiet: Flag = False) -> int:
    """Classify every examination of a file; refused rows are listed with their cells.

    Parameters
    ----------
    source
        Examinations: .jsonl, .csv or .parquet.
    out
        Where the classifications go, one JSON object a line.
    json
        Print the counts as JSON.
    quiet
        No progress.
    """
    from cordwise.isncsci.batch import classify_file
    from cordwise.provenance import to_json

    counts = classify_file(source, out, quiet=quiet)
    if json:
        print(to_json({"read": counts.read, "classified": counts.classified, "refused": counts.refused}), end="")
    elif not quiet:
        print(f"{counts.classified} of {counts.read} examinations classified, {counts.refused} refused: {out}")
    if counts.refused:
        print(f"{counts.refused} refused: the reasons are in {out}, key `errors`.", file=sys.stderr)
    return counts.exit_code
