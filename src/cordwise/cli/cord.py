"""`cordwise cord`: experiments on the tissue model of the cord."""

from pathlib import Path

from cyclopts import App

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import Count, Flag, RunOptions

app = App(name="cord", help="Compare conditions of an experiment on the cord, and ask which numbers decide an outcome.")
app.command("cordwise.cli.sensitivity:sensitivity", name="sensitivity", help="Rank the numbers that decide an outcome.")


@app.command
def perturb(
    experiment: Path | None = None,
    /,
    *,
    worlds: Count | None = None,
    targets: Flag = False,
    device: str = "cpu",
    options: RunOptions | None = None,
) -> None:
    """Compare the conditions of one animal or human experiment.

    Parameters
    ----------
    experiment
        The experiment file (TOML), for example experiments/t01_macrophage_depletion.toml.
    worlds
        Sets of rates over which the experiment is repeated; they give the intervals.
    targets
        List everything that a change may act on, and simulate nothing.
    device
        What the engine runs on: cpu, or cuda for an NVIDIA GPU (extra gpu).
    """
    if targets:
        from cordwise.experiment.words import targets_text

        print(targets_text())
    elif experiment is None:
        raise InputError([Fault("EXPERIMENT.toml", "an experiment file", "nothing", "Give a file, or --targets.")])
    else:
        _run(experiment, worlds, device, options or RunOptions())


def _run(file: Path, worlds: int | None, device: str, options: RunOptions) -> None:
    from cordwise.cord.devices import device_faults
    from cordwise.experiment import read_experiment, run_experiment
    from cordwise.experiment.words import summary_text

    source = read_source(file)
    experiment = read_experiment(file)
    require_memory("worlds", worlds or 1, experiment.subjects * len(experiment.days) * BYTES["cord and day"])
    if faults := tuple(device_faults(device)):
        raise InputError(faults)
    folder = open_run_folder(options)
    seed = options.start()
    result = run_experiment(experiment, seed=seed, worlds=worlds, device=device)
    provenance = record("cord perturb", file, source, seed, worlds=result["worlds"])
    deliver(result, summary_text(result), folder=folder, provenance=provenance, source=source, options=options)
