"""Dose-finding designs, batched over simulated trials: 3+3, BOIN, CRM."""

from cordwise.stats.dose_finding.boin import Boin, BoinBoundaries, DecisionTable, boin_boundaries, decision_table
from cordwise.stats.dose_finding.crm import Crm, CrmEstimate, CrmModel, crm_estimate
from cordwise.stats.dose_finding.dose_history import STOP
from cordwise.stats.dose_finding.rule_based import ThreePlusThree, ThreePlusThreeCharacteristics, three_plus_three
from cordwise.stats.dose_finding.simulate import EscalationPlan, EscalationTrials, simulate_escalation
from cordwise.stats.dose_finding.skeletons import skeleton

__all__ = [
    "STOP",
    "Boin",
    "BoinBoundaries",
    "Crm",
    "CrmEstimate",
    "CrmModel",
    "DecisionTable",
    "EscalationPlan",
    "EscalationTrials",
    "ThreePlusThree",
    "ThreePlusThreeCharacteristics",
    "boin_boundaries",
    "crm_estimate",
    "decision_table",
    "simulate_escalation",
    "skeleton",
    "three_plus_three",
]
