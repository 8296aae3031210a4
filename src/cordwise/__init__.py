"""In-silico cell-therapy trials for spinal cord injury, with simulated patients; for research and trial planning.

The names below are the public ones; each is imported from its package when it is first asked for, so that importing
cordwise costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.appraise.run import appraise_study
    from cordwise.appraise.study import read_study
    from cordwise.base.errors import CordwiseError, InputError
    from cordwise.base.randomness import Streams
    from cordwise.isncsci import AIS, Exams, classify
    from cordwise.population.posterior import load_posterior
    from cordwise.trial.design.file import read_design
    from cordwise.trial.run import run_trial

_HOMES = {
    "AIS": "isncsci",
    "CordwiseError": "base.errors",
    "Exams": "isncsci",
    "InputError": "base.errors",
    "Streams": "base.randomness",
    "appraise_study": "appraise.run",
    "classify": "isncsci",
    "load_posterior": "population.posterior",
    "read_design": "trial.design.file",
    "read_study": "appraise.study",
    "run_trial": "trial.run",
}

__all__ = [
    "AIS",
    "CordwiseError",
    "Exams",
    "InputError",
    "Streams",
    "appraise_study",
    "classify",
    "load_posterior",
    "read_design",
    "read_study",
    "run_trial",
]


def __getattr__(name: str) -> object:
    """Import a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"cordwise has no public name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"cordwise.{_HOMES[name]}"), name)
