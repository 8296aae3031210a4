"""From figures in single parameter sets to a forecast of a printed figure, with the parts of its uncertainty."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.evidence import Target
from cordwise.population.posterior import Posterior, StructureSpread
from cordwise.population.prediction import PROPORTION
from cordwise.population.sampling_error import number_behind, sampling_error
from cordwise.population.structure import direction_of, missing_scale
from cordwise.stats.random_effects import variance_between, without_sampling_noise

_ALPHA = 0.05  # what a 95 % interval leaves outside
_TAIL = (_ALPHA / 2, 1 - _ALPHA / 2)
_TABLES = 4000  # random tables from which an interval is read
MAXIMUM = {
    "ais": 1.0,
    "uems": 50.0,
    "lems": 50.0,
    "light_touch": 112.0,
    "pin_prick": 112.0,
    "scim": 100.0,
    "wisci": 20.0,
}
"""The largest value of each measure: points, and 1 for a share."""
_NEAR_NOBODY = 1e-6  # keeps the log odds of a share finite
_LEAST_COUNT = 1e-3  # of a beta distribution's parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What makes a forecast uncertain, as standard deviations in the unit of the figure.

    Attributes
    ----------
    chance
        Of the people who happen to be in the table.
    parameters
        Of what all registries have in common.
    registry
        Of how registries differ; 0 for a registry that is named.
    structure
        Of what the model misses beyond its parameters.
    """

    chance: float
    parameters: float
    registry: float
    structure: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Mean, 95 % interval and Monte Carlo error of a figure, and the parts of its uncertainty."""

    centre: float
    low95: float
    high95: float
    mcse: float
    parts: Parts


def forecast_figure(
    target: Target,
    means: Float[ndarray, " set"],
    sds: Float[ndarray, " set"],
    counts: Float[ndarray, " set"],
    posterior: Posterior,
    generator: np.random.Generator,
) -> Forecast | None:
    """Return the forecast of one figure; None where no simulated patient qualifies.

    Parameters
    ----------
    target
        Whose figure; its number of patients decides what chance does.
    means, sds, counts
        Mean, SD between patients and effective number of patients in each parameter set; NaN where nobody qualifies.
    posterior
        The sets, in the same order.
    generator
        Random numbers for tables that might be printed.
    """
    known = counts > 0
    if not known.any():
        return None
    number = counts[known]
    noise = float(np.sqrt((number * sds[known] ** 2).sum()) / number.sum())
    bare = _without_noise(target, means, sds, counts, known)
    truth = _as_known(target, bare, posterior.structure)
    whose = np.arange(_TABLES) % len(truth)
    moved = _with_structure(target, truth[whose], posterior.structure[whose], generator)
    sd = _pooled_sd(sds[known], number)
    printed = _printed(target, moved, posterior.structure[whose], sd, generator)
    low, high = np.quantile(printed, _TAIL)
    common, registry = _between(means, sds, counts, posterior)
    centre = float(truth.mean())
    parts = Parts(
        chance=float(np.sqrt(np.mean((printed - moved) ** 2))),
        parameters=float(np.sqrt(common)),
        registry=float(np.sqrt(registry)),
        structure=float(np.std(moved - bare[whose])),
    )
    return Forecast(centre, *_in_range(target, float(low), float(high)), noise, parts)


def interval_score(
    observed: Float[ndarray, " target"],
    low95: Float[ndarray, " target"],
    high95: Float[ndarray, " target"],
    *,
    alpha: float = _ALPHA,
) -> Float[ndarray, " target"]:
    """Return the width of each interval plus 2/alpha times what the figure lies outside it; lower is better.

    Source: Gneiting and Raftery 2007, Journal of the American Statistical Association 102:359, equation 43.

    Examples
    --------
    >>> import numpy as np
    >>> interval_score(np.array([5.0, 9.0]), np.array([2.0, 2.0]), np.array([8.0, 8.0])).tolist()
    [6.0, 46.0]
    """
    return high95 - low95 + 2 / alpha * (np.maximum(low95 - observed, 0) + np.maximum(observed - high95, 0))


def pairs_covariance(
    values: Float[ndarray, " set"], parent: Int[ndarray, " set"], weight: Float[ndarray, " set"]
) -> float:
    """Return the variance that sets of one parent share: the mean product of their deviations; NaN without pairs.

    The sets of a pair have people of their own, so that the noise of few people cancels.

    Parameters
    ----------
    values
        A figure in every set.
    parent
        Which draw of the common parameters each comes from; pairs stand side by side.
    weight
        How many people are behind each; 0 where there is no figure.
    """
    known = weight > 0
    first = np.flatnonzero((parent[:-1] == parent[1:]) & known[:-1] & known[1:])
    if not len(first):
        return np.nan
    counted = np.sqrt(weight[first] * weight[first + 1])
    away = values - float(np.average(values[known], weights=weight[known]))
    return float(np.average(away[first] * away[first + 1], weights=counted))


def _between(
    means: Float[ndarray, " set"], sds: Float[ndarray, " set"], counts: Float[ndarray, " set"], posterior: Posterior
) -> tuple[float, float]:
    """Return the variances that common parameters and registries make; the second is 0 where sets have no pairs."""
    known = counts > 0
    whole = variance_between(means[known], sds[known] ** 2, counts[known])
    shared = pairs_covariance(np.nan_to_num(means), posterior.parent, np.where(known, counts, 0.0))
    common = whole if np.isnan(shared) else min(max(shared, 0.0), whole)
    return common, whole - common


def _without_noise(
    target: Target,
    means: Float[ndarray, " set"],
    sds: Float[ndarray, " set"],
    counts: Float[ndarray, " set"],
    known: Bool[ndarray, " set"],
) -> Float[ndarray, " set"]:
    """Return the sets' figures spread as the true ones are; a set without anybody gets the mean."""
    values, number = np.where(known, np.nan_to_num(means), 0.0), np.where(known, counts, 0.0)
    if target.measure == PROPORTION:
        return without_sampling_noise(values, number)
    between = variance_between(means[known], sds[known] ** 2, counts[known])
    within = _pooled_sd(sds[known], counts[known]) ** 2
    spread = between * number + within
    signal = np.divide(between * number, spread, out=np.zeros(len(values)), where=(number > 0) & (spread > 0))
    weight = signal if signal.sum() > 0 else number
    centre = float(np.average(values, weights=weight))
    return centre + np.sqrt(signal) * (values - centre)


