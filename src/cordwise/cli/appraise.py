"""`cordwise appraise`: a published claim against what would have happened anyway."""

from pathlib import Path

from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import RunOptions


def appraise(study: Path, /, *, options: RunOptions | None = None) -> None:
    """Say how many of a study's patients would have improved without cells, and what that leaves of the claim.

    Parameters
    ----------
    study
        The study file (TOML), for example studies/honmou2021.toml.
    """
    from cordwise.appraise import appraise_study, read_study
    from cordwise.appraise.words import summary

    options = options or RunOptions()
    source = read_source(study)
    claim = read_study(study)
    folder = open_run_folder(options)
    seed = options.start()
    result = appraise_study(claim, seed=seed, quiet=options.quiet)
    provenance = record("appraise", study, source, seed)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
