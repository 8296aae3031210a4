"""Log-likelihood of the cumulative logit model with its slope and curvature, for all replicates together.

With u = F(upper threshold - x'b) and l = F(lower threshold - x'b), F the logistic function, the probability of a
category is u (1 - l) (1 - exp(-w)), where w is the distance of its two thresholds.  So the coupling of neighbouring
thresholds depends on w alone, and everything else follows from sums of 1 - u, l, u (1 - u) and l (1 - l) over the rows
of a category.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.ordinal.rows import OrdinalRows


@dataclass(frozen=True, slots=True)
class Parameters:
    """Thresholds, infinite beyond the last of a replicate, and slopes."""

    thresholds: Float[ndarray, "replicate threshold"]
    slopes: Float[ndarray, "replicate covariate"]

    @property
    def bounds(self) -> Float[ndarray, "replicate bound"]:
        """Return the thresholds between minus and plus infinity: category k lies between bounds k and k + 1."""
        return np.pad(self.thresholds, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Log-likelihood, its gradient, and its negated Hessian: tridiagonal in the thresholds, with a dense border."""

    value: Float[ndarray, " replicate"]
    threshold_gradient: Float[ndarray, "replicate threshold"]
    slope_gradient: Float[ndarray, "replicate covariate"]
    diagonal: Float[ndarray, "replicate threshold"]
    off_diagonal: Float[ndarray, "replicate threshold"]  # between a threshold and the next; the last is 0
    border: Float[ndarray, "replicate threshold covariate"]
    dense: Float[ndarray, "replicate covariate covariate"]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Sums over the rows of every category, and what follows from the distance of its thresholds."""

    above: Float[ndarray, "replicate category"]  # 1 - u
    below: Float[ndarray, "replicate category"]  # l
    upper: Float[ndarray, "replicate category"]  # u (1 - u)
    lower: Float[ndarray, "replicate category"]  # l (1 - l)
    upper_design: Float[ndarray, "covariate replicate category"]
    lower_design: Float[ndarray, "covariate replicate category"]
    odds: Float[ndarray, "replicate category"]  # n / (exp(w) - 1)
    coupling: Float[ndarray, "replicate category"]  # n exp(w) / (exp(w) - 1)^2


def likelihood(rows: OrdinalRows, parameters: Parameters) -> Likelihood:
    """Return the likelihood at the parameters; minus infinity or NaN where the thresholds are out of order."""
    with np.errstate(all="ignore"):
        weight, design = rows.weight, rows.design
        above, below = tail_probabilities(rows, parameters)
        terms = np.empty((5 + 2 * design.shape[1], *weight.shape))
        terms[0], terms[1], terms[4] = weight * above, weight * below, weight
        upper, lower = np.multiply(terms[:2], (1 - above, 1 - below), out=terms[2:4])
        by_covariate = terms[5:].reshape(2, -1, *weight.shape)
        np.multiply(terms[2:4, None], design.transpose(1, 0, 2), out=by_covariate)
        sums = rows.cell_sums(terms)
        distance = np.diff(parameters.bounds, axis=1)
        odds = np.where(sums[4] > 0, 1 / np.expm1(distance), 0.0)
        ratio = np.where(sums[4] > 0, sums[4] * np.log(-np.expm1(-distance)), 0.0)
        value = (weight * np.log((1 - above) * (1 - below))).sum(axis=1) + ratio.sum(axis=1)
        upper_design, lower_design = sums[5:].reshape(2, -1, *distance.shape)
        cells = _Cells(*sums[:4], upper_design, lower_design, sums[4] * odds, sums[4] * odds * (1 + odds))
        slope_gradient = (design @ (terms[1] - terms[0])[..., None])[..., 0]
        dense = (design * (upper + lower)[:, None]) @ design.transpose(0, 2, 1)
        return _assembled(value, slope_gradient, dense, cells)


def tail_probabilities(
    rows: OrdinalRows, parameters: Parameters
) -> tuple[Float[ndarray, "replicate row"], Float[ndarray, "replicate row"]]:
    """Return for each row the fitted chance of a higher and of a lower category than its own."""
    odds = np.exp((parameters.slopes[:, None, :] @ rows.design)[:, 0, :])
    weights = np.exp(-parameters.bounds)
    cell = rows.rank + weights.shape[1] * np.arange(len(weights))[:, None]
    upper = odds * weights.ravel()[cell + 1]
    return upper / (1 + upper), 1 / (1 + odds * weights.ravel()[cell])


def influence(
    rows: OrdinalRows,
    parameters: Parameters,
    threshold_lever: Float[ndarray, "replicate threshold"],
    slope_lever: Float[ndarray, "replicate covariate"],
) -> Float[ndarray, "replicate row"]:
    """Return the gradient of one unit of each row, weighted by the levers of one estimate."""
    with np.errstate(all="ignore"):
        above, below = tail_probabilities(rows, parameters)
        levers = np.pad(threshold_lever, ((0, 0), (1, 1)))
        odds = 1 / np.expm1(np.diff(parameters.bounds, axis=1))
        odds, upper, lower = (np.take_along_axis(each, rows.rank, 1) for each in (odds, levers[:, 1:], levers[:, :-1]))
        slope = (slope_lever[:, None, :] @ rows.design)[:, 0, :]
        return slope * (below - above) + upper * (above + odds) - lower * (below + odds)


def _assembled(
    value: Float[ndarray, " replicate"],
    slope_gradient: Float[ndarray, "replicate covariate"],
    dense: Float[ndarray, "replicate covariate covariate"],
    cells: _Cells,
) -> Likelihood:
    gradient = (cells.above + cells.odds)[:, :-1] - (cells.below + cells.odds)[:, 1:]
    diagonal = (cells.upper + cells.coupling)[:, :-1] + (cells.lower + cells.coupling)[:, 1:]
    border = -(cells.upper_design[..., :-1] + cells.lower_design[..., 1:])
    off_diagonal = -cells.coupling[:, 1:]
    if off_diagonal.shape[1]:
        off_diagonal[:, -1] = 0.0
    return Likelihood(value, gradient, slope_gradient, diagonal, off_diagonal, np.moveaxis(border, 0, -1), dense)
