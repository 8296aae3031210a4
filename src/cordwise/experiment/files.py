"""Read an experiment file; every mistake in it is told at once."""

from pathlib import Path

from pydantic import ValidationError

from cordwise.base.errors import InputError
from cordwise.base.inputs import read_input
from cordwise.base.toml import faults_from
from cordwise.experiment.mending import more_faults
from cordwise.experiment.plan import Experiment
from cordwise.experiment.resolve import resolve
from cordwise.experiment.schema import ExperimentFile


def read_experiment(name: str | Path) -> Experiment:
    """Return an experiment, checked and without open defaults.

    Parameters
    ----------
    name
        Path of a TOML file, or the name of a shipped example such as `t06_graft_timing`.

    Raises
    ------
    InputError
        There is no such file, or it holds mistakes; all of them are told.
    """
    source = read_input(name, "experiments")
    try:
        file = ExperimentFile.model_validate(source.tables)
    except ValidationError as error:
        faults = faults_from(error, source.path, ExperimentFile)
        raise InputError([*faults, *more_faults(source, faults)]) from error
    experiment, faults = resolve(file, source)
    if faults:
        raise InputError(faults)
    return experiment
