"""`cordwise trial escalate`: the operating characteristics of dose-escalation designs."""

from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, DesignName, RunOptions


def escalate(file: DesignName, /, *, replicates: Count = 2000, options: RunOptions | None = None) -> None:
    """Simulate the dose-escalation designs of a file under every toxicity it assumes.

    Parameters
    ----------
    file
        The escalation file (TOML) or the name of a shipped one, for example escalation_msc.
    replicates
        Simulated trials of each design in each scenario; the Monte Carlo error falls with its square root.
    """
    from cordwise.trial.escalation.file import read_escalation
    from cordwise.trial.escalation.run import escalate

    options = options or RunOptions()
    trial = read_escalation(file)
    folder = open_run_folder(options)
    result = escalate(
        trial, replicates=replicates, seed=options.start("trial escalate"), workers=options.workers, quiet=options.quiet
    )
    hand_over(result, trial.origin, folder, options)
