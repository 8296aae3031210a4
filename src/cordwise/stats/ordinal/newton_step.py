"""One Newton step of the cumulative logit model: thresholds eliminated first, then the few slopes."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.stats.ordinal.likelihood import Likelihood

_RIDGE = 1e-9  # of a covariate's sum of squares: holds slopes that run to infinity, too small to move the others
_UNKNOWN = 1e-3  # share of the ridge in the first slope's information from which on it cannot be estimated


@dataclass(frozen=True, slots=True)
class NewtonStep:
    """The step, twice the gain it promises, and the first slope's row of the inverse information."""

    thresholds: Float[ndarray, "replicate threshold"]
    slopes: Float[ndarray, "replicate covariate"]
    decrement: Float[ndarray, " replicate"]
    threshold_lever: Float[ndarray, "replicate threshold"]
    slope_lever: Float[ndarray, "replicate covariate"]
    solved: Bool[ndarray, " replicate"]


def newton_step(seen: Likelihood, squares: Float[ndarray, "replicate covariate"]) -> NewtonStep:
    """Return the step from the likelihood's gradient and Hessian, given the sum of squares of every covariate.

    The step is not solved where the data hardly inform about the first slope; without one the levers are NaN.
    """
    with np.errstate(all="ignore"):
        right = np.concatenate((seen.threshold_gradient[..., None], seen.border), axis=-1)
        solution = _tridiagonal_solution(seen.diagonal, seen.off_diagonal, right)
        drift, carried = solution[..., 0], solution[..., 1:]
        across = seen.border.transpose(0, 2, 1)
        inverse, solved = _inverse(seen.dense - across @ carried, squares)
        slopes = _times(inverse, seen.slope_gradient - _times(across, drift))
        thresholds = drift - _times(carried, slopes)
        decrement = (seen.threshold_gradient * thresholds).sum(axis=1) + (seen.slope_gradient * slopes).sum(axis=1)
        lever = np.where(squares[:, :1] == 0, np.nan, inverse[:, 0])
        return NewtonStep(
            thresholds, slopes, decrement, -_times(carried, lever), lever, solved & np.isfinite(decrement)
        )


def _tridiagonal_solution(
    diagonal: Float[ndarray, "replicate threshold"],
    off_diagonal: Float[ndarray, "replicate threshold"],
    right: Float[ndarray, "replicate threshold column"],
) -> Float[ndarray, "replicate threshold column"]:
    """Return the solution by elimination along the thresholds; unused thresholds, with 0 on the diagonal, stay 0."""
    size = diagonal.shape[1]
    pivot = np.ascontiguousarray(np.where(diagonal == 0, 1.0, diagonal).T)[..., None]
    link = np.ascontiguousarray(off_diagonal.T)[..., None]
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
    matrix: Float[ndarray, "replicate covariate covariate"], squares: Float[ndarray, "replicate covariate"]
) -> tuple[Float[ndarray, "replicate covariate covariate"], Bool[ndarray, " replicate"]]:
    """Return the inverse and whether it informs about the first covariate; one that is 0 throughout stays as it is."""
    absent = squares == 0
    scale = np.sqrt(np.where(absent, 1.0, squares))
    scale = scale[:, :, None] * scale[:, None, :]
    held = matrix / scale + np.eye(matrix.shape[1]) * np.where(absent, 1.0, _RIDGE)[:, None, :]
    finite = np.isfinite(held).all(axis=(1, 2))
    inverse = np.linalg.inv(np.where(finite[:, None, None], held, np.eye(matrix.shape[1])))
    known = absent[:, 0] | (np.abs(inverse[:, 0, 0]) * _RIDGE < _UNKNOWN)
    return inverse / scale, finite & known


def _times(
    matrix: Float[ndarray, "replicate row column"], vector: Float[ndarray, "replicate column"]
) -> Float[ndarray, "replicate row"]:
    return (matrix @ vector[..., None])[..., 0]
