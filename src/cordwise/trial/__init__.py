"""Simulated trials: design file, plan, randomisation, analysis and operating characteristics.

The public names are imported from their modules when first asked for: reading a design costs no statistics.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.trial.design import Design, check_design, read_design, resolved
    from cordwise.trial.plan import TrialPlan, plan_trial
    from cordwise.trial.run import run_trial
    from cordwise.trial.simulate import TrialResult, simulate_trial

_HOMES = {
    "Design": "design",
    "TrialPlan": "plan",
    "TrialResult": "simulate",
    "check_design": "design",
    "plan_trial": "plan",
    "read_design": "design",
    "resolved": "design",
    "run_trial": "run",
    "simulate_trial": "simulate",
}

__all__ = [
    "Design",
    "TrialPlan",
    "TrialResult",
    "check_design",
    "plan_trial",
    "read_design",
    "resolved",
    "run_trial",
    "simulate_trial",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"cordwise.trial has no public name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"cordwise.trial.{_HOMES[name]}"), name)
