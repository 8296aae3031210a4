"""One Newton step of the cumulative logit model: thresholds eliminated first, then the few slopes."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.trial.analysis.ordinal.likelihood import Likelihood

_COLLINEAR = 1e-10  # least determinant of the slopes' information scaled to a unit diagonal


@dataclass(frozen=True, slots=True)
class NewtonStep:
    """The step, twice the gain it promises, and the first slope's row of the inverse information."""

    thresholds: Float[ndarray, "replicate threshold"]
    slopes: Float[ndarray, "replicate covariate"]
    decrement: Float[ndarray, " replicate"]
    threshold_lever: Float[ndarray, "replicate threshold"]
    slope_lever: Float[ndarray, "replicate covariate"]
    solved: Bool[ndarray, " replicate"]


def newton_step(seen: Likelihood) -> NewtonStep:
    """Return the step from the likelihood's gradient and Hessian; not solved where the Hessian is singular."""
    with np.errstate(all="ignore"):
        right = np.concatenate((seen.threshold_gradient[..., None], seen.border), axis=-1)
        solution = _tridiagonal_solution(seen.diagonal, seen.beside, right)
        drift, carried = solution[..., 0], solution[..., 1:]
        across = seen.border.transpose(0, 2, 1)
        inverse, solved = _inverse(seen.dense - across @ carried)
        slopes = _times(inverse, seen.slope_gradient - _times(across, drift))
        thresholds = drift - _times(carried, slopes)
        decrement = (seen.threshold_gradient * thresholds).sum(axis=1) + (seen.slope_gradient * slopes).sum(axis=1)
        lever = inverse[:, 0]
        return NewtonStep(
            thresholds, slopes, decrement, -_times(carried, lever), lever, solved & np.isfinite(decrement)
        )


def _tridiagonal_solution(
    diagonal: Float[ndarray, "replicate threshold"],
    beside: Float[ndarray, "replicate threshold"],
    right: Float[ndarray, "replicate threshold column"],
) -> Float[ndarray, "replicate threshold column"]:
    """Return the solution by elimination along the thresholds; unused thresholds, with 0 on the diagonal, stay 0."""
    size = diagonal.shape[1]
    pivot = np.ascontiguousarray(np.where(diagonal == 0, 1.0, diagonal).T)[..., None]
    link = np.ascontiguousarray(beside.T)[..., None]
    solution = np.ascontiguousarray(right.transpose(1, 0, 2))
    for k in range(1, size):
        factor = link[k - 1] / pivot[k - 1]
        pivot[k] -= factor * link[k - 1]
        solution[k] -= factor * solution[k - 1]
    solution /= pivot
    for k in range(size - 2, -1, -1):
        solution[k] -= link[k] / pivot[k] * solution[k + 1]
    return solution.transpose(1, 0, 2)


def _inverse(
    matrix: Float[ndarray, "replicate covariate covariate"],
) -> tuple[Float[ndarray, "replicate covariate covariate"], Bool[ndarray, " replicate"]]:
    """Return the inverse and whether there is one; a covariate that is 0 throughout counts as known exactly."""
    size = matrix.shape[1]
    diagonal = np.einsum("rjj->rj", matrix)
    scale = np.sqrt(np.where(diagonal == 0, 1.0, diagonal))
    scaled = matrix / (scale[:, :, None] * scale[:, None, :])
    scaled[:, np.arange(size), np.arange(size)] = 1.0
    solved = np.linalg.det(scaled) > _COLLINEAR
    inverse = np.linalg.inv(np.where(solved[:, None, None], scaled, np.eye(size)))
    return inverse / (scale[:, :, None] * scale[:, None, :]), solved


def _times(
    matrix: Float[ndarray, "replicate row column"], vector: Float[ndarray, "replicate column"]
) -> Float[ndarray, "replicate row"]:
    return (matrix @ vector[..., None])[..., 0]
