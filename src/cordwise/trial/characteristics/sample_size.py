"""How the reject rate rises with the number of patients, and how many a power asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtri

from cordwise.base.progress import Advance
from cordwise.stats.monte_carlo import MonteCarloEstimate, rate
from cordwise.trial.analyse.simulate import CURVE, Prepared, estimates_at
from cordwise.trial.decide.stopping import adjusted_alpha
from cordwise.trial.enrol.enrolment import enrolled_blocks
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import TrialPlan

Relation = Literal["about", "more than", "at most"]

POWER = 0.8  # the customary power; the curve serves every other
_REPLICATES, _REPLICATES_OF_SLOW = 1000, 200  # a curve is drawn, not relied on to the third digit


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The reject rate of a trial of another size, without looks; arms of unequal size count by their mean."""

    n_per_arm: float
    reject: MonteCarloEstimate


@dataclass(frozen=True, slots=True)
class RequiredSize:
    """The patients per arm for a power: `about` so many, or beyond the ends of the curve."""

    relation: Relation
    n_per_arm: int


Curves = dict[tuple[str, str], tuple[CurvePoint, ...]]  # by scenario and endpoint


def sample_size_curves(prepared: Prepared, *, replicates: int, on_progress: Advance = lambda _: None) -> Curves:
    """Return the reject rate of smaller and larger trials, for the first treated arm where there is an effect."""
    plan, curves = prepared.plan, Curves()
    for scenario, outcomes in zip(plan.scenarios, prepared.potential_outcomes, strict=True):
        for place, expected in enumerate(outcomes if not scenario.is_null else ()):
            curves[scenario.name, expected.endpoint.name] = _curve(prepared, place, expected, replicates)
            on_progress(1)
    return curves


def _curve(prepared: Prepared, place: int, expected: PotentialOutcomes, replicates: int) -> tuple[CurvePoint, ...]:
    plan, endpoint = prepared.plan, expected.endpoint
    largest, count = plan.curve_totals[-1], min(replicates, _most_replicates(endpoint))
    blocks = enrolled_blocks(plan, prepared.bank, prepared.streams, name=CURVE, size=largest, replicates=range(count))
    seen = [np.arange(largest) < size for size in plan.curve_totals]
    parts = [
        estimates_at(trials_of(plan, expected, block, 1), endpoint, seen, prepared.streams, (number, place, 0)).p
        for number, block in enumerate(blocks)
    ]
    return _points(plan, endpoint, np.concatenate(parts))


def _most_replicates(endpoint: PlannedEndpoint) -> int:
    slow = endpoint.method.sees_visits or endpoint.method.needs == "muscles"
    return _REPLICATES_OF_SLOW if slow else _REPLICATES


def _points(plan: TrialPlan, endpoint: PlannedEndpoint, p: Float[ndarray, "replicate size"]) -> tuple[CurvePoint, ...]:
    alpha = adjusted_alpha(plan) if endpoint.is_primary else endpoint.alpha
    arms = len(plan.ratio)
    return tuple(CurvePoint(total / arms, rate(p[:, at] <= alpha)) for at, total in enumerate(plan.curve_totals))


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
