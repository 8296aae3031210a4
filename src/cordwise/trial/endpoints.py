"""Endpoints of the bank's patients: the value each would show at the endpoint's visit in a world."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cohort.bank import CONTROL, PatientBank
from cordwise.trial.plan import PlannedEndpoint

BASELINE = 0  # position of the baseline examination on the bank's time axis; the visits follow


def endpoint_values(bank: PatientBank, endpoint: PlannedEndpoint, world: str) -> Float[ndarray, " patient"]:
    """Return each patient's endpoint in a world: 1 or 0 for an improvement, points for a change."""
    outcomes, visit = bank.outcomes[world], BASELINE + 1 + endpoint.visit
    if endpoint.measure == "ais_improvement":
        gained = outcomes.ais[:, visit].astype(np.int16) - bank.baseline_ais
        return (gained >= endpoint.improved_grades).astype(np.float64)
    return (outcomes.uems[:, visit] - baseline_values(bank, endpoint)).astype(np.float64)


def baseline_values(bank: PatientBank, endpoint: PlannedEndpoint) -> Float[ndarray, " patient"]:
    """Return the covariate of the endpoint's analysis: the same measure at baseline."""
    if endpoint.measure == "ais_improvement":
        return bank.baseline_ais.astype(np.float64)
    return bank.outcomes[CONTROL].uems[:, BASELINE].astype(np.float64)


def baseline_motor_score(bank: PatientBank) -> Float[ndarray, " patient"]:
    """Return the total motor score at baseline, 0 to 100 points."""
    baseline = bank.outcomes[CONTROL]
    return baseline.uems[:, BASELINE].astype(np.float64) + baseline.lems[:, BASELINE]
