"""What a study says about how much of the rodent effect carries over to people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.interpolate import PchipInterpolator
from scipy.stats import beta, binom

from cordwise.appraise.conventions import convention
from cordwise.appraise.expected_improvers import number_improved
from cordwise.appraise.study import Claim
from cordwise.patient.file_types import Grade

PRIOR_SHAPE = (convention("translation_prior_probable"), convention("translation_prior_improbable"))  # Beta
_GRID = np.linspace(0.0, 1.0, 201)
_QUANTILES = (0.5, 0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Translation:
    """Prior and posterior of the translation, on one grid.

    Attributes
    ----------
    grid
        Translation, 0 (nothing carries over) to 1 (all of it does).
    prior, posterior
        Densities on the grid.
    median, low95, high95
        Of the posterior.
    prior_median, prior_low95, prior_high95
        Of the prior.
    """

    grid: Float[ndarray, " node"]
    prior: Float[ndarray, " node"]
    posterior: Float[ndarray, " node"]
    median: float
    low95: float
    high95: float
    prior_median: float
    prior_low95: float
    prior_high95: float


def likelihood(claim: Claim, grades: Sequence[Grade], chances: Float[ndarray, "draw grade"]) -> float:
    """Return the probability of the published counts, averaged over parameter sets.

    Counts by grade are used where they were published, the total otherwise.
    """
    sizes = [claim.baseline.get(grade, 0) for grade in grades]
    if claim.improved_by_grade is None:
        return float(number_improved(tuple(sizes), chances)[:, claim.improved].mean())
    improved = [claim.improved_by_grade.get(grade, 0) for grade in grades]
    return float(binom.pmf(improved, sizes, chances).prod(axis=1).mean())


def posterior(nodes: Float[ndarray, " node"], likelihoods: Float[ndarray, " node"]) -> Translation:
    """Return the posterior from the likelihood at a few translations between 0 and 1.

    Parameters
    ----------
    nodes
        Translations at which the study was simulated, rising from 0 to 1.
    likelihoods
        Probability of the published counts at each; positive.
    """
    prior = beta.pdf(_GRID, *PRIOR_SHAPE)
    between = np.exp(PchipInterpolator(nodes, np.log(likelihoods))(_GRID))
    weights = prior * between
    density = weights / np.trapezoid(weights, _GRID)
    cumulative = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(_GRID))])
    median, low, high = np.interp(_QUANTILES, cumulative / cumulative[-1], _GRID)
    prior_median, prior_low, prior_high = beta.ppf(_QUANTILES, *PRIOR_SHAPE)
    return Translation(_GRID, prior, density, median, low, high, prior_median, prior_low, prior_high)
