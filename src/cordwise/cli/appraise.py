"""`cordwise appraise`: a published claim against what would have happened anyway."""

from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, Draws, PopulationOptions, RunOptions, StudyName


def appraise(
    study: StudyName,
    /,
    *,
    draws: Draws = 200,
    patients: Count = 600,
    whose: PopulationOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Say how many of a study's patients would have improved without cells, and what that leaves of the claim.

    Parameters
    ----------
    study
        The study file (TOML), or the name of a shipped one, for example honmou2021.
    draws
        Parameter sets of the population, of the 200 that ship; they give the intervals.
    patients
        Simulated patients examined at baseline for each parameter set.
    """
    from cordwise.appraisal.run import appraise, with_portrait
    from cordwise.appraisal.study import read_study

    options = options or RunOptions()
    checked = read_study(study)
    population = (whose or PopulationOptions()).chosen()
    origin = population.kept_with(checked.origin) if population else checked.origin
    folder = open_run_folder(options)
    found = appraise(
        checked,
        population=population,
        draws=draws,
        patients=patients,
        seed=options.start("appraise"),
        workers=options.workers,
        quiet=options.quiet,
        portrait=False,
    )
    hand_over(found, origin, folder, options, finish=lambda answer: with_portrait(answer, checked))
