"""An escalation file with everything decided: the rules, the truths and what all trials share."""

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
from cordwise.stats.dose_finding.skeletons import skeleton
from cordwise.trial.escalation.file import EscalationDesign, EscalationFile
from cordwise.trial.plan.accrual import DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class EscalationTruth:
    """One scenario: the rates, and the dose, counted from 0, that should be selected, or STOP where none should."""

    name: str
    description: str
    rates: Float[ndarray, " dose"]
    right_dose: int


def plan_escalation(file: EscalationFile) -> EscalationPlan:
    """Return what every design of the file shares."""
    return EscalationPlan(
        patients=file.size.patients,
        cohort=file.size.cohort,
        start=file.size.start_dose - 1,
        window_days=file.toxicity.window_days,
        patients_per_day=file.accrual.patients_per_month / DAYS_PER_MONTH,
    )


def rules(file: EscalationFile) -> Mapping[str, EscalationRule]:
    """Return the rule of each design of the file, by its name."""
    return {design.name: _rule(design, file) for design in file.designs}


def truths(file: EscalationFile) -> tuple[EscalationTruth, ...]:
    """Return the scenarios with the dose that is right in each.

    It is the dose whose rate is nearest the target, and none where even the lowest is too high by the convention that
    BOIN uses.
    """
    return tuple(
        EscalationTruth(
            each.name,
            each.description,
            np.asarray(each.toxicity),
            _right_dose(np.asarray(each.toxicity), file.toxicity.target),
        )
        for each in file.scenarios
    )


def _right_dose(rates: Float[ndarray, " dose"], target: float) -> int:
    return STOP if rates[0] >= target * convention("boin_overdosing") else int(np.abs(rates - target).argmin())


def _rule(design: EscalationDesign, file: EscalationFile) -> EscalationRule:
    if design.method == "three_plus_three":
        return ThreePlusThree()
    if design.method == "boin":
        return Boin(file.toxicity.target)
    return Crm(
        crm_model(design, file),
        file.toxicity.target,
        stop_cut=convention("crm_stop_cut") if design.stop_cut is None else design.stop_cut,
        waits=design.method == "crm",
    )


def crm_model(design: EscalationDesign, file: EscalationFile) -> CrmModel:
    """Return the model of a design that uses the continual reassessment method."""
    response = design.model or "empiric"
    guesses = skeleton(
        file.toxicity.target,
        doses=len(file.doses),
        guess=design.guess or file.size.start_dose,
        halfwidth=design.halfwidth,
        model=response,
    )
    return CrmModel(tuple(guesses.tolist()), response)
