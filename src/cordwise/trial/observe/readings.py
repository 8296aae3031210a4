"""What an endpoint reads off the bank: the value each patient would show at every visit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.bank.bank import CONTROL, PatientBank
from cordwise.bank.confirmation import confirmed
from cordwise.isncsci import AIS
from cordwise.patient.outcomes import Outcomes
from cordwise.trial.design.measures import CHANGE, MEASURES
from cordwise.trial.plan.endpoints import PlannedEndpoint

BASELINE = 0  # position of the baseline examination on the bank's time axis; the visits follow

_SCORES: Mapping[str, Callable[[Outcomes], ndarray]] = {
    "ais": lambda outcomes: outcomes.ais,
    "uems": lambda outcomes: outcomes.uems,
    "lems": lambda outcomes: outcomes.lems,
    "total_motor": lambda outcomes: outcomes.uems.astype(np.float64) + outcomes.lems,
    "light_touch": lambda outcomes: outcomes.light_touch,
    "pin_prick": lambda outcomes: outcomes.pin_prick,
    "scim": lambda outcomes: outcomes.scim,
    "self_care": lambda outcomes: outcomes.self_care,
    "wisci": lambda outcomes: outcomes.wisci,
    "motor_levels": lambda outcomes: outcomes.motor_level.mean(axis=2),
}
_COVARIATES: Mapping[str, str] = {
    "ais_improvement": "ais",
    "motor_incomplete": "ais",
    "motor_level_improvement": "motor_levels",
    "hierarchical": "total_motor",
}


def score(outcomes: Outcomes, name: str) -> Float[ndarray, "patient time"]:
    """Return a score at baseline and every visit."""
    return _SCORES[name](outcomes).astype(np.float64)


def endpoint_values(bank: PatientBank, endpoint: PlannedEndpoint, name: str) -> Float[ndarray, "patient visit"]:
    """Return each patient's endpoint at every visit after baseline; a composite has its first component."""
    if endpoint.measure == "hierarchical":
        return _values(bank, endpoint, endpoint.components[0], _seen(bank, endpoint, name))
    return _values(bank, endpoint, endpoint.measure, _seen(bank, endpoint, name))


def values_graded_up(bank: PatientBank, endpoint: PlannedEndpoint, name: str) -> Float[ndarray, "patient visit"]:
    """Return the endpoint at every visit were each patient graded one AIS grade too high there, by both examiners."""
    outcomes = _seen(bank, endpoint, name)
    lifted = replace(outcomes, ais=np.minimum(outcomes.ais + 1, AIS.E).astype(outcomes.ais.dtype))
    return _values(bank, endpoint, endpoint.measure, lifted)


def component_values(
    bank: PatientBank, endpoint: PlannedEndpoint, name: str, visit: int
) -> Float[ndarray, "patient component"]:
    """Return the components of a hierarchical composite at a visit, the most important first."""
    outcomes = _seen(bank, endpoint, name)
    return np.stack([_values(bank, endpoint, each, outcomes)[:, visit] for each in endpoint.components], axis=1)


def covariate(bank: PatientBank, endpoint: PlannedEndpoint) -> Float[ndarray, " patient"]:
    """Return the covariate of the endpoint's analysis: the same measure at baseline."""
    name = _COVARIATES.get(endpoint.measure, endpoint.kind.score)
    return score(bank.outcomes[CONTROL], name)[:, BASELINE]


def worst_value(endpoint: PlannedEndpoint, covariate_value: Float[ndarray, " patient"]) -> Float[ndarray, " patient"]:
    """Return the worst value the endpoint can take: no improvement, or a score of nothing."""
    return -covariate_value if endpoint.kind.is_change else np.zeros_like(covariate_value)


def _seen(bank: PatientBank, endpoint: PlannedEndpoint, name: str) -> Outcomes:
    """Return the examinations that an endpoint is read from; confirmed grades are the lower of two."""
    return confirmed(bank.outcomes[name], bank.second_ais[name]) if endpoint.is_confirmed else bank.outcomes[name]


def _values(
    bank: PatientBank, endpoint: PlannedEndpoint, measure: str, outcomes: Outcomes
) -> Float[ndarray, "patient visit"]:
    if measure in _RESPONSES:
        return _RESPONSES[measure](bank, endpoint, outcomes).astype(np.float64)
    kind = MEASURES[measure]
    values = score(outcomes, kind.score)
    if kind.is_change:
        values = values - score(bank.outcomes[CONTROL], measure.removesuffix(CHANGE))[:, [BASELINE]]
    return values[:, 1:]


def _ais_improved(bank: PatientBank, endpoint: PlannedEndpoint, outcomes: Outcomes) -> Bool[ndarray, "patient visit"]:
    gained = outcomes.ais[:, 1:].astype(np.int16) - bank.baseline_ais[:, None]
    return gained >= endpoint.improved_grades


def _motor_incomplete(
    bank: PatientBank, endpoint: PlannedEndpoint, outcomes: Outcomes
) -> Bool[ndarray, "patient visit"]:
    return (outcomes.ais[:, 1:] >= AIS.C) & (bank.baseline_ais < AIS.C)[:, None]


def _motor_level_improved(
    bank: PatientBank, endpoint: PlannedEndpoint, outcomes: Outcomes
) -> Bool[ndarray, "patient visit"]:
    """Return who has gained so many motor levels on either side."""
    before = bank.outcomes[CONTROL].motor_level[:, [BASELINE]].astype(np.int16)
    return ((outcomes.motor_level[:, 1:] - before) >= endpoint.improved_levels).any(axis=2)


_RESPONSES: Mapping[str, Callable[[PatientBank, PlannedEndpoint, Outcomes], ndarray]] = {
    "ais_improvement": _ais_improved,
    "motor_incomplete": _motor_incomplete,
    "motor_level_improvement": _motor_level_improved,
}


def baseline_motor_score(bank: PatientBank) -> Float[ndarray, " patient"]:
    """Return the total motor score at baseline, 0 to 100 points."""
    return score(bank.outcomes[CONTROL], "total_motor")[:, BASELINE]
