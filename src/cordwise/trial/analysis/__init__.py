"""Analyses of two arms, batched over simulated trials, and the power that theory gives them."""

from cordwise.trial.analysis.ancova import ancova, two_sample_t
from cordwise.trial.analysis.estimates import Estimates
from cordwise.trial.analysis.moments import CONTROL, TREATED, Moments, arm_moments
from cordwise.trial.analysis.proportions import risk_difference
from cordwise.trial.analysis.trials import Analysis, Muscles, Trials, Visits

__all__ = [
    "CONTROL",
    "TREATED",
    "Analysis",
    "Estimates",
    "Moments",
    "Muscles",
    "Trials",
    "Visits",
    "ancova",
    "arm_moments",
    "risk_difference",
    "two_sample_t",
]
