"""Efficacy limits of every family, for a batch of designs that differ in information and alpha."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.sequential.recursion import (
    ContinuationDensity,
    advance,
    exceeding,
    initial_density,
    level_exceeded,
    separated_looks,
)
from cordwise.stats.sequential.spec import SPENDING_FAMILIES, BoundarySpec
from cordwise.stats.sequential.spending import error_spent

_CONSTANTS = (-4.0, 12.0)  # between which a constant family's critical value lies for any alpha that a trial could use
_DELTA = {"obrien_fleming": 0.0, "pocock": 0.5}  # Wang and Tsiatis (1987): limits as information ** (delta - 0.5)


def efficacy_limits(
    spec: BoundarySpec,
    information: Float[ndarray, "trial look"],
    alpha: Float[ndarray, " trial"],
    *,
    lower: Float[ndarray, "trial look"] | None = None,
) -> Float[ndarray, "trial look"]:
    """Return the z values that reject at each look, with one-sided error `alpha` in all.

    Parameters
    ----------
    spec
        The family and its parameter; its futility rule is not looked at.
    information
        Fraction of the final information at each look, rising.
    alpha
        One-sided error of each design.
    lower
        Binding futility limits that the efficacy limits may count on; None for none.
    """
    if lower is None:
        lower = np.full(information.shape, -np.inf)
    if spec.family in SPENDING_FAMILIES:
        return limits_that_spend(information, alpha_spent(spec, information, alpha), lower)
    if spec.family == "haybittle_peto":
        early = np.full((len(information), information.shape[1] - 1), spec.parameter)
        return _with_exact_last(information, alpha, early, lower)
    delta = _DELTA[spec.family] if spec.parameter is None else spec.parameter
    shape = (information / information[:, -1:]) ** (delta - 0.5)
    return shape * _critical_constant(shape, information, alpha, lower)[:, None]


def alpha_spent(
    spec: BoundarySpec, information: Float[ndarray, "trial look"], alpha: Float[ndarray, " trial"]
) -> Float[ndarray, "trial look"]:
    """Return the one-sided alpha that a spending family has spent by each look."""
    return error_spent(spec.family, information, alpha, parameter=spec.parameter, cumulative=spec.cumulative_alpha)


def limits_that_spend(
    information: Float[ndarray, "trial look"],
    cumulative: Float[ndarray, "trial look"],
    lower: Float[ndarray, "trial look"],
) -> Float[ndarray, "trial look"]:
    """Return the efficacy limits under which just the given alpha is spent by each look."""
    information, spend = separated_looks(information), np.diff(cumulative, axis=1, prepend=0.0)
    state, limits, looks = initial_density(len(information)), np.empty(information.shape), information.shape[1]
    still = np.zeros(len(information))
    for look in range(looks):
        limits[:, look] = level_exceeded(state, information[:, look], spend[:, look])
        if look < looks - 1:
            between = (lower[:, look], limits[:, look])
            state = advance(state, information[:, look], between, still, next_information=information[:, look + 1])
    return limits


def stopping_above(
    information: Float[ndarray, "trial look"],
    lower: Float[ndarray, "trial look"],
    upper: Float[ndarray, "trial look"],
    drift: Float[ndarray, " trial"],
) -> tuple[Float[ndarray, "trial look"], ContinuationDensity]:
    """Return the probability of stopping above at each look, and the density of those who come to the last look."""
    information, looks = separated_looks(information), information.shape[1]
    state, above = initial_density(len(information)), np.empty(upper.shape)
    for look in range(looks):
        above[:, look] = exceeding(state, information[:, look], upper[:, look], drift)
        if look < looks - 1:
            between = (lower[:, look], upper[:, look])
            state = advance(state, information[:, look], between, drift, next_information=information[:, look + 1])
    return above, state


def _critical_constant(
    shape: Float[ndarray, "trial look"],
    information: Float[ndarray, "trial look"],
    alpha: Float[ndarray, " trial"],
    lower: Float[ndarray, "trial look"],
) -> Float[ndarray, " trial"]:
    from scipy.optimize import elementwise  # slow to import

    def excess(constant: Float[ndarray, " some"], row: Float[ndarray, " some"]) -> Float[ndarray, " some"]:
        at = row.astype(np.int64)
        upper = constant[:, None] * shape[at]
        above, _ = stopping_above(information[at], np.minimum(lower[at], upper), upper, np.zeros(len(at)))
        return np.log(above.sum(axis=1) / alpha[at])

    rows = np.arange(len(alpha), dtype=np.float64)
    ends = tuple(np.full(len(alpha), end) for end in _CONSTANTS)
    return elementwise.find_root(excess, ends, args=(rows,)).x


def _with_exact_last(
    information: Float[ndarray, "trial look"],
    alpha: Float[ndarray, " trial"],
    early: Float[ndarray, "trial early"],
    lower: Float[ndarray, "trial look"],
) -> Float[ndarray, "trial look"]:
    any_last = np.full((len(early), 1), np.inf)
    upper = np.concatenate([early, any_last], axis=1)
    above, state = stopping_above(information, np.minimum(lower, upper), upper, np.zeros(len(early)))
    last = level_exceeded(state, separated_looks(information)[:, -1], alpha - above.sum(axis=1))
    return np.concatenate([early, last[:, None]], axis=1)
