"""Inference after stopping by the stage-wise ordering: an earlier success is the stronger result.

Final p value, median-unbiased estimate and interval (Tsiatis, Rosner and Mehta 1984, Biometrics 40:797).  The drift
enters through the likelihood ratio, so that one recursion through the looks without a drift serves all drifts.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import ndtr, ndtri

from cordwise.stats.sequential.recursion import ContinuationDensity, advance, initial_density, separated_looks
from cordwise.stats.sequential.spec import Boundaries

_KNOT = 0.05  # spacing in z of the table from which many replicates are read
_TOGETHER = 256  # replicates with looks of their own that are integrated together
_SLACK = 0.1  # added to bounds of a drift that are exact at the first look, so that a root lies between them
_BEYOND = 4.0  # standard deviations beyond the observed z that its interval reaches


@dataclass(frozen=True, slots=True)
class FinalInference:
    """One-sided p value, median-unbiased estimate and interval, as drifts: means of z at the final information.

    Divide a drift by the root of the final information to have it in the endpoint's unit.

    Attributes
    ----------
    p
        One-sided p value.
    estimate, low, high
        Median-unbiased estimate and limits, as drifts.
    """

    p: Float[ndarray, " replicate"]
    estimate: Float[ndarray, " replicate"]
    low: Float[ndarray, " replicate"]
    high: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class _Paths:
    """Designs up to the look at which their replicates stopped: those who came to each look, and the limits."""

    states: tuple[ContinuationDensity, ...]
    times: Float[ndarray, "design stage"]
    lower: Float[ndarray, "design earlier"]
    upper: Float[ndarray, "design earlier"]


def final_inference(
    boundaries: Boundaries, look: Int[ndarray, " replicate"], z: Float[ndarray, " replicate"], *, alpha: float
) -> FinalInference:
    """Return the inference of replicates that stopped at `look`, counted from 0, with the value `z`.

    Futility limits count only where they bind.

    Parameters
    ----------
    boundaries
        The design's limits.
    look, z
        Where each replicate stopped, and its z value there; where z is not finite the answer is NaN.
    alpha
        One-sided: the interval covers with 1 - 2 alpha.

    Examples
    --------
    >>> from cordwise.stats.sequential import BoundarySpec, boundaries
    >>> design = boundaries(BoundarySpec("obrien_fleming"), [0.5, 1.0], alpha=0.025)
    >>> found = final_inference(design, np.array([0, 1]), np.array([3.0, 2.1]), alpha=0.025)
    >>> found.p.round(4).tolist(), found.estimate.round(3).tolist()
    ([0.0013, 0.019], [4.243, 2.089])
    """
    lower = boundaries.futility if boundaries.binding else np.full_like(boundaries.futility, -np.inf)
    results = np.full((4, len(z)), np.nan)
    for each in np.unique(look):
        here = np.flatnonzero((look == each) & np.isfinite(z))
        if len(here):
            design = [row[None] for row in (boundaries.information, lower, boundaries.efficacy)]
            results[:, here] = _read_from_table(*design, int(each), z[here], alpha)
    return FinalInference(*results)


def final_inference_by_calendar(
    information: Float[ndarray, "replicate look"],
    efficacy: Float[ndarray, "replicate look"],
    look: Int[ndarray, " replicate"],
    z: Float[ndarray, " replicate"],
    *,
    alpha: float,
) -> FinalInference:
    """Return the inference of replicates that each had their own information and limits, futility not binding.

    Parameters
    ----------
    information, efficacy
        Fraction of the planned information, and efficacy limit of z, at each look.
    look, z
        Where each replicate stopped, counted from 0, and its z value there.
    alpha
        One-sided: the interval covers with 1 - 2 alpha.
    """
    results, lower = np.full((4, len(z)), np.nan), np.full(efficacy.shape, -np.inf)
    for each in np.unique(look):
        here = np.flatnonzero((look == each) & np.isfinite(z))
        for start in range(0, len(here), _TOGETHER):
            some = here[start : start + _TOGETHER]
            paths = _paths(information[some], lower[some], efficacy[some], int(each), z[some])
            results[:, some] = _infer(paths, np.arange(len(some)), z[some], alpha)
    return FinalInference(*results)


def _read_from_table(
    information: Float[ndarray, "1 look"],
    lower: Float[ndarray, "1 look"],
    upper: Float[ndarray, "1 look"],
    look: int,
    z: Float[ndarray, " some"],
    alpha: float,
) -> Float[ndarray, "quantity some"]:
    from scipy.interpolate import CubicSpline  # slow to import

    first, last = float(z.min()), float(z.max())
    count = int(np.ceil((last - first) / _KNOT)) + 4
    knots = z if len(z) <= count or first == last else np.linspace(first, last, count)
    paths = _paths(information, lower, upper, look, knots)
    table = _infer(paths, np.zeros(len(knots), np.int64), knots, alpha)
    if knots is z:
        return table
    table[0] = ndtri(table[0])
    read = CubicSpline(knots, table, axis=1)(z)
    read[0] = ndtr(read[0])
    return read


def _paths(
    information: Float[ndarray, "design look"],
    lower: Float[ndarray, "design look"],
    upper: Float[ndarray, "design look"],
    look: int,
    z: Float[ndarray, " some"],
) -> _Paths:
    times, still = separated_looks(information), np.zeros(len(information))
    beyond = float(np.abs(z).max()) + _BEYOND
    states = [initial_density(len(information))]
    for stage in range(look):
        between, following = (lower[:, stage], upper[:, stage]), times[:, stage + 1]
        states.append(advance(states[-1], times[:, stage], between, still, next_information=following, beyond=beyond))
    return _Paths(tuple(states), times[:, : look + 1], lower[:, :look], upper[:, :look])


def _infer(
    paths: _Paths, row: Int[ndarray, " some"], z: Float[ndarray, " some"], alpha: float
) -> Float[ndarray, "quantity some"]:
    drifts = (_drift_at(paths, row, z, target) for target in (0.5, alpha, 1 - alpha))
    return np.stack([_tail(paths, row, z, np.zeros(len(z))), *drifts])


def _tail(
    paths: _Paths, row: Int[ndarray, " some"], z: Float[ndarray, " some"], drift: Float[ndarray, " some"]
) -> Float[ndarray, " some"]:
    """Return the chance under the drift of a result at least as strong: an earlier success, or as high a z here."""
    total, last = np.zeros(len(z)), paths.upper.shape[1]
    for stage, state in enumerate(paths.states):
        time, past, score = paths.times[row, stage], state.information[row], state.score[row]
        limit = z if stage == last else paths.upper[row, stage]
        short = ((limit * np.sqrt(time) - drift * (time - past))[:, None] - score) / np.sqrt(time - past)[:, None]
        ratio = np.exp(drift[:, None] * score - (drift**2 * past)[:, None] / 2)
        total += np.sum(state.mass[row] * ratio * ndtr(-short), axis=1)
    return total


def _drift_at(
    paths: _Paths, row: Int[ndarray, " some"], z: Float[ndarray, " some"], target: float
) -> Float[ndarray, " some"]:
    """Return the drift under which the tail has the target probability."""
    from scipy.optimize import elementwise  # slow to import

    roots = np.sqrt(paths.times[row])
    share = 1 / roots.shape[1]
    limits, floors = (np.column_stack([each[row], z]) for each in (paths.upper, paths.lower))
    low = np.min((limits + ndtri(target * share)) / roots, axis=1) - _SLACK
    high = np.max((floors - ndtri((1 - target) * share)) / roots, axis=1) + _SLACK

    def excess(drift: Float[ndarray, " few"], value: Float[ndarray, " few"], at: Float[ndarray, " few"]) -> ndarray:
        return _tail(paths, at.astype(np.int64), value, drift) - target

    return elementwise.find_root(excess, (low, high), args=(z, row.astype(np.float64))).x
