"""Analyses of two arms, batched over simulated trials; each module says what it analyses."""

from cordwise.trial.analysis.estimates import Estimates
from cordwise.trial.analysis.trials import Analysis, Muscles, Trials, Visits

__all__ = ["Analysis", "Estimates", "Muscles", "Trials", "Visits"]
