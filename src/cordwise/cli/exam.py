"""`cordwise exam`: classify ISNCSCI examinations."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from cordwise.cli.options import Flag
from cordwise.errors import Fault, InputError

if TYPE_CHECKING:
    from cordwise.isncsci.files.batch import BatchSummary

Preset = Literal["cordwise", "redcap_ubc", "praxis_json", "sygen"]
_FAULTS_SHOWN = 3  # of a refused examination; all are in the file of answers

app = App(name="exam", help="Classify ISNCSCI examinations.")
app.command("cordwise.cli.exam_compare:compare", name="compare", help="Say what changed between two examinations.")


@app.command
def batch(
    source: Path,
    /,
    *,
    out: Path,
    preset: Preset | None = None,
    mapping: Path | None = None,
    blank: Literal["error", "na", "nt"] = "error",
    non_key_zpp: Literal["standard", "peer", "never"] = "standard",
    legacy_5_star: Annotated[bool, Parameter(name="--legacy-5-star", negative=())] = False,
    visit: str | None = None,
    json: Flag = False,
    quiet: Flag = False,
) -> int:
    """Classify every examination of a file; refused rows are listed with their cells.

    Parameters
    ----------
    source
        Examinations: .jsonl, .csv, .tsv or .parquet.
    out
        Where the classifications go: .jsonl, .csv or .parquet. A stopped run goes on when the command is repeated.
    preset
        Whose column names and codes the file uses; the documentation's own when not given.
    mapping
        A TOML file that names the columns and codes, for any other file.
    blank
        What a blank score or finding means: a mistake, not recorded (na), or not testable (nt).
    non_key_zpp
        When a non-key muscle enters the motor zone of partial preservation.
    legacy_5_star
        Read the motor score 5* of worksheets before 2019 as 5.
    visit
        The visit to read, where column names end in one.
    json
        Print the counts as JSON.
    quiet
        No progress.
    """
    from cordwise.isncsci.files.batch import classify_file
    from cordwise.isncsci.files.layout import layout_of
    from cordwise.isncsci.files.spelling import Blank
    from cordwise.isncsci.possible import NonKeyZpp

    if preset and mapping:
        raise InputError([Fault("--preset and --mapping", "one of the two", "both")])
    layout = layout_of(
        preset or "cordwise", mapping=mapping, blank=Blank(blank), legacy_five_star=legacy_5_star, visit=visit
    )
    counts = classify_file(source, out, layout=layout, non_key_zpp=NonKeyZpp(non_key_zpp), quiet=quiet)
    _tell(counts, out, json=json, quiet=quiet)
    return counts.exit_code


def _tell(counts: "BatchSummary", out: Path, *, json: bool, quiet: bool) -> None:
    """Say how many exams were classified, and show the first that were refused."""
    if json:
        from cordwise.provenance import to_json

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
