"""`cordwise cord`: experiments on the tissue model of the cord."""

from pathlib import Path

from cyclopts import App

from cordwise.base.errors import Fault, InputError
from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, ExperimentName, Flag, RunOptions

app = App(name="cord", help="Compare conditions of an experiment on the cord, and ask which numbers decide an outcome.")
app.command("cordwise.cli.sensitivity:sensitivity", name="sensitivity", help="Rank the numbers that decide an outcome.")


@app.command
def perturb(
    experiment: ExperimentName | None = None,
    /,
    *,
    worlds: Count | None = None,
    targets: Flag = False,
    readouts: Flag = False,
    device: str = "cpu",
    options: RunOptions | None = None,
) -> None:
    """Compare the conditions of one animal or human experiment.

    Parameters
    ----------
    experiment
        The experiment file (TOML) or the name of a shipped one, for example t01_macrophage_depletion.
    worlds
        Sets of rates over which the experiment is repeated; they give the intervals.
    targets
        List everything that a change may act on, and simulate nothing.
    readouts
        List everything that can be read out, and simulate nothing.
    device
        What the engine runs on: cpu, or cuda for an NVIDIA GPU (extra gpu).
    """
    if targets:
        from cordwise.present.experiment.text import targets_text

        print(targets_text())
    elif readouts:
        from cordwise.present.experiment.text import readouts_text

        print(readouts_text())
    elif experiment is None:
        raise InputError(
            [Fault("EXPERIMENT.toml", "an experiment file", "nothing", "Give a file, --targets or --readouts.")]
        )
    else:
        _run(experiment, worlds, device, options or RunOptions())


def _run(file: Path, worlds: int | None, device: str, options: RunOptions) -> None:
    from cordwise.cord.devices import device_faults
    from cordwise.experiment import read_experiment, run_experiment

    experiment = read_experiment(file)
    if faults := tuple(device_faults(device)):
        raise InputError(faults)
    folder = open_run_folder(options)
    seed = options.start("cord perturb")
    result = run_experiment(
        experiment, worlds=worlds, device=device, seed=seed, workers=options.workers, quiet=options.quiet
    )
    hand_over(result, experiment.origin, folder, options)
