"""Group-sequential designs: boundaries, operating characteristics, inference after stopping, safety monitoring."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.sequential.calendar_looks import efficacy_limits_by_calendar
    from cordwise.stats.sequential.futility import futility_limits
    from cordwise.stats.sequential.group_sequential import boundaries
    from cordwise.stats.sequential.power import (
        StoppingProbabilities,
        crossings,
        drift_for_power,
        effect_limits,
        inflation_factor,
        operating_characteristics,
    )
    from cordwise.stats.sequential.repeated import repeated_interval, repeated_p, repeated_p_by_calendar
    from cordwise.stats.sequential.safety import (
        NEVER,
        SafetyCharacteristics,
        SafetyRule,
        calibrated_safety_rule,
        first_safety_stop,
        safety_characteristics,
        stopping_table,
    )
    from cordwise.stats.sequential.spec import (
        BetaSpending,
        Boundaries,
        BoundarySpec,
        Family,
        FutilityLimits,
        Scale,
        SpendingName,
    )
    from cordwise.stats.sequential.spending import error_spent
    from cordwise.stats.sequential.stage_wise import FinalInference, final_inference, final_inference_by_calendar
    from cordwise.stats.sequential.stochastic_curtailment import conditional_power, predictive_power

__all__ = [
    "NEVER",
    "BetaSpending",
    "Boundaries",
    "BoundarySpec",
    "Family",
    "FinalInference",
    "FutilityLimits",
    "SafetyCharacteristics",
    "SafetyRule",
    "Scale",
    "SpendingName",
    "StoppingProbabilities",
    "boundaries",
    "calibrated_safety_rule",
    "conditional_power",
    "crossings",
    "drift_for_power",
    "effect_limits",
    "efficacy_limits_by_calendar",
    "error_spent",
    "final_inference",
    "final_inference_by_calendar",
    "first_safety_stop",
    "futility_limits",
    "inflation_factor",
    "operating_characteristics",
    "predictive_power",
    "repeated_interval",
    "repeated_p",
    "repeated_p_by_calendar",
    "safety_characteristics",
    "stopping_table",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "calendar_looks": "efficacy_limits_by_calendar",
        "futility": "futility_limits",
        "group_sequential": "boundaries",
        "power": "StoppingProbabilities crossings drift_for_power"
        " effect_limits inflation_factor operating_characteristics",
        "repeated": "repeated_interval repeated_p repeated_p_by_calendar",
        "safety": "NEVER SafetyCharacteristics SafetyRule calibrated_safety_rule"
        " first_safety_stop safety_characteristics stopping_table",
        "spec": "BetaSpending Boundaries BoundarySpec Family FutilityLimits Scale SpendingName",
        "spending": "error_spent",
        "stage_wise": "FinalInference final_inference final_inference_by_calendar",
        "stochastic_curtailment": "conditional_power predictive_power",
    },
)
