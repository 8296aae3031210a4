"""A dose-finding trial with everything decided: the rules, the truths and what all trials share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.dose_finding.boin import Boin
from cordwise.stats.dose_finding.conventions import convention
from cordwise.stats.dose_finding.crm import Crm, CrmModel
from cordwise.stats.dose_finding.dose_history import STOP, EscalationRule
from cordwise.stats.dose_finding.rule_based import ThreePlusThree
from cordwise.stats.dose_finding.simulate import EscalationPlan
from cordwise.stats.dose_finding.skeletons import DoseResponse, skeleton
from cordwise.trial.escalation.spec import EscalationDesign, EscalationSpec
from cordwise.trial.plan.accrual import DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class EscalationTruth:
    """One scenario: the rates, and the dose, counted from 0, that should be selected, or STOP where none should."""

    name: str
    description: str
    rates: Float[ndarray, " dose"]
    right_dose: int


def plan_escalation(spec: EscalationSpec) -> EscalationPlan:
    """Return what every design of a trial shares."""
    return EscalationPlan(
        patients=spec.size.patients,
        cohort=spec.size.cohort,
        start=spec.size.start_dose - 1,
        window_days=spec.toxicity.window_days,
        patients_per_day=spec.accrual.patients_per_month / DAYS_PER_MONTH,
    )


def rules(spec: EscalationSpec) -> Mapping[str, EscalationRule]:
    """Return the rule of each design, by its name."""
    return {design.name: _rule(design, spec) for design in spec.designs}


def truths(spec: EscalationSpec) -> tuple[EscalationTruth, ...]:
    """Return the scenarios with the dose that is right in each.

    It is the dose whose rate is nearest the target, and none where even the lowest is too high by the convention that
    BOIN uses.
    """
    return tuple(
        EscalationTruth(each.name, each.description, rates, _right_dose(rates, spec.toxicity.target))
        for each in spec.scenarios
        for rates in (np.asarray(each.toxicity),)
    )


def _right_dose(rates: Float[ndarray, " dose"], target: float) -> int:
    return STOP if rates[0] >= target * convention("boin_overdosing") else int(np.abs(rates - target).argmin())


def _rule(design: EscalationDesign, spec: EscalationSpec) -> EscalationRule:
    if design.method == "three_plus_three":
        return ThreePlusThree()
    if design.method == "boin":
        return Boin(spec.toxicity.target)
    return Crm(
        crm_model(design, spec),
        spec.toxicity.target,
        stop_cut=convention("crm_stop_cut") if design.stop_cut is None else design.stop_cut,
        waits=design.method == "crm",
    )


def crm_model(design: EscalationDesign, spec: EscalationSpec) -> CrmModel:
    """Return the model of a design that uses the continual reassessment method."""
    response: DoseResponse = design.model or "empiric"
    guesses = skeleton(
        spec.toxicity.target,
        doses=len(spec.doses),
        guess=design.guess or spec.size.start_dose,
        halfwidth=design.halfwidth,
        model=response,
    )
    return CrmModel(tuple(guesses.tolist()), response)
