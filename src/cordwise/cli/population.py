"""`cordwise population`: the virtual population against registries."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cordwise.base.memory import BYTES, require_memory
from cordwise.base.run_folder import require_folder
from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, Flag, PopulationOptions, RegistryName, RunOptions

app = App(name="population", help="Check or refit the virtual population.")


@app.command
def check(
    targets: RegistryName,
    /,
    *,
    case_mix: RegistryName | None = None,
    whose: PopulationOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Predict every target of a file, as those of a registry not yet seen, and say how far the population is from it.

    Parameters
    ----------
    targets
        Targets in the columns of the calibration table (CSV), or the name of a shipped table, for example my_registry.
    case_mix
        Rows of the same form that describe the patients at entry: shares of grades and levels, means and SDs of scores.
        The virtual population is weighed until it resembles them.
    """
    from cordwise.population.check import check_origin, check_population, read_check_tables
    from cordwise.population.choice import population_of

    options = options or RunOptions()
    asked, entry = read_check_tables(targets, case_mix)
    population = population_of((whose or PopulationOptions()).chosen())
    origin = check_origin(asked, entry, population)
    folder = open_run_folder(options)
    seed = options.start("population check")
    result = check_population(
        asked, case_mix=entry, population=population, seed=seed, workers=options.workers, quiet=options.quiet
    )
    hand_over(result, origin, folder, options)


@app.command
def calibrate(
    out: Path,
    /,
    *,
    targets: Path | None = None,
    added: Annotated[Path | None, Parameter(name="--with")] = None,
    rounds: Count = 1,
    steps: Count = 4,
    patients: Count = 12000,
    draws: Count = 200,
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    quiet: Flag = False,
) -> None:
    """Refit the population, with a registry of your own if you like, and write it for `--population`.

    A search that was stopped goes on where it stood when the same folder is named again.

    Parameters
    ----------
    out
        Folder for population.json, which every command takes with --population, and learned.md.
    targets
        Figures to fit to (CSV); those of the package when left out.
    added
        Figures of one or more registries beside them (CSV); a registry is called as its source is.
    rounds
        Times that the slopes are taken anew; each takes some minutes on two cores.
    steps
        Steps with each.
    patients
        Simulated patients of each registry.
    draws
        Draws of the posterior.
    seed
        Seed of the search and of the draws.
    quiet
        No progress.
    """
    from cordwise.base.kept_arrays import tell_trouble
    from cordwise.evidence import read_targets, released_targets
    from cordwise.population.fit.calibrate import Settings
    from cordwise.population.fit.refit import POPULATION_FILE, calibrate_into
    from cordwise.present.population.text import refit_text, step_text

    require_memory("patients", patients, BYTES["patient"])
    require_memory("draws", draws, BYTES["parameter set"])
    talk = RunOptions(quiet=quiet)
    asked = (*(read_targets(targets) if targets else released_targets()), *(read_targets(added) if added else ()))
    require_folder(out, str(out), ("search.npz", POPULATION_FILE))
    tell_trouble(talk.tell)
    settings = Settings(seed=seed, patients=patients, rounds=rounds, steps=steps, draws=draws)
    found = calibrate_into(out, asked, settings, report=lambda step: talk.tell(step_text(step)), quiet=quiet)
    print(refit_text(found))


@app.command
def cross_validate(
    *, by: Literal["registry", "stratum"] = "registry", sensitivity: bool = True, options: RunOptions | None = None
) -> None:
    """Leave each registry out in turn, fit without it and predict it as one not yet seen.

    Parameters
    ----------
    by
        Instead of registries, strata of EMSCI: a grade with its levels.
    sensitivity
        Repeat it with the priors of the spreads between registries halved and doubled.
    """
    from cordwise.evidence import released_targets
    from cordwise.population.validation.run import cross_validate_by_registry, cross_validate_by_stratum

    options = options or RunOptions()
    folder = open_run_folder(options)
    seed, workers, quiet = options.start("population cross-validate"), options.workers, options.quiet
    if by == "registry":
        result = cross_validate_by_registry(seed=seed, workers=workers, sensitivity=sensitivity, quiet=quiet)
        hand_over(result, released_targets().source_file, folder, options)
    else:
        strata = cross_validate_by_stratum(seed=seed, workers=workers, quiet=quiet)
        hand_over(strata, released_targets().source_file, folder, options)
