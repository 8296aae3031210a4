"""`cordwise trial optimise`: what many designs cost and find, and the cheapest that reaches a goal."""

import os
from pathlib import Path

from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import Count, RunOptions


def optimise(search: Path, /, *, replicates: Count = 2000, options: RunOptions | None = None) -> None:
    """Simulate every combination of a search file and show which designs are worth their cost.

    Parameters
    ----------
    search
        The search file (TOML), for example searches/subacute_msc.toml.
    replicates
        Simulated trials of each design in each scenario; the Monte Carlo error falls with its square root.
    """
    from cordwise.present.trial.search.text import summary
    from cordwise.trial.search.file import read_search
    from cordwise.trial.search.run import run_search

    options = options or RunOptions()
    source = read_source(search)
    checked = read_search(search)
    folder = open_run_folder(options)
    seed = options.start()
    workers = options.workers or os.cpu_count() or 1
    result = run_search(checked, search, seed=seed, replicates=replicates, workers=workers, quiet=options.quiet)
    provenance = record("trial optimise", search, source, seed, replicates=replicates, design=checked.file.design)
    if folder:
        folder.write("design.toml", read_source(search.parent / checked.file.design))
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
