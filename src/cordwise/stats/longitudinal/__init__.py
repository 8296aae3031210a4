"""Models of repeated measures: batched over simulated trials, and for one table in long form."""

from cordwise.stats.longitudinal.long_form import Contrasts, LongitudinalFit, fit_mmrm, fit_random_effects
from cordwise.stats.longitudinal.mmrm import mmrm

__all__ = ["Contrasts", "LongitudinalFit", "fit_mmrm", "fit_random_effects", "mmrm"]
