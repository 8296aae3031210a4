"""Models of repeated measures: batched over simulated trials, and for one table in long form."""

from cordwise.trial.analysis.longitudinal.long_form import (
    Contrasts,
    LongitudinalFit,
    fit_mmrm,
    fit_random_effects,
)
from cordwise.trial.analysis.longitudinal.mmrm import mmrm

__all__ = ["Contrasts", "LongitudinalFit", "fit_mmrm", "fit_random_effects", "mmrm"]
