"""`cordwise population`: the virtual population against registries."""

from pathlib import Path

from cyclopts import App

from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import RunOptions
from cordwise.provenance import sha256_of

app = App(name="population", help="Check or refit the virtual population.")


@app.command
def check(targets: Path, /, *, case_mix: Path | None = None, options: RunOptions | None = None) -> None:
    """Predict every target of a file and say how far the population is from it.

    Parameters
    ----------
    targets
        Targets in the columns of the calibration table (CSV).
    case_mix
        Rows of the same form that describe the patients at entry: shares of grades and levels, means and SDs of scores.
        The virtual population is weighed until it resembles them.
    """
    from cordwise.cohort.check import check_targets, summary
    from cordwise.evidence import read_target_files

    options = options or RunOptions()
    source = read_source(targets)
    checked, *entry = read_target_files([targets, case_mix] if case_mix else [targets])
    folder = open_run_folder(options)
    seed = options.start()
    result = check_targets(checked, seed=seed, case_mix=next(iter(entry), None), quiet=options.quiet)
    choices = {"case_mix": case_mix.name, "case_mix_sha256": sha256_of(read_source(case_mix))} if case_mix else {}
    provenance = record("population check", targets, source, seed, **choices)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
