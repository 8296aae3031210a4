"""How the reject rate rises with the number of patients, and how many a power asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from cordwise.trial.characteristics import Simulated, rate
from cordwise.trial.plan import TrialPlan
from cordwise.trial.simulate import EndpointResult

POWER = 0.8  # the customary power; the curve serves every other


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The reject rate of a trial of another size; arms of unequal size count by their mean."""

    n_per_arm: float
    reject: Simulated


@dataclass(frozen=True, slots=True)
class RequiredSize:
    """The patients per arm for a power: `about` so many, or beyond the ends of the curve."""

    relation: Literal["about", "more than", "at most"]
    n_per_arm: int


def sample_size_curve(plan: TrialPlan, result: EndpointResult) -> tuple[CurvePoint, ...]:
    """Return the reject rate at every size of the plan's curve."""
    rejected = result.curve.p <= result.endpoint.alpha
    return tuple(CurvePoint(total / 2, rate(rejected[:, position])) for position, total in enumerate(plan.curve_totals))


def required_size(curve: Sequence[CurvePoint], *, power: float = POWER) -> RequiredSize:
    """Return the size at which the curve reaches a power.

    Between two points the normal quantile of the rate is taken as linear in the root of the size, as it is for a test
    of a mean; noise is kept from bending the curve down by carrying each rate's maximum forward.
    """
    rates = np.maximum.accumulate([point.reject.value for point in curve])
    sizes = np.asarray([point.n_per_arm for point in curve])
    if rates[-1] < power:
        return RequiredSize("more than", int(sizes[-1]))
    after = int(np.argmax(rates >= power))
    if after == 0:
        return RequiredSize("at most", int(np.ceil(sizes[0])))
    ends = slice(after - 1, after + 1)
    quantiles = ndtri(np.clip(rates[ends], np.finfo(float).tiny, 1 - np.finfo(float).epsneg))
    root = np.interp(ndtri(power), quantiles, np.sqrt(sizes[ends]))
    return RequiredSize("about", int(np.ceil(root**2)))
