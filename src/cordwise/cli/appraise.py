"""`cordwise appraise`: a published claim against what would have happened anyway."""

from pathlib import Path

from cordwise.base.memory import BYTES, require_memory
from cordwise.cli.delivery import deliver, hashes, open_run_folder, read_companions, read_source, record
from cordwise.cli.options import Count, Draws, RunOptions


def appraise(study: Path, /, *, draws: Draws = 64, patients: Count = 8000, options: RunOptions | None = None) -> None:
    """Say how many of a study's patients would have improved without cells, and what that leaves of the claim.

    Parameters
    ----------
    study
        The study file (TOML), for example studies/honmou2021.toml.
    draws
        Parameter sets of the population, of the 128 that ship; they give the intervals.
    patients
        Simulated patients examined at baseline for each parameter set.
    """
    from cordwise.appraise.run import appraise_study
    from cordwise.appraise.study import read_study
    from cordwise.appraise.words import summary
    from cordwise.population.natural_recovery import Effort

    options = options or RunOptions()
    source = read_source(study)
    claim = read_study(study)
    companions = read_companions(study, source, "study")
    require_memory("patients", patients, BYTES["patient"])
    folder = open_run_folder(options)
    seed = options.start()
    result = appraise_study(claim, seed=seed, quiet=options.quiet, effort=Effort(draws, patients))
    provenance = record("appraise", study, source, seed, draws=draws, patients=patients, **hashes(companions))
    deliver(
        result,
        summary(result),
        folder=folder,
        provenance=provenance,
        source=source,
        options=options,
        companions=companions,
    )
