"""`cordwise exam`: classify ISNCSCI examinations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

from cordwise.cli.exam_options import ReadingOptions
from cordwise.cli.options import ExaminationsName, Flag

if TYPE_CHECKING:
    from cordwise.isncsci.files.batch import BatchSummary

_FAULTS_SHOWN = 3  # of a refused examination; all are in the file of answers

app = App(name="exam", help="Classify ISNCSCI examinations.")
app.command("cordwise.cli.exam_classify:classify", name="classify", help="Classify one examination and say why.")
app.command("cordwise.cli.exam_map:map_columns", name="map", help="Draft a mapping for a table of foreign names.")
app.command("cordwise.cli.exam_compare:compare", name="compare", help="Say what changed between two examinations.")


@app.command
def batch(
    source: ExaminationsName,
    /,
    *,
    out: Path,
    json: Flag = False,
    quiet: Flag = False,
    reading: ReadingOptions | None = None,
) -> int:
    """Classify every examination of a file; refused rows are listed with their cells.

    Parameters
    ----------
    source
        Examinations: .jsonl, .csv, .tsv or .parquet, or the name of an example.
    out
        Where the classifications go: .jsonl, .csv or .parquet. A stopped run goes on when the command is repeated.
    json
        Print the counts as JSON.
    quiet
        No progress.
    """
    from cordwise.base.examples import find_input
    from cordwise.cli.compiling import tell_when_compiling
    from cordwise.isncsci.files.batch import classify_file

    tell_when_compiling("exam batch", quiet=quiet)
    reading = reading or ReadingOptions()
    source = find_input(source, "examinations")
    counts = classify_file(source, out, layout=reading.layout(), non_key_zpp=reading.rule(), quiet=quiet)
    _tell(counts, out, json=json, quiet=quiet)
    return counts.exit_code


def _tell(counts: "BatchSummary", out: Path, *, json: bool, quiet: bool) -> None:
    """Say how many exams were classified, and show the first that were refused."""
    if json:
        from cordwise.base.provenance import to_json

        names = ("read", "classified", "refused", "converted", "resumed")
        print(to_json({name: getattr(counts, name) for name in names}), end="")
    elif not quiet:
        print(f"{counts.classified} of {counts.read} examinations classified, {counts.refused} refused: {out}")
    if counts.resumed and not quiet:
        print(f"{counts.resumed} of them had been dealt with by an earlier run.", file=sys.stderr)
    if counts.converted:
        print(f"{counts.converted} motor scores 5* were read as 5.", file=sys.stderr)
    if counts.refused:
        for refusal in counts.examples:
            for fault in refusal.faults[:_FAULTS_SHOWN]:
                print(f"row {refusal.number} (id {refusal.id}): {fault}", file=sys.stderr)
        print(f"{counts.refused} refused: all reasons are in {out}, key `errors`.", file=sys.stderr)
