"""Models of repeated measures: batched over simulated trials, and for one table in long form."""

from cordwise.trial.analysis.longitudinal.mmrm import mmrm

__all__ = ["mmrm"]
