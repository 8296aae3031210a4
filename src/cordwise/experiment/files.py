"""Read an experiment file; every mistake in it is told at once."""

from pathlib import Path

from pydantic import ValidationError

from cordwise.base.errors import InputError
from cordwise.base.toml import faults_from, read_toml
from cordwise.experiment.plan import Experiment
from cordwise.experiment.resolve import resolve
from cordwise.experiment.schema import ExperimentFile


def read_experiment(path: Path) -> Experiment:
    """Return the experiment of a TOML file; raise `InputError` with every mistake found."""
    raw = read_toml(path)
    try:
        file = ExperimentFile.model_validate(raw)
    except ValidationError as error:
        raise InputError(faults_from(error, path, ExperimentFile)) from error
    experiment, faults = resolve(file, path)
    if faults:
        raise InputError(faults)
    return experiment
