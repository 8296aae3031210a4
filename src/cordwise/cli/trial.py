"""`cordwise trial`: the operating characteristics of a design."""

from pathlib import Path

from cyclopts import App

from cordwise.capacity import BYTES, require_memory
from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import Count, RunOptions

app = App(name="trial", help="Simulate trial designs on virtual patients.")


@app.command
def simulate(design: Path, /, *, replicates: Count = 2000, options: RunOptions | None = None) -> None:
    """Simulate a trial design under its null and its effect scenarios.

    Parameters
    ----------
    design
        The design file (TOML), for example designs/subacute_msc.toml.
    replicates
        Simulated trials in each scenario; the Monte Carlo error falls with its square root.
    """
    from cordwise.trial import read_design, run_trial
    from cordwise.trial.words import summary

    options = options or RunOptions()
    source = read_source(design)
    checked = read_design(design)
    results = (len(checked.scenarios) + 1) * len(checked.endpoints)
    require_memory("--replicates", replicates, results * BYTES["endpoint of a trial"])
    folder = open_run_folder(options)
    seed = options.start()
    result = run_trial(checked, seed=seed, replicates=replicates, quiet=options.quiet)
    provenance = record("trial simulate", design, source, seed, replicates=replicates)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