def _as_known(target: Target, truth: Float[ndarray, " set"], structure: StructureSpread) -> Float[ndarray, " set"]:
    """Return shares with what is known of the registry's own conversion of the grade."""
    if target.measure != PROPORTION or structure.conversion is None:
        return truth
    return _shifted(truth, direction_of(target) * structure.shift(target.baseline_grade_low))


def _shifted(share: Float[ndarray, " n"], logits: Float[ndarray, " n"]) -> Float[ndarray, " n"]:
    return expit(logit(np.clip(share, _NEAR_NOBODY, 1 - _NEAR_NOBODY)) + logits)


def _with_structure(
    target: Target, truth: Float[ndarray, " table"], structure: StructureSpread, generator: np.random.Generator
) -> Float[ndarray, " table"]:
    deviate = generator.standard_normal(len(truth))
    if target.measure == PROPORTION:
        return _shifted(truth, direction_of(target) * structure.grade * deviate)
    return truth + structure.missing * missing_scale(target) * deviate


def _printed(
    target: Target,
    truth: Float[ndarray, " table"],
    structure: StructureSpread,
    sd: float,
    generator: np.random.Generator,
) -> Float[ndarray, " table"]:
    if target.measure == PROPORTION:
        n, spread = int(number_behind(target)), 1 / structure.dispersion - 1
        share = np.clip(truth, 0, 1)
        varied = generator.beta(
            np.maximum(share * spread, _LEAST_COUNT), np.maximum((1 - share) * spread, _LEAST_COUNT)
        )
        return generator.binomial(n, varied) / n
    error = sampling_error(target, sd, float(truth.mean()))
    return truth + error * generator.standard_normal(len(truth))


def _pooled_sd(sds: Float[ndarray, " set"], counts: Float[ndarray, " set"]) -> float:
    """Return the SD between patients of one parameter set, which the few of one set alone understate."""
    freedom = max(float(counts.sum()) - len(counts), 1.0)
    return float(np.sqrt((counts * sds**2).sum() / freedom))


def _in_range(target: Target, low: float, high: float) -> tuple[float, float]:
    top = MAXIMUM.get(target.measure, np.inf)
    bottom = 0 if target.measure in MAXIMUM else -np.inf
    return float(np.clip(low, bottom, top)), float(np.clip(high, bottom, top))
