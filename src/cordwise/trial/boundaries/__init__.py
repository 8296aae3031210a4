"""When a trial may stop: boundaries, their operating characteristics, inference after stopping, many hypotheses."""

from cordwise.trial.boundaries.calendar import spend
from cordwise.trial.boundaries.closed_testing import closed_dunnett, closed_simes, closed_test
from cordwise.trial.boundaries.conditional_power import conditional_power, predictive_power
from cordwise.trial.boundaries.futility import futility_limits
from cordwise.trial.boundaries.many_to_one import dunnett, dunnett_critical
from cordwise.trial.boundaries.multiplicity import benjamini_hochberg, hochberg, holm, hommel, simes
from cordwise.trial.boundaries.operation import (
    Operation,
    crossings,
    drift_for_power,
    effect_limits,
    inflation_factor,
    operating_characteristics,
)
from cordwise.trial.boundaries.planned import boundaries
from cordwise.trial.boundaries.repeated import repeated_interval, repeated_p, repeated_p_by_calendar
from cordwise.trial.boundaries.spec import BetaSpending, Boundaries, BoundarySpec, Family, FutilityLimits
from cordwise.trial.boundaries.spending import spent
from cordwise.trial.boundaries.stage_wise import FinalInference, final_inference, final_inference_by_calendar

__all__ = [
    "BetaSpending",
    "Boundaries",
    "BoundarySpec",
    "Family",
    "FinalInference",
    "FutilityLimits",
    "Operation",
    "benjamini_hochberg",
    "boundaries",
    "closed_dunnett",
    "closed_simes",
    "closed_test",
    "conditional_power",
    "crossings",
    "drift_for_power",
    "dunnett",
    "dunnett_critical",
    "effect_limits",
    "final_inference",
    "final_inference_by_calendar",
    "futility_limits",
    "hochberg",
    "holm",
    "hommel",
    "inflation_factor",
    "operating_characteristics",
    "predictive_power",
    "repeated_interval",
    "repeated_p",
    "repeated_p_by_calendar",
    "simes",
    "spend",
    "spent",
]
