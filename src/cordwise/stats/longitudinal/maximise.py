"""Maximise the restricted likelihood of many trials at once: Newton steps, Fisher's where Newton's is no ascent."""

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.stats.longitudinal.pattern_likelihood import Derivatives, RestrictedFit, derivatives, restricted_fit
from cordwise.stats.longitudinal.patterns import PatternSums

MOST_STEPS, MOST_HALVINGS = 40, 12
NEARLY_THERE = 1e-7  # gain in log likelihood that a Newton step promises; the step then taken squares the distance
LEAST_EIGENVALUE = 1e-9  # of a covariance of outcomes in units of their standard deviation
UPHILL_SLACK = 1e-9


def maximise(
    sums: PatternSums,
    start: Float[ndarray, "replicate visit visit"],
    shared: Float[ndarray, "coefficient free"],
) -> tuple[Float[ndarray, "replicate visit visit"], Bool[ndarray, " replicate"]]:
    """Return the covariance at the maximum of the restricted likelihood, and whether it was reached."""
    covariance = start.copy()
    converged = np.zeros(len(start), bool)
    going, fit = np.arange(len(start)), restricted_fit(sums, start, shared)
    for _ in range(MOST_STEPS):
        if not len(going):
            break
        step, promise = _ascent(derivatives(sums, fit), start.shape[-1])
        covariance[going], fit, found = _climb(sums, covariance[going], step, fit, shared)
        converged[going] = promise < NEARLY_THERE
        on = found & (promise >= NEARLY_THERE)
        going = going[on]
        if not on.all():
            sums, fit = sums[on], fit[on]
    return covariance, converged


def definite(covariance: Float[ndarray, "replicate visit visit"]) -> Bool[ndarray, " replicate"]:
    """Return whether each matrix can be the covariance of standardised outcomes."""
    return np.linalg.eigvalsh(covariance)[:, 0] > LEAST_EIGENVALUE


def _ascent(
    slopes: Derivatives, visits: int
) -> tuple[Float[ndarray, "replicate visit visit"], Float[ndarray, " replicate"]]:
    """Return the step of the covariance and the gain in log likelihood that it promises."""
    step = _solve(slopes.observed, slopes.score)
    promise = (step * slopes.score).sum(axis=-1)
    lost = ~(promise >= 0)
    if lost.any():
        step[lost] = _solve(slopes.expected[lost], slopes.score[lost])
        promise[lost] = np.abs((step[lost] * slopes.score[lost]).sum(axis=-1)) + NEARLY_THERE
    rows, columns = np.tril_indices(visits)
    out = np.empty((len(step), visits, visits))
    out[:, rows, columns] = out[:, columns, rows] = step
    return out, promise


def _solve(
    matrix: Float[ndarray, "replicate parameter parameter"], vector: Float[ndarray, "replicate parameter"]
) -> Float[ndarray, "replicate parameter"]:
    return np.linalg.solve(matrix, vector[..., None])[..., 0]


def _climb(
    sums: PatternSums,
    covariance: Float[ndarray, "replicate visit visit"],
    step: Float[ndarray, "replicate visit visit"],
    fit: RestrictedFit,
    shared: Float[ndarray, "coefficient free"],
) -> tuple[Float[ndarray, "replicate visit visit"], RestrictedFit, Bool[ndarray, " replicate"]]:
    """Return covariance and fit after the step, halved until it is a covariance and no lower; and whether it was."""
    found, trying = np.zeros(len(covariance), bool), np.arange(len(covariance))
    for halving in range(MOST_HALVINGS):
        candidate = covariance[trying] + 0.5**halving * step[trying]
        proper = definite(candidate)
        here, candidate = trying[proper], candidate[proper]
        if len(here):
            there = restricted_fit(sums if len(here) == len(covariance) else sums[here], candidate, shared)
            height = fit.log_likelihood[here]
            higher = there.log_likelihood >= height - UPHILL_SLACK * (1 + np.abs(height))
            covariance[here[higher]] = candidate[higher]
            fit = fit.replaced(here[higher], there if higher.all() else there[higher])
            found[here[higher]] = True
        trying = trying[~found[trying]]
        if not len(trying):
            break
    return covariance, fit, found
