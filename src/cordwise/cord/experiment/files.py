"""Read an experiment file; every mistake in it is told at once."""

from pathlib import Path

from pydantic import ValidationError

from cordwise.border import faults_from, read_toml
from cordwise.cord.experiment.plan import Experiment
from cordwise.cord.experiment.resolve import resolve
from cordwise.cord.experiment.schema import ExperimentFile
from cordwise.errors import InputError


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
