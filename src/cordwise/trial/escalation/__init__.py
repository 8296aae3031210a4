"""Dose-escalation designs and their operating characteristics, exact and simulated."""

from cordwise.trial.escalation.boin import Boin, BoinBoundaries, DecisionTable, boin_boundaries, decision_table
from cordwise.trial.escalation.course import STOP
from cordwise.trial.escalation.crm import Crm, CrmEstimate, CrmModel, crm_estimate
from cordwise.trial.escalation.file import EscalationFile, check_escalation, read_escalation
from cordwise.trial.escalation.run import run_escalation
from cordwise.trial.escalation.simulate import EscalationPlan, EscalationTrials, simulate_escalation
from cordwise.trial.escalation.skeleton import skeleton
from cordwise.trial.escalation.three_plus_three import (
    ThreePlusThree,
    ThreePlusThreeCharacteristics,
    three_plus_three,
)

__all__ = [
    "STOP",
    "Boin",
    "BoinBoundaries",
    "Crm",
    "CrmEstimate",
    "CrmModel",
    "DecisionTable",
    "EscalationFile",
    "EscalationPlan",
    "EscalationTrials",
    "ThreePlusThree",
    "ThreePlusThreeCharacteristics",
    "boin_boundaries",
    "check_escalation",
    "crm_estimate",
    "decision_table",
    "read_escalation",
    "run_escalation",
    "simulate_escalation",
    "skeleton",
    "three_plus_three",
]
