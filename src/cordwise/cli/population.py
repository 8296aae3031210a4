"""`cordwise population`: the virtual population against registries."""

from pathlib import Path

from cyclopts import App

from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import RunOptions

app = App(name="population", help="Check or refit the virtual population.")


@app.command
def check(targets: Path, /, *, options: RunOptions | None = None) -> None:
    """Predict every target of a file and say how far the population is from it.

    Parameters
    ----------
    targets
        Targets in the columns of the calibration table (CSV).
    """
    from cordwise.cohort.check import check_targets, summary
    from cordwise.evidence import read_targets

    options = options or RunOptions()
    source = read_source(targets)
    checked = read_targets(targets)
    folder = open_run_folder(options)
    seed = options.start()
    result = check_targets(checked, seed=seed, quiet=options.quiet)
    provenance = record("population check", targets, source, seed)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
