"""Experiments: conditions of animals or people compared, read from a file and run on the tissue model."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.experiment.files import read_experiment
    from cordwise.experiment.plan import Condition, Experiment, Lesion
    from cordwise.experiment.run import run_experiment

__all__ = ["Condition", "Experiment", "Lesion", "read_experiment", "run_experiment"]

_MODULES = {
    "read_experiment": "files",
    "Condition": "plan",
    "Experiment": "plan",
    "Lesion": "plan",
    "run_experiment": "run",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the compiled modules are slow to import."""
    if name in _MODULES:
        return getattr(import_module(f"cordwise.experiment.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
