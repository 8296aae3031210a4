"""How the reject rate rises with the number of patients, and how many a power asks for.

Up to the design's own size trials are simulated: a smaller one is the first patients of the whole one.  Larger ones are
extrapolated, for a trial of twice the size would take twice the people.  In each parameter set z at the full size is
normal about a mean of its own; at f times the size that mean is as large as the root of f, and the variance stays.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.base.batches import joined, of_rows
from cordwise.base.progress import Advance
from cordwise.base.threads import in_threads
from cordwise.stats.nested_means import NestedMean, Nesting, nested_mean, nested_rate, over_sets, variance_parts
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.trial.analyse.simulate import ENROLMENT, Prepared, estimates_at
from cordwise.trial.decide.stopping import adjusted_alpha, z_of
from cordwise.trial.enrol.enrolment import enrol
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK, nesting_of
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.endpoints import PlannedEndpoint
from cordwise.trial.plan.plan import TrialPlan

Relation = Literal["about", "more than", "at most"]

POWER = 0.8  # the customary power; the curve serves every other
_REPLICATES, _REPLICATES_OF_SLOW = 1000, 200  # a curve is drawn, not relied on to the third digit
_LEAST_VARIANCE = 1e-6  # of z within a set, which is about 1; keeps trials that all end alike from dividing by nothing
_ENDS = (0.975, 0.025)  # of the sets' effects: the larger effect takes fewer patients


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The reject rate of a trial of another size, without looks; arms of unequal size count by their mean."""

    n_per_arm: float
    reject: NestedMean
    extrapolated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SetSizes:
    """What sizes follow from: z of one trial of a size, its mean in each parameter set, its variance within them."""

    n_per_arm: float
    z: NestedMean
    variance: float
    critical: float

    def rates(self, share: float) -> Float[ndarray, " set"]:
        """Return the reject rate in every parameter set of a trial of a share of the size."""
        mean, spread = self.z.without_noise * np.sqrt(share), np.sqrt(self.variance)
        return ndtr((mean - self.critical) / spread) + ndtr((-mean - self.critical) / spread)

    def slope(self, share: float) -> float:
        """Return the mean change of those rates with the mean of z."""
        mean, spread = self.z.without_noise * np.sqrt(share), np.sqrt(self.variance)
        up, down = ((side * mean - self.critical) / spread for side in (1, -1))
        density = (np.exp(-(up**2) / 2) - np.exp(-(down**2) / 2)) / np.sqrt(2 * np.pi)
        return float(np.nanmean(density) / spread * np.sqrt(share))

    def needed(self, effect: Float[ndarray, " effect"], power: float) -> Float[ndarray, " effect"]:
        """Return the patients per arm for a power where z has such means; infinite where cells do not help."""
        root = self.critical + ndtri(power) * np.sqrt(self.variance)
        helps = effect > 0
        return self.n_per_arm * np.divide(root, effect, out=np.full(len(effect), np.inf), where=helps) ** 2


@dataclass(frozen=True, slots=True)
class SizeCurve:
    """The reject rate by size, and the patients per arm that each parameter set takes for a power on its own."""

    points: tuple[CurvePoint, ...]
    of_sets: SetSizes


@dataclass(frozen=True, slots=True)
class RequiredSize:
    """The patients per arm for a power.

    `about` so many, or beyond the ends of the curve. `mcse` is the error of the simulation; 95 % of the parameter sets,
    each on its own, take between `low95` and `high95`: None where unknown, and at the upper end where so many sets take
    more than the curve has.
    """

    relation: Relation
    n_per_arm: int
    mcse: float | None = None
    total_error: float | None = None
    low95: int | None = None
    high95: int | None = None


Curves = dict[tuple[str, str], SizeCurve]  # by scenario and endpoint


