"""`cordwise trial optimise`: what many designs cost and find, and the cheapest that reaches a goal."""

from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, PopulationOptions, RunOptions, SearchName


def optimise(
    search: SearchName,
    /,
    *,
    replicates: Count = 2000,
    whose: PopulationOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Simulate every combination of a search file and show which designs are worth their cost.

    Parameters
    ----------
    search
        The search file (TOML) or the name of a shipped one, for example subacute_msc.
    replicates
        Simulated trials of each design in each scenario; their part of the error falls with its square root.
    """
    from cordwise.trial.search.file import read_search
    from cordwise.trial.search.run import search_designs

    options = options or RunOptions()
    checked = read_search(search)
    population = (whose or PopulationOptions()).chosen()
    origin = population.kept_with(checked.origin) if population else checked.origin
    folder = open_run_folder(options)
    result = search_designs(
        checked,
        population=population,
        replicates=replicates,
        seed=options.start("trial optimise"),
        workers=options.workers,
        quiet=options.quiet,
    )
    hand_over(result, origin, folder, options)
