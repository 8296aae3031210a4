"""SCIM III and WISCI II as monotone readouts of the examination and of the time a person has had to learn."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import expit

from cordwise.patient.parameters import PopulationParameters

_LIMB_MAXIMUM = 50  # points of UEMS and of LEMS
_SCIM_MAXIMUM = 100
_WISCI_MAXIMUM = 20


def learned_share(days: Float[ndarray, "*batch"], start: float, time_constant: float) -> Float[ndarray, "*batch"]:
    """Share of a person's possible function that rehabilitation has brought out by a day."""
    return start + (1 - start) * -np.expm1(-days / time_constant)


def independence(
    uems: Int[ndarray, "*batch"],
    lems: Int[ndarray, "*batch"],
    days: Float[ndarray, "*batch"],
    person: Float[ndarray, "*#batch"],
    visit: Float[ndarray, "*batch"],
    p: PopulationParameters,
) -> Float[ndarray, "*batch"]:
    """Return SCIM III, 0-100: logistic in the motor scores of arms and legs, times the share learned.

    `person` is a lasting deviation of the log odds, `visit` a standard normal deviate of the visit.
    """
    log_odds = p.scim_intercept + (p.scim_arms * uems + p.scim_legs * lems) / _LIMB_MAXIMUM
    possible = expit(log_odds + person + p.scim_visit_noise * visit)
    return np.rint(_SCIM_MAXIMUM * possible * learned_share(days, p.scim_start, p.scim_days))


def walking(
    uems: Int[ndarray, "*batch"],
    lems: Int[ndarray, "*batch"],
    days: Float[ndarray, "*batch"],
    person: Float[ndarray, "*#batch"],
    p: PopulationParameters,
) -> Float[ndarray, "*batch"]:
    """Return WISCI II, 0-20, by the same form; `person` is a lasting deviation of the log odds."""
    log_odds = p.wisci_intercept + (p.wisci_arms * uems + p.wisci_legs * lems) / _LIMB_MAXIMUM
    return np.rint(_WISCI_MAXIMUM * expit(log_odds + person) * learned_share(days, p.wisci_start, p.wisci_days))
