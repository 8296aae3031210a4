"""What a study says about how much of the rodent effect carries over to people.

The study is simulated with its cells at a few shares of the effect; the published counts weigh the prior.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from numpy.polynomial import Polynomial
from scipy.special import betaincinv, betaln, xlog1py, xlogy

from cordwise.appraisal.comparator import Comparator
from cordwise.appraisal.conventions import convention
from cordwise.appraisal.expected_improvers import binomial, number_improved
from cordwise.appraisal.natural_recovery import Effort, followed
from cordwise.appraisal.study import Claim, Study
from cordwise.base.randomness import Streams
from cordwise.cord.product import Dose, Regimen
from cordwise.patient.counterfactual import with_cells, without_cells
from cordwise.patient.file_types import Grade

PRIOR_SHAPE = (convention("translation_prior_probable"), convention("translation_prior_improbable"))  # Beta
NODES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
_GRID = np.linspace(0.0, 1.0, 201)
_SHARE_OF_PEOPLE = 0.4  # of the comparator: the same people at every node
_QUANTILES = (0.5, 0.025, 0.975)


@dataclass(frozen=True, slots=True)
class TranslationPrior:
    """Median and 95 % interval of the translation before the study."""

    median: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class TranslationDensity:
    """Densities at one translation, before and after the study."""

    translation: float
    prior: float
    posterior: float


@dataclass(frozen=True, slots=True)
class Translation:
    """The share of the rodent effect that carries over, 0 (none) to 1 (all of it): median, 95 % interval, densities."""

    median: float
    low95: float
    high95: float
    prior: TranslationPrior
    density: tuple[TranslationDensity, ...]


def regimen_of(study: Study, translation: float) -> Regimen:
    """Return one dose as the study gave it: the middle of its window, the geometric middle of its dose range."""
    low, high = study.dose_cells
    return Regimen((Dose(sum(study.dose_day) / 2, sqrt(low * high), study.route),), study.product, translation)


def translation_of(study: Study, matched: Comparator, streams: Streams, *, effort: Effort) -> Translation:
    """Return what the first arm of the study says about the translation.

    The comparator's own people are examined at every node, so that the likelihood is smooth in the translation.
    """
    regimens = {float(node): regimen_of(study, float(node)) for node in NODES}
    last = study.followup_day
    worlds = {f"{node:g}": with_cells(each, last) if node else without_cells() for node, each in regimens.items()}
    who = matched.entrants.first(_SHARE_OF_PEOPLE, effort)
    seen = followed(who, [last], streams, worlds, twice=study.confirmed)
    found = [who.improvement(each, study.improved_grades) for each in seen.values()]
    chances = [matched.with_structure(each.chances(matched.correlation)[:, :, 0]) for each in found]
    return posterior(NODES, np.array([likelihood(study.claims[0], matched.grades, each) for each in chances]))


def likelihood(claim: Claim, grades: Sequence[Grade], chances: Float[ndarray, "draw grade"]) -> float:
    """Return the probability of the published counts, averaged over parameter sets.

    Counts by grade are used where they were published, the total otherwise.
    """
    sizes = [claim.baseline.get(grade, 0) for grade in grades]
    if claim.improved_by_grade is None:
        return float(number_improved(tuple(sizes), chances)[:, claim.improved].mean())
    total = np.ones(len(chances))
    for grade, size, chance in zip(grades, sizes, chances.T, strict=True):
        total *= binomial(size, chance)[:, claim.improved_by_grade.get(grade, 0)]
    return float(total.mean())


def posterior(nodes: Float[ndarray, " node"], likelihoods: Float[ndarray, " node"]) -> Translation:
    """Return the posterior from the likelihood at a few translations between 0 and 1.

    Parameters
    ----------
    nodes
        Translations at which the study was simulated, rising from 0 to 1.
    likelihoods
        Probability of the published counts at each; zero where the simulated people cannot give them.
    """
    first, second = PRIOR_SHAPE
    with np.errstate(divide="ignore"):
        prior = np.exp(xlogy(first - 1, _GRID) + xlog1py(second - 1, -_GRID) - betaln(first, second))
    between = _between(nodes, likelihoods)
    weights = prior * between
    density = weights / np.trapezoid(weights, _GRID)
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(_GRID))])
    median, low, high = np.interp(_QUANTILES, cumulative / cumulative[-1], _GRID).tolist()
    rows = zip(_GRID.tolist(), prior.tolist(), density.tolist(), strict=True)
    return Translation(
        median,
        low,
        high,
        TranslationPrior(*(float(betaincinv(first, second, each)) for each in _QUANTILES)),
        tuple(TranslationDensity(*row) for row in rows),
    )


def _between(nodes: Float[ndarray, " node"], likelihoods: Float[ndarray, " node"]) -> Float[ndarray, " translation"]:
    """Return the likelihood on the grid; equal everywhere where it is zero at every node."""
    if not likelihoods.any():
        return np.ones(len(_GRID))
    if not likelihoods.all():  # there is no logarithm
        return np.interp(_GRID, nodes, likelihoods)
    # The logarithm is smooth, since the same people stand behind every node: one polynomial through all of them.
    return np.exp(Polynomial.fit(nodes, np.log(likelihoods), len(nodes) - 1)(_GRID))
