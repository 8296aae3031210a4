"""`cordwise trial compare`: several designs on the same virtual patients, side by side."""

import os
from pathlib import Path

from cordwise.base.memory import BYTES, require_memory
from cordwise.base.provenance import sha256_of
from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import Count, RunOptions


def compare(*designs: Path, replicates: Count = 2000, options: RunOptions | None = None) -> None:
    """Simulate several designs on the same virtual patients and set them side by side.

    Parameters
    ----------
    designs
        Two or more design files (TOML), for example designs/autologous_day45.toml designs/off_the_shelf_day7.toml;
        differences are taken against the first.
    replicates
        Simulated trials of each design in each scenario; the Monte Carlo error falls with its square root.
    """
    from cordwise.present.trial.compare.text import summary
    from cordwise.trial.compare.entrants import read_entrants
    from cordwise.trial.compare.run import compare_designs

    options = options or RunOptions()
    sources = {path: read_source(path) for path in designs}
    given = read_entrants(designs)
    results = sum(len(each.plan.scenarios) * len(each.plan.looks) * len(each.plan.treatments) for each in given)
    require_memory("replicates", replicates, max(1, results) * BYTES["endpoint of a trial"])
    folder = open_run_folder(options)
    seed = options.start()
    workers = options.workers or os.cpu_count() or 1
    result = compare_designs(given, seed=seed, replicates=replicates, workers=workers, quiet=options.quiet)
    first = designs[0]
    against = {path.name: sha256_of(source) for path, source in sources.items()}
    provenance = record("trial compare", first, sources[first], seed, replicates=replicates, designs=against)
    if folder:
        for number, path in enumerate(designs, start=1):
            folder.write(f"design_{number}.toml", sources[path])
    deliver(result, summary(result), folder=folder, provenance=provenance, source=sources[first], options=options)
