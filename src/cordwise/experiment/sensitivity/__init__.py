"""Sensitivity: which numbers of the tissue model decide the outcome of one patient, and the effect of cells on it."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.experiment.sensitivity.run import run_sensitivity
    from cordwise.experiment.sensitivity.subject import Subject, read_subject

__all__ = ["Subject", "read_subject", "run_sensitivity"]

_MODULES = {"Subject": "subject", "read_subject": "subject", "run_sensitivity": "run"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: the compiled modules are slow to import."""
    if name in _MODULES:
        return getattr(import_module(f"cordwise.experiment.sensitivity.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
