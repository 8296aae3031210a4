"""When a trial may stop: boundaries, their operating characteristics, inference after stopping, many hypotheses."""

from cordwise.trial.boundaries.calendar import spend
from cordwise.trial.boundaries.conditional_power import conditional_power, predictive_power
from cordwise.trial.boundaries.operation import (
    Operation,
    drift_for_power,
    effect_limits,
    inflation_factor,
    operating_characteristics,
)
from cordwise.trial.boundaries.planned import boundaries
from cordwise.trial.boundaries.repeated import repeated_interval, repeated_p
from cordwise.trial.boundaries.spec import BetaSpending, Boundaries, BoundarySpec, FutilityLimits
from cordwise.trial.boundaries.stage_wise import FinalInference, final_inference, final_inference_by_calendar

__all__ = [
    "BetaSpending",
    "Boundaries",
    "BoundarySpec",
    "FinalInference",
    "FutilityLimits",
    "Operation",
    "boundaries",
    "conditional_power",
    "drift_for_power",
    "effect_limits",
    "final_inference",
    "final_inference_by_calendar",
    "inflation_factor",
    "operating_characteristics",
    "predictive_power",
    "repeated_interval",
    "repeated_p",
    "spend",
]
