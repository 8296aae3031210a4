"""Repeated confidence intervals and p values: valid at every look, whether or not the trial stops there."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.interpolate import CubicSpline
from scipy.special import ndtr

from cordwise.errors import Fault, InputError
from cordwise.trial.boundaries.efficacy import efficacy_limits
from cordwise.trial.boundaries.faults import boundary_faults
from cordwise.trial.boundaries.spec import BoundarySpec, Number

_PROBITS = np.arange(-8.0, 2.51, 0.1)  # of alpha, at which the limits are tabulated


def repeated_interval(
    critical: Float[ndarray, "..."],
    estimate: Float[ndarray, "..."],
    standard_error: Float[ndarray, "..."],
) -> tuple[Float[ndarray, "..."], Float[ndarray, "..."]]:
    """Return the repeated interval of coverage 1 - 2 alpha, from the efficacy limit of z at each replicate's look."""
    return estimate - critical * standard_error, estimate + critical * standard_error


def repeated_p(
    spec: BoundarySpec,
    information: Sequence[Number] | Float[ndarray, " look"],
    look: Int[ndarray, " replicate"],
    z: Float[ndarray, " replicate"],
) -> Float[ndarray, " replicate"]:
    """Return the smallest one-sided alpha at which each replicate would stop with success at its look, from 0.

    Futility is not counted on. Values are held between 6e-16 and 0.994.
    """
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


def _total(spec: BoundarySpec) -> float:
    return spec.cumulative_alpha[-1] if spec.cumulative_alpha else 0.5


def _fixed_limit_faults(spec: BoundarySpec) -> list[Fault]:
    if spec.family != "haybittle_peto":
        return []
    return [Fault("family", "limits that follow alpha at every look, for repeated p values", spec.family)]
