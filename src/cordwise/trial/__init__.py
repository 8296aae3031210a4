"""Simulated trials: design file, plan, randomisation, analysis and operating characteristics."""

from cordwise.trial.design import Design, check_design, read_design
from cordwise.trial.plan import TrialPlan, plan_trial
from cordwise.trial.run import run_trial
from cordwise.trial.simulate import TrialResult, simulate_trial

__all__ = [
    "Design",
    "TrialPlan",
    "TrialResult",
    "check_design",
    "plan_trial",
    "read_design",
    "run_trial",
    "simulate_trial",
]
