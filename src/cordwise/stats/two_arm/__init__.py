"""Analyses of two arms, batched over simulated trials; each module says what it analyses."""

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Analysis, Muscles, Trials, Visits

__all__ = ["Analysis", "Estimates", "Muscles", "Trials", "Visits"]
