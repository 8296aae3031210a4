"""`cordwise exam compare`: what changed between two examinations of the same persons."""

import sys
from pathlib import Path

from cordwise.cli.exam_options import FileOptions
from cordwise.cli.options import ExaminationsName, Flag


def compare(
    baseline: ExaminationsName,
    followup: ExaminationsName,
    /,
    *,
    out: Path,
    baseline_visit: str | None = None,
    followup_visit: str | None = None,
    json: Flag = False,
    quiet: Flag = False,
    written: FileOptions | None = None,
) -> int:
    """Say of each person in two files of examinations which levels, grades and points were gained.

    Parameters
    ----------
    baseline
        The first examinations: .jsonl, .csv, .tsv or .parquet; both files are written in the same way.
    followup
        The later ones, matched by the name of the examination; the same file again where columns hold several visits.
    out
        Where the changes go, one JSON object a line.
    baseline_visit
        Which visit of the baseline file, where column names tell visits apart.
    followup_visit
        Which visit of the follow-up file.
    json
        Print the counts as JSON.
    quiet
        Print nothing but faults.
    """
    from cordwise.base.examples import find_input
    from cordwise.base.provenance import to_json
    from cordwise.isncsci.files.two_visits import compare_files

    written = written or FileOptions()
    layouts = (written.layout_at(baseline_visit), written.layout_at(followup_visit))
    visits = (find_input(path, "examinations") for path in (baseline, followup))
    counts = compare_files(*visits, out, layouts)
    left_out = counts.persons - counts.compared
    if json:
        print(to_json({"persons": counts.persons, "compared": counts.compared, "left_out": left_out}), end="")
    elif not quiet:
        print(f"{counts.compared} of {counts.persons} persons compared: {out}")
    if left_out:
        print(f"{left_out} persons left out: the reasons are in {out}, key `errors`.", file=sys.stderr)
    return counts.exit_code
