"""The ensemble around the best fit: a normal approximation of the posterior, corrected by its draws' real misfit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.linalg import cholesky, solve_triangular
from scipy.special import logsumexp

from cordwise.base.randomness import Stream
from cordwise.patient.parameters import prior_centre, to_working_scale
from cordwise.population.fit.calibrate import Problem
from cordwise.population.fit.least_squares import slope

# The five visits of a stratum are the same patients and share the model's mistakes: together they count as one.
VISITS_PER_STRATUM = 5
_WEIGHT_SPREAD = 1.0  # log weights are drawn together until their SD is at most this, so that no draw dominates


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Draws from the approximate posterior, and what the correction did."""

    points: Float[ndarray, "draw free"]
    misfit_of_best: float
    misfit_of_draws: float  # mean, before the correction
    misfit_of_kept: float  # mean, after it
    effective_draws: float
    learned: int  # directions in which the data narrow the prior at least by half


def draw_ensemble(
    problem: Problem, best: Float[ndarray, " free"], stream: Stream, *, count: int, proposals: int
) -> Ensemble:
    """Draw from a normal approximation, weigh each draw by its real misfit, and resample `count` of them."""
    jacobian = slope(problem.data_residuals, best, problem.scale) / np.sqrt(VISITS_PER_STRATUM)
    precision = jacobian.T @ jacobian + np.diag(problem.scale**-2.0)
    factor = cholesky(precision, lower=True)
    normals = stream.normals(len(best), np.arange(proposals)).astype(float)
    points = best + solve_triangular(factor.T, normals.T, lower=False).T
    misfits = np.array([_misfit(problem, point) for point in points])
    centre = to_working_scale(prior_centre(), problem.rows)
    log_posterior = -0.5 * (misfits / VISITS_PER_STRATUM + (((points - centre) / problem.scale) ** 2).sum(axis=1))
    log_weight = _tempered(log_posterior + 0.5 * (normals**2).sum(axis=1))
    kept = _systematic(np.exp(log_weight - logsumexp(log_weight)), count)
    narrowed = np.linalg.eigvalsh(precision * np.outer(problem.scale, problem.scale))
    return Ensemble(
        points=points[kept],
        misfit_of_best=_misfit(problem, best),
        misfit_of_draws=float(misfits.mean()),
        misfit_of_kept=float(misfits[kept].mean()),
        effective_draws=float(np.exp(2 * logsumexp(log_weight) - logsumexp(2 * log_weight))),
        learned=int((narrowed > 4).sum()),  # four times the precision is half the SD
    )


def _misfit(problem: Problem, point: Float[ndarray, " free"]) -> float:
    residuals = problem.data_residuals(point)
    return float(residuals @ residuals)


def _tempered(log_weight: Float[ndarray, " draw"]) -> Float[ndarray, " draw"]:
    spread = float(log_weight.std())
    return log_weight * min(1.0, _WEIGHT_SPREAD / spread) if spread > 0 else log_weight


def _systematic(weights: Float[ndarray, " draw"], count: int) -> Sequence[int]:
    places = (np.arange(count) + 0.5) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1).tolist()
