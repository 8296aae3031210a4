"""Models of repeated measures: batched over simulated trials, and for one table in long form."""

from cordwise.stats.longitudinal.mixed_models import Contrasts, LongitudinalFit, fit_mmrm, fit_random_effects
from cordwise.stats.longitudinal.repeated_measures import mmrm

__all__ = ["Contrasts", "LongitudinalFit", "fit_mmrm", "fit_random_effects", "mmrm"]
