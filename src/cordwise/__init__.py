"""In-silico cell-therapy trials for spinal cord injury, with simulated patients; for research and trial planning.

The names below are the public ones; each is imported from its package when it is first asked for, so that importing
cordwise costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.appraise import appraise_study, read_study
    from cordwise.cohort import load_posterior
    from cordwise.errors import CordwiseError, InputError
    from cordwise.isncsci import AIS, Exams, classify
    from cordwise.randomness import Streams
    from cordwise.trial import read_design, run_trial

_HOMES = {
    "AIS": "isncsci",
    "CordwiseError": "errors",
    "Exams": "isncsci",
    "InputError": "errors",
    "Streams": "randomness",
    "appraise_study": "appraise",
    "classify": "isncsci",
    "load_posterior": "cohort",
    "read_design": "trial",
    "read_study": "appraise",
    "run_trial": "trial",
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
