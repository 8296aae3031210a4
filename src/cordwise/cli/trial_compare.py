"""`cordwise trial compare`: several designs on the same virtual patients, side by side."""

from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, DesignName, PopulationOptions, RunOptions


def compare(
    *designs: DesignName,
    replicates: Count = 2000,
    whose: PopulationOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Simulate several designs on the same virtual patients and set them side by side.

    Parameters
    ----------
    designs
        Two or more design files (TOML) or names of shipped ones, for example autologous_day45 off_the_shelf_day7;
        differences are taken against the first.
    replicates
        Simulated trials of each design in each scenario; their part of the error falls with its square root.
    """
    from cordwise.trial.compare.designs import origin_of, read_designs
    from cordwise.trial.compare.run import compare_trials

    options = options or RunOptions()
    given = read_designs(designs)
    population = (whose or PopulationOptions()).chosen()
    origin = population.kept_with(origin_of(given)) if population else origin_of(given)
    folder = open_run_folder(options)
    result = compare_trials(
        given,
        population=population,
        replicates=replicates,
        seed=options.start("trial compare"),
        workers=options.workers,
        quiet=options.quiet,
    )
    hand_over(result, origin, folder, options)
