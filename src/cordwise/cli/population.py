"""`cordwise population`: the virtual population against registries."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cordwise.base.memory import BYTES, require_memory
from cordwise.base.run_folder import require_folder
from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, Flag, RegistryName, RunOptions

app = App(name="population", help="Check or refit the virtual population.")


@app.command
def check(targets: RegistryName, /, *, case_mix: RegistryName | None = None, options: RunOptions | None = None) -> None:
    """Predict every target of a file and say how far the population is from it.

    Parameters
    ----------
    targets
        Targets in the columns of the calibration table (CSV), or the name of a shipped table, for example my_registry.
    case_mix
        Rows of the same form that describe the patients at entry: shares of grades and levels, means and SDs of scores.
        The virtual population is weighed until it resembles them.
    """
    from cordwise.population.check import check_origin, check_population, read_check_tables

    options = options or RunOptions()
    asked, entry = read_check_tables(targets, case_mix)
    folder = open_run_folder(options)
    seed = options.start("population check")
    result = check_population(asked, case_mix=entry, seed=seed, workers=options.workers, quiet=options.quiet)
    hand_over(result, check_origin(asked, entry), folder, options)


@app.command
def calibrate(
    out: Path,
    /,
    *,
    targets: Path | None = None,
    iterations: Count = 3,
    patients: Count = 12000,
    draws: Count = 200,
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    quiet: Flag = False,
) -> None:
    """Refit the population, and write the ensemble with the record of how it was made.

    A search that was stopped goes on where it stood when the same folder is named again.

    Parameters
    ----------
    out
        Folder for posterior.csv, posterior_log.json and learned.md; the ensemble that ships was made this way.
    targets
        Targets to fit to (CSV); those of the package when left out.
    iterations
        Gauss-Newton steps of the search; each takes a minute or two on two cores.
    patients
        Simulated patients for each registry.
    draws
        Parameter sets in the ensemble.
    seed
        Seed of the search; the ensemble is judged on the random numbers of the next one.
    quiet
        No progress.
    """
    from cordwise.base.kept_arrays import tell_trouble
    from cordwise.evidence import packaged_targets, read_targets
    from cordwise.population.fit.refit import calibrate_into
    from cordwise.present.population.text import refit_text

    require_memory("patients", patients, BYTES["patient"])
    require_memory("draws", draws, BYTES["parameter set"])
    asked = read_targets(targets) if targets else packaged_targets()
    require_folder(out, str(out), ("search.json", "posterior.csv"))
    tell_trouble(RunOptions(quiet=quiet).tell)
    found = calibrate_into(
        out, tuple(asked), iterations=iterations, patients=patients, draws=draws, seed=seed, quiet=quiet
    )
    print(refit_text(found))


@app.command
def cross_validate(*, patients: Count = 6000, options: RunOptions | None = None) -> None:
    """Leave each stratum of EMSCI out in turn, refit without it and predict it.

    Parameters
    ----------
    patients
        Simulated patients for each registry.
    """
    from cordwise.evidence import packaged_targets
    from cordwise.population.validation.cross_validation import cross_validate_shipped

    options = options or RunOptions()
    folder = open_run_folder(options)
    result = cross_validate_shipped(
        patients=patients, seed=options.start("population cross-validate"), workers=options.workers, quiet=options.quiet
    )
    hand_over(result, packaged_targets().source_file, folder, options)
