"""SCIM III and WISCI II as monotone readouts of the examination and of the time a person has had to learn."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import expit

from cordwise.patient.parameters import AnyParameters, along

_LIMB_MAXIMUM = 50  # points of UEMS and of LEMS
_SENSATION_MAXIMUM = 224  # points of light touch and pin prick together
_SCIM_MAXIMUM = 100
_WISCI_MAXIMUM = 20


def learned_share(
    days: Float[ndarray, "*batch"], start: Float[ndarray, "..."] | float, time_constant: Float[ndarray, "..."] | float
) -> Float[ndarray, "*batch"]:
    """Share of a person's possible function that rehabilitation has brought out by a day."""
    return start + (1 - start) * -np.expm1(-days / time_constant)


def independence(
    uems: Int[ndarray, "*batch"],
    lems: Int[ndarray, "*batch"],
    sensation: Int[ndarray, "*batch"],
    days: Float[ndarray, "*batch"],
    person: Float[ndarray, "*#batch"],
    visit: Float[ndarray, "*batch"],
    p: AnyParameters,
) -> Float[ndarray, "*batch"]:
    """Return SCIM III, 0-100: logistic in the motor scores of arms and legs and in sensation, times the share learned.

    `sensation` is the sum of light touch and pin prick, 0-224,
    `person` is a lasting deviation of the log odds, `visit` a standard normal deviate of the visit.
    """
    limbs = (along(p.scim_arms, 1) * uems + along(p.scim_legs, 1) * lems) / _LIMB_MAXIMUM
    felt = along(p.scim_sensation, 1) * sensation / _SENSATION_MAXIMUM
    possible = expit(along(p.scim_intercept, 1) + limbs + felt + person + along(p.scim_visit_noise, 1) * visit)
    learned = learned_share(days, along(p.scim_start, 1), along(p.scim_days, 1))
    return np.rint(_SCIM_MAXIMUM * possible * learned)


def walking(
    uems: Int[ndarray, "*batch"],
    lems: Int[ndarray, "*batch"],
    days: Float[ndarray, "*batch"],
    person: Float[ndarray, "*#batch"],
    p: AnyParameters,
) -> Float[ndarray, "*batch"]:
    """Return WISCI II, 0-20, by the same form; `person` is a lasting deviation of the log odds."""
    limbs = (along(p.wisci_arms, 1) * uems + along(p.wisci_legs, 1) * lems) / _LIMB_MAXIMUM
    learned = learned_share(days, along(p.wisci_start, 1), along(p.wisci_days, 1))
    return np.rint(_WISCI_MAXIMUM * expit(along(p.wisci_intercept, 1) + limbs + person) * learned)
