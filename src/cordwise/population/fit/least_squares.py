"""Levenberg-Marquardt for a model that moves in steps: wide central differences on common random numbers.

Examination grades are whole numbers, so a small step of a parameter changes nothing or, by chance, one grade. The steps
are therefore a good part of a prior SD, and the same random numbers are used throughout.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.progress import progress

Residual = Callable[[Float[ndarray, " free"]], Float[ndarray, " residual"]]

STEP_SHARE = 0.3  # of a prior SD, to either side
_REACH = 1.0  # the longest move in one iteration, in prior SDs
_FIRST_DAMPING = 0.1
_LEAST_DAMPING = 1e-3
_DAMPING_FACTOR = 4.0
_TRIALS = 6
_SMALL_GAIN = 0.0005  # relative gain of the sum of squares below which the search ends


@dataclass(frozen=True, slots=True)
class LeastSquaresFit:
    """Where a search stands: the point, its residuals, the slope there, and what it has cost."""

    point: Float[ndarray, " free"]
    residuals: Float[ndarray, " residual"]
    jacobian: Float[ndarray, "residual free"]
    damping: float
    iterations: int
    evaluations: int
    is_done: bool

    @property
    def cost(self) -> float:
        """Return the sum of squared residuals."""
        return float(self.residuals @ self.residuals)


def start_fit(residual: Residual, point: Float[ndarray, " free"]) -> LeastSquaresFit:
    """Return the state before the first iteration."""
    residuals = residual(point)
    return LeastSquaresFit(
        point, residuals, np.zeros((len(residuals), len(point))), _FIRST_DAMPING, 0, 1, is_done=False
    )


def slope(
    residual: Residual, point: Float[ndarray, " free"], scale: Float[ndarray, " free"], *, quiet: bool = True
) -> Float[ndarray, "residual free"]:
    """Return the Jacobian by central differences of `STEP_SHARE` prior SDs."""
    columns = []
    with progress("slope of each parameter", len(point), quiet=quiet) as advance:
        for place, width in enumerate(STEP_SHARE * scale):
            step = np.zeros(len(point))
            step[place] = width
            columns.append((residual(point + step) - residual(point - step)) / (2 * width))
            advance(1)
    return np.stack(columns, axis=1)


def iterate(
    residual: Residual, fit: LeastSquaresFit, scale: Float[ndarray, " free"], *, quiet: bool = True
) -> LeastSquaresFit:
    """Take one damped Gauss-Newton step; `scale` holds the prior SDs."""
    jacobian = slope(residual, fit.point, scale, quiet=quiet)
    normal, gradient = jacobian.T @ jacobian, jacobian.T @ fit.residuals
    damping, evaluations = fit.damping, fit.evaluations + 2 * len(fit.point)
    for _ in range(_TRIALS):
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), -gradient)
        point = fit.point + np.clip(step, -_REACH * scale, _REACH * scale)
        residuals = residual(point)
        evaluations += 1
        gain = fit.cost - float(residuals @ residuals)
        if gain > 0:
            eased = max(damping / _DAMPING_FACTOR, _LEAST_DAMPING)
            is_done = bool(gain < _SMALL_GAIN * fit.cost)
            return LeastSquaresFit(point, residuals, jacobian, eased, fit.iterations + 1, evaluations, is_done)
        damping *= _DAMPING_FACTOR
    return LeastSquaresFit(fit.point, fit.residuals, jacobian, damping, fit.iterations + 1, evaluations, is_done=True)
