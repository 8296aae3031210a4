"""Models of repeated measures: batched over simulated trials, and for one table in long form."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.longitudinal.covariance_structures import Autoregressive, RandomEffects, Structure, Unstructured
    from cordwise.stats.longitudinal.mixed_models import Contrasts, LongitudinalFit, fit_mmrm, fit_random_effects
    from cordwise.stats.longitudinal.repeated_measures import mmrm

__all__ = [
    "Autoregressive",
    "Contrasts",
    "LongitudinalFit",
    "RandomEffects",
    "Structure",
    "Unstructured",
    "fit_mmrm",
    "fit_random_effects",
    "mmrm",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "covariance_structures": "Autoregressive RandomEffects Structure Unstructured",
        "mixed_models": "Contrasts LongitudinalFit fit_mmrm fit_random_effects",
        "repeated_measures": "mmrm",
    },
)
