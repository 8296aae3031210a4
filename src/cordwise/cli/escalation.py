"""`cordwise trial escalate`: the operating characteristics of dose-escalation designs."""

from pathlib import Path

from cordwise.base.memory import BYTES, require_memory
from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import Count, RunOptions


def escalate(file: Path, /, *, replicates: Count = 2000, options: RunOptions | None = None) -> None:
    """Simulate the dose-escalation designs of a file under every toxicity it assumes.

    Parameters
    ----------
    file
        The escalation file (TOML), for example designs/escalation_msc.toml.
    replicates
        Simulated trials of each design in each scenario; the Monte Carlo error falls with its square root.
    """
    from cordwise.present.trial.escalation.text import summary
    from cordwise.trial.escalation.file import read_escalation
    from cordwise.trial.escalation.run import run_escalation

    options = options or RunOptions()
    source = read_source(file)
    checked = read_escalation(file)
    require_memory("replicates", replicates, BYTES["endpoint of a trial"])
    folder = open_run_folder(options)
    seed = options.start()
    result = run_escalation(checked, seed=seed, replicates=replicates, quiet=options.quiet)
    provenance = record("trial escalate", file, source, seed, replicates=replicates)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
