"""Dose-finding designs, batched over simulated trials: 3+3, BOIN, CRM with and without waiting (TITE)."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.dose_finding.boin import Boin, BoinBoundaries, DecisionTable, boin_boundaries, decision_table
    from cordwise.stats.dose_finding.conventions import convention
    from cordwise.stats.dose_finding.crm import Crm, CrmEstimate, CrmModel, crm_estimate
    from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory, EscalationRule, Pending
    from cordwise.stats.dose_finding.isotonic import isotonic_rates
    from cordwise.stats.dose_finding.rule_based import ThreePlusThree, ThreePlusThreeCharacteristics, three_plus_three
    from cordwise.stats.dose_finding.simulate import EscalationPlan, EscalationTrials, simulate_escalation
    from cordwise.stats.dose_finding.skeletons import DoseResponse, skeleton

__all__ = [
    "STOP",
    "Boin",
    "BoinBoundaries",
    "Crm",
    "CrmEstimate",
    "CrmModel",
    "DecisionTable",
    "DoseHistory",
    "DoseResponse",
    "EscalationPlan",
    "EscalationRule",
    "EscalationTrials",
    "Pending",
    "ThreePlusThree",
    "ThreePlusThreeCharacteristics",
    "boin_boundaries",
    "convention",
    "crm_estimate",
    "decision_table",
    "isotonic_rates",
    "simulate_escalation",
    "skeleton",
    "three_plus_three",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "boin": "Boin BoinBoundaries DecisionTable boin_boundaries decision_table",
        "conventions": "convention",
        "crm": "Crm CrmEstimate CrmModel crm_estimate",
        "dose_history": "DoseHistory EscalationRule Pending STOP",
        "isotonic": "isotonic_rates",
        "rule_based": "ThreePlusThree ThreePlusThreeCharacteristics three_plus_three",
        "simulate": "EscalationPlan EscalationTrials simulate_escalation",
        "skeletons": "DoseResponse skeleton",
    },
)
