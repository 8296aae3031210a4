"""Repeated confidence intervals and p values: valid at every look, whether or not the trial stops there."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import ndtr

from cordwise.base.errors import Fault, InputError
from cordwise.stats.sequential.efficacy import efficacy_limits
from cordwise.stats.sequential.faults import boundary_faults
from cordwise.stats.sequential.spec import SPENDING_FAMILIES, BoundarySpec, Number

_TOGETHER = 256  # replicates with looks of their own that are solved together
_FAR = 40.0  # z that stands for infinite limits while solving
_PROBITS = np.arange(-8.0, 2.51, 0.1)  # of alpha, at which the limits are tabulated


def repeated_interval(
    critical: Float[ndarray, "..."],
    estimate: Float[ndarray, "..."],
    standard_error: Float[ndarray, "..."],
) -> tuple[Float[ndarray, "..."], Float[ndarray, "..."]]:
    """Return the repeated confidence interval: it covers with 1 - 2 alpha at every look at once.

    Parameters
    ----------
    critical
        Efficacy limit of z at each replicate's look, of a design at one-sided alpha.
    estimate, standard_error
        In the endpoint's unit.

    Notes
    -----
    Source: Jennison and Turnbull 1989, Journal of the Royal Statistical Society B 51:305.
    """
    return estimate - critical * standard_error, estimate + critical * standard_error


def repeated_p(
    spec: BoundarySpec,
    information: Sequence[Number] | Float[ndarray, " look"],
    look: Int[ndarray, " replicate"],
    z: Float[ndarray, " replicate"],
) -> Float[ndarray, " replicate"]:
    """Return the repeated p value: the smallest one-sided alpha at which a replicate stops with success at its look.

    Parameters
    ----------
    spec
        The design; its futility rule is not counted on.
    information
        Fraction of the final information at each look, rising to 1.
    look
        The look at which each replicate stands, counted from 0.
    z
        Its z value there.  P values are held between 6e-16 and 0.994.

    Raises
    ------
    InputError
        Faults of the specification, or limits that do not follow alpha (`haybittle_peto`).

    Examples
    --------
    >>> p = repeated_p(BoundarySpec("pocock"), [0.5, 1.0], np.array([0, 1]), np.array([2.178, 2.178]))
    >>> p.round(4).tolist()
    [0.025, 0.025]
    """
    from scipy.interpolate import CubicSpline  # slow to import

    planned = [float(fraction) for fraction in information]
    if faults := boundary_faults(spec, planned, _total(spec)) + _fixed_limit_faults(spec):
        raise InputError(faults)
    alphas = ndtr(_PROBITS)
    fractions = np.tile(planned, (len(alphas), 1))
    limits = efficacy_limits(spec, fractions, alphas)
    p = np.full(len(z), np.nan)
    for each in np.unique(look):
        known = np.isfinite(limits[:, each])
        probit = CubicSpline(limits[known, each][::-1], _PROBITS[known][::-1])
        here = look == each
        p[here] = ndtr(probit(np.clip(z[here], probit.x[0], probit.x[-1])))
    return p


def repeated_p_by_calendar(
    spec: BoundarySpec,
    information: Float[ndarray, "replicate look"],
    look: Int[ndarray, " replicate"],
    z: Float[ndarray, " replicate"],
) -> Float[ndarray, " replicate"]:
    """Return the repeated p values of replicates that each have their own information; for spending functions.

    Parameters and answer are those of `repeated_p`, but for one row of information for each replicate; p is NaN where z
    is not finite.

    Raises
    ------
    InputError
        The family is no spending function.
    """
    if spec.family not in SPENDING_FAMILIES:
        raise InputError([Fault("family", "a spending function, for looks by the calendar", spec.family)])
    p = np.full(len(z), np.nan)
    known = np.flatnonzero(np.isfinite(z))
    for start in range(0, len(known), _TOGETHER):
        some = known[start : start + _TOGETHER]
        p[some] = _p_of_each(spec, information[some], look[some], z[some])
    return p


def _p_of_each(
    spec: BoundarySpec,
    information: Float[ndarray, "some look"],
    look: Int[ndarray, " some"],
    z: Float[ndarray, " some"],
) -> Float[ndarray, " some"]:
    from scipy.optimize import elementwise  # slow to import

    def above(probit: Float[ndarray, " few"], row: Float[ndarray, " few"]) -> Float[ndarray, " few"]:
        at = row.astype(np.int64)
        limits = efficacy_limits(spec, information[at], ndtr(probit))
        return np.clip(limits[np.arange(len(at)), look[at]], -_FAR, _FAR) - z[at]

    rows = np.arange(len(z), dtype=np.float64)
    ends = tuple(np.full(len(z), end) for end in (_PROBITS[0], _PROBITS[-1]))
    solved = elementwise.find_root(above, ends, args=(rows,)).x
    outside = np.where(above(ends[0], rows) < 0, ends[0], ends[1])
    return ndtr(np.where(np.isnan(solved), outside, solved))


def _total(spec: BoundarySpec) -> float:
    return spec.cumulative_alpha[-1] if spec.cumulative_alpha else 0.5


def _fixed_limit_faults(spec: BoundarySpec) -> list[Fault]:
    if spec.family != "haybittle_peto":
        return []
    return [Fault("family", "limits that follow alpha at every look, for repeated p values", spec.family)]
