"""When a trial may stop: boundaries, their operating characteristics, inference after stopping."""

from cordwise.stats.sequential.calendar_looks import spend
from cordwise.stats.sequential.conditional_power import conditional_power, predictive_power
from cordwise.stats.sequential.futility import futility_limits
from cordwise.stats.sequential.group_sequential import boundaries
from cordwise.stats.sequential.power import (
    Operation,
    crossings,
    drift_for_power,
    effect_limits,
    inflation_factor,
    operating_characteristics,
)
from cordwise.stats.sequential.repeated import repeated_interval, repeated_p, repeated_p_by_calendar
from cordwise.stats.sequential.spec import BetaSpending, Boundaries, BoundarySpec, Family, FutilityLimits
from cordwise.stats.sequential.spending import spent
from cordwise.stats.sequential.stage_wise import FinalInference, final_inference, final_inference_by_calendar

__all__ = [
    "BetaSpending",
    "Boundaries",
    "BoundarySpec",
    "Family",
    "FinalInference",
    "FutilityLimits",
    "Operation",
    "boundaries",
    "conditional_power",
    "crossings",
    "drift_for_power",
    "effect_limits",
    "final_inference",
    "final_inference_by_calendar",
    "futility_limits",
    "inflation_factor",
    "operating_characteristics",
    "predictive_power",
    "repeated_interval",
    "repeated_p",
    "repeated_p_by_calendar",
    "spend",
    "spent",
]
