"""Futility limits: from any scale to z, and by spending the type II error."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtri

from cordwise.base.errors import Fault
from cordwise.stats.sequential.efficacy import alpha_spent, efficacy_limits, stopping_above
from cordwise.stats.sequential.recursion import (
    advance,
    initial_density,
    level_exceeded,
    level_undercut,
    separated_looks,
)
from cordwise.stats.sequential.roots import root_between
from cordwise.stats.sequential.spec import BetaSpending, BoundarySpec, FutilityLimits, Numbers
from cordwise.stats.sequential.spending import error_spent

_ROUNDS, _SETTLED = 100, 1e-10  # of the exchange between binding futility and the last critical value, in z
_MOST_DRIFT = 4.0  # of the fixed design's drift, that any beta spending in use needs


def futility_limits(
    rule: FutilityLimits, information: Float[ndarray, "*replicate look"], critical: Numbers
) -> Float[ndarray, "*replicate look"]:
    """Return the z values below which the trial stops for futility, minus infinity where it cannot.

    Parameters
    ----------
    rule
        The limits on the user's scale, one for each look before the last.
    information
        Fraction of the planned information at each look, the same for all replicates or each its own.
    critical
        Efficacy limit of z at the last look, which also closes the futility limits.

    Raises
    ------
    ValueError
        A rule on the scale `design_conditional_power` without its drift, or on `effect` without its information.

    Examples
    --------
    >>> rule = FutilityLimits("conditional_power", (0.1,))
    >>> futility_limits(rule, np.array([0.5, 1.0]), 1.96).round(3).tolist()
    [0.745, 1.96]
    """
    last = np.asarray(critical)[..., None]
    z = _in_z(rule, np.asarray(rule.limits, dtype=np.float64), information[..., :-1], last)
    return np.concatenate([np.where(np.isnan(z), -np.inf, z), last], axis=-1)


def with_limits(
    spec: BoundarySpec, rule: FutilityLimits, information: Float[ndarray, " look"], alpha: float
) -> tuple[Float[ndarray, " look"], Float[ndarray, " look"]]:
    """Return efficacy and futility limits; binding futility and the last critical value settle by exchange."""
    level = np.array([alpha])
    efficacy = efficacy_limits(spec, information[None], level)[0]
    for _ in range(_ROUNDS if rule.binding else 0):
        lower = np.minimum(futility_limits(rule, information, efficacy[-1]), efficacy)
        lower[-1] = -np.inf
        before, efficacy = efficacy, efficacy_limits(spec, information[None], level, lower=lower[None])[0]
        if abs(efficacy[-1] - before[-1]) < _SETTLED:
            break
    return efficacy, np.minimum(futility_limits(rule, information, efficacy[-1]), efficacy)


def with_beta_spent(
    spec: BoundarySpec, rule: BetaSpending, information: Float[ndarray, " look"], alpha: float
) -> tuple[Float[ndarray, " look"], Float[ndarray, " look"]]:
    """Return efficacy and futility limits that meet at the last look under the drift that has power 1 - beta."""
    batch, level = information[None], np.array([alpha])
    beta = error_spent(rule.family, batch, np.array([rule.beta]), parameter=rule.parameter, cumulative=rule.cumulative)
    alphas = alpha_spent(spec, batch, level) if rule.binding else None
    upper = efficacy_limits(replace(spec, futility=None), batch, level)

    def limits(drift: float) -> tuple[Float[ndarray, "1 look"], Float[ndarray, "1 look"]]:
        return _limits_under(np.array([drift]), batch, beta, upper=upper, alphas=alphas)

    def excess(drift: float) -> float:
        above, _ = stopping_above(batch, *limits(drift)[::-1], np.array([drift]))
        return float(1 - above.sum() - rule.beta)

    most = _MOST_DRIFT * (-ndtri(alpha) - ndtri(rule.beta))
    fault = Fault("futility", f"spending under which a power of {1 - rule.beta:g} can be reached", rule.family)
    efficacy, futility = limits(root_between(excess, 0.0, most, fault=fault))
    return efficacy[0], np.append(futility[0, :-1], efficacy[0, -1])


def _limits_under(
    drift: Float[ndarray, " 1"],
    information: Float[ndarray, "1 look"],
    beta: Float[ndarray, "1 look"],
    *,
    upper: Float[ndarray, "1 look"],
    alphas: Float[ndarray, "1 look"] | None,
) -> tuple[Float[ndarray, "1 look"], Float[ndarray, "1 look"]]:
    """Return both limits, by recursion under no effect (for binding efficacy) and under the drift (for futility)."""
    information, looks, still = separated_looks(information), information.shape[1], np.zeros(1)
    null = alternative = initial_density(1)
    lower, upper, loss = np.full_like(upper, -np.inf), upper.copy(), np.diff(beta, axis=1, prepend=0.0)
    gain = None if alphas is None else np.diff(alphas, axis=1, prepend=0.0)
    for look in range(looks):
        now, later = information[:, look], information[:, min(look + 1, looks - 1)]
        if gain is not None:
            upper[:, look] = level_exceeded(null, now, gain[:, look])
        if look == looks - 1:
            break
        lower[:, look] = np.minimum(level_undercut(alternative, now, loss[:, look], drift), upper[:, look])
        between = (lower[:, look], upper[:, look])
        alternative = advance(alternative, now, between, drift, next_information=later)
        if gain is not None:
            null = advance(null, now, between, still, next_information=later)
    return upper, lower


def _in_z(
    rule: FutilityLimits,
    limits: Float[ndarray, " early"],
    information: Float[ndarray, "*replicate early"],
    critical: Float[ndarray, "*replicate 1"],
) -> Float[ndarray, "*replicate early"]:
    root, left = np.sqrt(information), np.maximum(1 - information, 0.0)
    match rule.scale:
        case "z":
            return np.broadcast_to(limits, information.shape)
        case "p":
            return np.broadcast_to(-ndtri(limits), information.shape)
        case "conditional_power":
            return root * (critical + np.sqrt(left) * ndtri(limits))
        case "design_conditional_power":
            return (critical + np.sqrt(left) * ndtri(limits) - _given(rule.drift) * left) / root
        case "predictive_power":
            return critical * root + np.sqrt(left) * ndtri(limits)
        case "effect":
            return limits * np.sqrt(_given(rule.final_information)) * root


def _given(value: float | None) -> float:
    if value is None:
        raise ValueError("a futility limit needs the drift or the information of the design")
    return value
