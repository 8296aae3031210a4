"""Means over replicates that belong to groups of people within sets of parameters, with the three parts of their error.

A set of parameters is one truth that data leave open; several groups of simulated people live by it, and a replicate
draws from one of them.  The mean over sets is known as well as replicates and people are many; how far the sets differ
is no matter of simulation, and only more evidence makes it smaller.  Variances are those of the
analysis of variance of the nested classification, also where the groups have unequal numbers.

Source: Searle, Casella and McCulloch 1992, Variance Components, chapter 3.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

_LIMIT = 1.959963984540054  # standard errors of a 95 % interval
_ENDS = (0.025, 0.975)
_SURELY = 2.0  # standard errors of a variance from which it is seldom taken for none
LEAST_DEGREES = 30  # of freedom within sets; a variance with fewer may come out as nothing by chance


@dataclass(frozen=True, slots=True)
class Nesting:
    """To which set, and to which group of its people, every replicate belongs; `sets` there are to draw from.

    `parent` says of each set what it has in common with others; None where sets have nothing in common.
    """

    set_place: Int[ndarray, " replicate"]
    group: Int[ndarray, " replicate"]
    sets: int
    parent: Int[ndarray, " set"] | None = None

    def __len__(self) -> int:
        """Return the number of replicates."""
        return len(self.set_place)


@dataclass(frozen=True, slots=True)
class VarianceParts:
    """Variances of one replicate's value: between replicates of a group, groups of a set, and sets.

    Unbiased, so that each may come out below 0; `between_sets` is NaN where it cannot be told from the others.
    """

    replicate: float
    group: float
    between_sets: float


@dataclass(frozen=True, slots=True, eq=False)
class NestedMean:
    """A mean over sets with the parts of its error.

    Attributes
    ----------
    value
        Mean over the sets of the mean in each; of a power, the assurance.
    replicates, bank
        Standard errors given the sets: of the finite number of replicates, and of the people they draw from.
    parameters, resolution
        Standard deviation between sets, and how large it must be to be told from none, mostly; NaN where replicates are
        too few to tell anything.
    sets_low95, sets_high95
        Where 95 % of the sets lie, without the noise within them; NaN where that is not known.
    by_set, without_noise
        The mean in each set as it came out, NaN where there is none; and drawn to the overall mean, so that what is
        left is spread as the sets are.
    limits
        Least and largest possible value.
    common
        The part of `parameters` that sets of one parent share; NaN where it is not known.
    """

    value: float
    replicates: float
    bank: float
    parameters: float
    sets_low95: float
    sets_high95: float
    by_set: Float[ndarray, " set"]
    without_noise: Float[ndarray, " set"]
    limits: tuple[float, float] = (-np.inf, np.inf)
    resolution: float = np.nan
    common: float = np.nan

    @property
    def mcse(self) -> float:
        """Return the standard error given the sets: that of the simulation, replicates and people together."""
        return float(np.hypot(self.replicates, self.bank))

    @property
    def total_error(self) -> float:
        """Return the standard error as a statement about one set; NaN where the sets cannot be told apart."""
        return float(np.hypot(self.mcse, self.parameters))

    @property
    def tells_sets_apart(self) -> bool:
        """Return whether it is known how far the sets differ."""
        return not np.isnan(self.parameters)

    @property
    def interval95(self) -> tuple[float, float]:
        """Return where the value of one set lies: the range over sets, each half widened by the other errors.

        The half width of the range and 1.96 standard errors of the simulation are added as squares; without a range
        the interval is that of the simulation alone.
        """
        reach = _LIMIT * self.mcse
        halves = np.nan_to_num([self.value - self.sets_low95, self.sets_high95 - self.value])
        low, high = self.value - np.hypot(halves[0], reach), self.value + np.hypot(halves[1], reach)
        return max(float(low), self.limits[0]), min(float(high), self.limits[1])


@dataclass(frozen=True, slots=True)
class _Cells:
    """Numbers and means by set and group, and the squares of the values about the mean of their group."""

    count: Int[ndarray, "set group"]
    mean: Float[ndarray, "set group"]
    squares: float
    total_variance: float

    @property
    def per_set(self) -> Int[ndarray, " used"]:
        """Return how many values every set that has any has."""
        count = self.count.sum(axis=1)
        return count[count > 0]

    @property
    def squared_shares(self) -> Float[ndarray, " used"]:
        """Return the sum of the squared shares of its groups in every such set."""
        count = self.count[self.count.sum(axis=1) > 0]
        return ((count / count.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)

    @property
    def set_means(self) -> Float[ndarray, " set"]:
        """Return the mean of the values of every set, NaN where there is none."""
        count = self.count.sum(axis=1)
        total = (self.count * self.mean).sum(axis=1)
        return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def nested_rate(happened: Bool[ndarray, " replicate"], nesting: Nesting) -> NestedMean:
    """Return the share of replicates in which something happened."""
    return nested_mean(happened.astype(np.float64), nesting, limits=(0.0, 1.0))


def nested_mean(
    values: Float[ndarray, " replicate"],
    nesting: Nesting,
    *,
    limits: tuple[float, float] = (-np.inf, np.inf),
    least_degrees: int = LEAST_DEGREES,
) -> NestedMean:
    """Return the mean over sets of a value of each replicate; replicates without a finite value do not count.

    Parameters
    ----------
    values
        One value for each replicate.
    nesting
        Set and group of each.
    limits
        Least and largest possible value, within which ranges are kept.
    least_degrees
        Degrees of freedom within the sets from which their variances are told apart.
    """
    cells = _cells(values, nesting)
    used = len(cells.per_set)
    if not used:
        nothing = np.full(nesting.sets, np.nan)
        return NestedMean(*(np.nan,) * 6, by_set=nothing, without_noise=nothing, limits=limits)
    found = _variance_parts(cells, least_degrees)
    within, between = max(found.replicate, 0.0), max(found.group, 0.0)
    between_sets = float(np.maximum(found.between_sets, 0.0))
    by_replicates = within * (1 / cells.per_set).sum() / used**2
    left_out = np.nan_to_num(between_sets) * (1 - used / nesting.sets) / used  # sets that no replicate has reached
    by_set = cells.set_means
    mean = NestedMean(
        value=float(np.nanmean(by_set)),
        replicates=float(np.sqrt(by_replicates + left_out)),
        bank=float(np.sqrt(between * cells.squared_shares.sum()) / used),
        parameters=float(np.sqrt(between_sets)),
        sets_low95=np.nan,
        sets_high95=np.nan,
        by_set=by_set,
        without_noise=np.full(len(by_set), np.nan),
        limits=limits,
    )
    if np.isnan(between_sets):
        return mean
    common = np.nan if nesting.parent is None else _common(by_set, nesting.parent, between_sets)
    return replace(_with_range(mean, cells, within, between, between_sets), common=common)


def variance_parts(values: Float[ndarray, " replicate"], nesting: Nesting) -> VarianceParts:
    """Return the variances between replicates, groups and sets, whatever the degrees of freedom."""
    return _variance_parts(_cells(values, nesting), 1)


def over_sets(
    mean: NestedMean, of_set: Float[ndarray, " set"], slope: float, *, limits: tuple[float, float] = (-np.inf, np.inf)
) -> NestedMean:
    """Return the mean of a smooth function of a set's value, its error by the delta method.

    Parameters
    ----------
    mean
        The mean of the values themselves.
    of_set
        The function of `mean.without_noise`.
    slope
        Its mean derivative.
    limits
        Least and largest possible value of the function.
    """
    known = mean.tells_sets_apart and bool(np.isfinite(of_set).any())
    ends = np.nanquantile(of_set, _ENDS) if known else (np.nan, np.nan)
    return replace(
        mean,
        value=float(np.nanmean(of_set)),
        replicates=abs(slope) * mean.replicates,
        bank=abs(slope) * mean.bank,
        parameters=float(np.nanstd(of_set)) if known else np.nan,
        sets_low95=float(ends[0]),
        sets_high95=float(ends[1]),
        by_set=of_set,
        without_noise=of_set,
        limits=limits,
        resolution=abs(slope) * mean.resolution,
        common=mean.common * float(np.nanstd(of_set)) / mean.parameters if known and mean.parameters else np.nan,
    )


def _common(by_set: Float[ndarray, " set"], parent: Int[ndarray, " set"], between_sets: float) -> float:
    """Return the SD that pairs of one parent share: their replicates are not the same, so that noise cancels."""
    order = np.argsort(parent, kind="stable")
    left, right = order[:-1], order[1:]
    pairs = (parent[left] == parent[right]) & np.isfinite(by_set[left]) & np.isfinite(by_set[right])
    if not pairs.any():
        return np.nan
    away = by_set - np.nanmean(by_set)
    return float(np.sqrt(np.clip((away[left] * away[right])[pairs].mean(), 0.0, between_sets)))


def _cells(values: Float[ndarray, " replicate"], nesting: Nesting) -> _Cells:
    usable = np.isfinite(values)
    groups = int(nesting.group.max(initial=0)) + 1
    given, place = values[usable], (nesting.set_place * groups + nesting.group)[usable]
    size = nesting.sets * groups
    count = np.bincount(place, minlength=size)
    mean = np.bincount(place, given, minlength=size) / np.maximum(count, 1)
    squares = float(((given - mean[place]) ** 2).sum())
    variance = float(given.var(ddof=1)) if len(given) > 1 else np.nan
    shape = (nesting.sets, groups)
    return _Cells(count.reshape(shape), mean.reshape(shape), squares, variance)


def _variance_parts(cells: _Cells, least_degrees: int) -> VarianceParts:
    """Return the parts by equating mean squares with what is expected of them.

    Where few sets have more than one replicate, all variance is taken as that of replicates.  Where no set has two
    groups, each of the two other parts may be all that is left, and is taken as that.
    """
    filled, used = int((cells.count > 0).sum()), len(cells.per_set)
    within, between = int(cells.count.sum()) - filled, filled - used
    if within + between < least_degrees:
        return VarianceParts(cells.total_variance, 0.0, np.nan)
    present, means = cells.count.sum(axis=1) > 0, cells.set_means
    squares = float((cells.count * (cells.mean - np.nan_to_num(means)[:, None]) ** 2).sum())
    coefficient = float((cells.per_set * (1 - cells.squared_shares)).sum())
    replicate = cells.squares / within if within else squares / between
    group = (squares - between * replicate) / coefficient if between and within else 0.0
    noise = float((replicate / cells.per_set + group * cells.squared_shares).mean())
    between_sets = float(means[present].var(ddof=1)) - noise if used > 1 else 0.0
    return VarianceParts(replicate, group if between else between_sets, between_sets)


def _with_range(mean: NestedMean, cells: _Cells, within: float, between: float, between_sets: float) -> NestedMean:
    """Return the mean with its sets spread as much as they are without the noise within them."""
    present = cells.count.sum(axis=1) > 0
    noise = within / cells.per_set + between * cells.squared_shares
    share = np.divide(between_sets, between_sets + noise, out=np.ones_like(noise), where=between_sets + noise > 0)
    drawn = np.full(len(mean.by_set), np.nan)
    drawn[present] = mean.value + np.sqrt(share) * (mean.by_set[present] - mean.value)
    drawn = np.clip(drawn, *mean.limits)
    low, high = np.nanquantile(drawn, _ENDS)
    chance = float(noise.mean()) * np.sqrt(2 / max(len(noise) - 1, 1))  # standard error of the variance between sets
    return replace(
        mean,
        sets_low95=float(low),
        sets_high95=float(high),
        without_noise=drawn,
        resolution=float(np.sqrt(_SURELY * chance)),
    )