def sample_size_curves(
    prepared: Prepared, *, replicates: int, workers: int = 1, on_progress: Advance = lambda _: None
) -> Curves:
    """Return the reject rate of smaller and larger trials, for the first treated arm where there is an effect."""
    asked = list(_asked(prepared, replicates))

    def run(number: int) -> list[Estimates]:
        first = number * REPLICATES_PER_BLOCK
        return _at_sizes(prepared, [each for each in asked if each.replicates > first], number)

    blocks = -(-max((each.replicates for each in asked), default=0) // REPLICATES_PER_BLOCK)
    found: list[list[Estimates]] = [[] for _ in asked]
    for number, parts in enumerate(in_threads(run, range(blocks), workers=workers)):
        longer = [place for place, each in enumerate(asked) if each.replicates > number * REPLICATES_PER_BLOCK]
        for place, part in zip(longer, parts, strict=True):
            found[place].append(part)
    curves = Curves()
    for each, parts in zip(asked, found, strict=True):
        estimates = of_rows(joined(parts), slice(each.replicates))
        curves[each.scenario, each.expected.endpoint.name] = _curve(prepared, each.expected.endpoint, estimates)
        on_progress(1)
    return curves


@dataclass(frozen=True, slots=True)
class _Asked:
    """One curve: whose it is, and how many replicates it rests on."""

    scenario: str
    place: int
    expected: PotentialOutcomes
    replicates: int


def _asked(prepared: Prepared, replicates: int) -> Iterator[_Asked]:
    for scenario, outcomes in zip(prepared.plan.scenarios, prepared.potential_outcomes, strict=True):
        for place, expected in enumerate(outcomes if not scenario.is_null else ()):
            yield _Asked(scenario.name, place, expected, min(replicates, _most_replicates(expected.endpoint)))


def _at_sizes(prepared: Prepared, asked: Sequence[_Asked], block: int) -> list[Estimates]:
    """Return what each curve's endpoint shows of the first so many patients of a block's replicates."""
    plan, streams = prepared.plan, prepared.streams
    enrolled = enrol(plan, prepared.bank, streams, name=ENROLMENT, block=block, size=plan.total)
    seen = [np.arange(plan.total) < size for size in simulated_sizes(plan)]
    return [
        estimates_at(
            trials_of(plan, each.expected, enrolled, 1), each.expected.endpoint, seen, streams, (block, each.place, 0)
        )
        for each in asked
    ]


def _curve(prepared: Prepared, endpoint: PlannedEndpoint, estimates: Estimates) -> SizeCurve:
    plan, p = prepared.plan, estimates.p
    nesting = nesting_of(prepared.bank, prepared.streams, range(len(p)))
    alpha, arms = adjusted_alpha(plan) if endpoint.is_primary else endpoint.alpha, len(plan.ratio)
    simulated = [
        CurvePoint(size / arms, nested_rate(p[:, at] <= alpha, nesting))
        for at, size in enumerate(simulated_sizes(plan))
    ]
    of_sets = set_sizes(z_of(estimates)[:, -1], nesting, n_per_arm=plan.total / arms, alpha=alpha)
    return SizeCurve((*simulated, *_extrapolated(plan, of_sets)), of_sets)


def simulated_sizes(plan: TrialPlan) -> list[int]:
    """Return the sizes that are simulated, in patients: those up to the design's own, which is the last."""
    return [*(size for size in plan.curve_totals if size < plan.total), plan.total]


def _most_replicates(endpoint: PlannedEndpoint) -> int:
    slow = endpoint.method.sees_visits or endpoint.method.needs == "muscles"
    return _REPLICATES_OF_SLOW if slow else _REPLICATES


def set_sizes(z: Float[ndarray, " replicate"], nesting: Nesting, *, n_per_arm: float, alpha: float) -> SetSizes:
    """Return what larger sizes follow from; one set stands for all where replicates cannot tell them apart."""
    mean, parts = nested_mean(z, nesting), variance_parts(z, nesting)
    variance = parts.replicate + max(parts.group, 0.0)
    if not mean.tells_sets_apart:
        mean, variance = replace(mean, without_noise=np.full(mean.by_set.shape, mean.value)), float(z.var())
    return SetSizes(n_per_arm, mean, max(variance, _LEAST_VARIANCE), float(-ndtri(alpha / 2)))


def _extrapolated(plan: TrialPlan, of_sets: SetSizes) -> Iterator[CurvePoint]:
    for size in (each for each in plan.curve_totals if each > plan.total):
        share = size / plan.total
        reject = over_sets(of_sets.z, of_sets.rates(share), of_sets.slope(share), limits=(0.0, 1.0))
        yield CurvePoint(of_sets.n_per_arm * share, reject, extrapolated=True)


def required_size(curve: SizeCurve, *, power: float = POWER) -> RequiredSize:
    """Return the size at which the curve reaches a power.

    Between two points the normal quantile of the rate is taken as linear in the root of the size, as it is for a test
    of a mean; noise is kept from bending the curve down by carrying each rate's maximum forward.
    """
    points = curve.points
    rates = np.maximum.accumulate([point.reject.value for point in points])
    sizes = np.asarray([point.n_per_arm for point in points])
    low, high = _range_over_sets(curve.of_sets, sizes[-1], power)
    if rates[-1] < power:
        return RequiredSize("more than", int(sizes[-1]), low95=low, high95=high)
    after = int(np.argmax(rates >= power))
    if after == 0:
        return RequiredSize("at most", int(np.ceil(sizes[0])), low95=low, high95=high)
    ends = slice(after - 1, after + 1)
    quantiles = ndtri(np.clip(rates[ends], np.finfo(float).tiny, 1 - np.finfo(float).epsneg))
    root = np.interp(ndtri(power), quantiles, np.sqrt(sizes[ends]))
    slope = _slope(quantiles, sizes[ends], power, root)
    errors = [np.interp(root, np.sqrt(sizes[ends]), [error(point) for point in points[ends]]) for error in _ERRORS]
    mcse, total = (float(error / slope) if np.isfinite(error) else None for error in errors)
    return RequiredSize("about", int(np.ceil(root**2)), mcse, total, low, high)


_ERRORS = (lambda point: point.reject.mcse, lambda point: point.reject.total_error)


def _slope(quantiles: ndarray, sizes: ndarray, power: float, root: float) -> float:
    """Return the rise of the rate for one more patient an arm where the curve reaches the power."""
    rise = np.diff(quantiles)[0] / np.diff(np.sqrt(sizes))[0] / (2 * root)
    return float(np.exp(-(ndtri(power) ** 2) / 2) / np.sqrt(2 * np.pi) * rise)


def _range_over_sets(of_sets: SetSizes, largest: float, power: float) -> tuple[int | None, int | None]:
    """Return the sizes that 95 % of the parameter sets take; None for one that the curve does not reach."""
    if not of_sets.z.tells_sets_apart:
        return None, None
    needed = of_sets.needed(np.nanquantile(of_sets.z.without_noise, _ENDS), power)
    low, high = (int(np.ceil(each)) if each <= largest else None for each in needed)
    return low, high
