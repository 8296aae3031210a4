"""Group-sequential boundaries of a planned sequence of looks."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.stats.sequential.efficacy import efficacy_limits, stopping_above
from cordwise.stats.sequential.faults import boundary_faults
from cordwise.stats.sequential.futility import with_beta_spent, with_limits
from cordwise.stats.sequential.spec import BetaSpending, Boundaries, BoundarySpec, FutilityLimits, Number

_SPENT = 1e-5  # relative difference from alpha at which the limits count as not spending it


def boundaries(
    spec: BoundarySpec, information: Sequence[Number] | Float[ndarray, " look"], *, alpha: float
) -> Boundaries:
    """Return the group-sequential limits of z at each look.

    Parameters
    ----------
    spec
        Family, parameter and futility rule.
    information
        Fraction of the final information at each look, rising to 1; at most 20 looks.
    alpha
        One-sided type I error of the whole trial.

    Raises
    ------
    InputError
        With every fault of the specification, its looks and its alpha.

    Notes
    -----
    Limits agree with gsDesign and rpact to their printed digits.  Sources: Jennison and Turnbull 2000, Group Sequential
    Methods; Lan and DeMets 1983, Biometrika 70:659; Pampallona, Tsiatis and Kim 2001, Drug Information Journal 35:1113.

    Examples
    --------
    >>> plan = boundaries(BoundarySpec("lan_demets_obrien_fleming"), [0.5, 0.75, 1.0], alpha=0.025)
    >>> plan.efficacy.round(3).tolist()
    [2.963, 2.359, 2.014]
    """
    fractions = tuple(float(fraction) for fraction in information)
    if faults := boundary_faults(spec, fractions, alpha):
        raise InputError(faults)
    return _derived(spec, fractions, float(alpha))


@lru_cache(maxsize=1024)
def _derived(spec: BoundarySpec, information: tuple[float, ...], alpha: float) -> Boundaries:
    fractions = np.asarray(information)
    efficacy, futility = _limits(spec, fractions, alpha)
    binding = spec.futility is not None and spec.futility.binding
    lower = np.append(futility[:-1], -np.inf) if binding else np.full_like(efficacy, -np.inf)
    above, _ = stopping_above(fractions[None], lower[None], efficacy[None], np.zeros(1))
    cumulative = np.cumsum(above[0])
    if not np.isclose(cumulative[-1], alpha, rtol=_SPENT):
        raise InputError([Fault("boundaries", f"limits that spend alpha {alpha:g} in all", f"{cumulative[-1]:g}")])
    for each in (fractions, efficacy, futility, cumulative):
        each.flags.writeable = False
    return Boundaries(fractions, efficacy, futility, binding, cumulative)


def _limits(
    spec: BoundarySpec, information: Float[ndarray, " look"], alpha: float
) -> tuple[Float[ndarray, " look"], Float[ndarray, " look"]]:
    if isinstance(spec.futility, FutilityLimits):
        return with_limits(spec, spec.futility, information, alpha)
    if isinstance(spec.futility, BetaSpending):
        return with_beta_spent(spec, spec.futility, information, alpha)
    efficacy = efficacy_limits(spec, information[None], np.array([alpha]))[0]
    return efficacy, np.append(np.full(len(efficacy) - 1, -np.inf), efficacy[-1])
