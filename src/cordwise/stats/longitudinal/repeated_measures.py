"""Mixed model for repeated measures (MMRM): the difference of two arms at the last visit, for many trials at once."""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import stdtr, stdtrit

from cordwise.base.errors import Fault, InputError
from cordwise.stats.longitudinal.maximise import definite, maximise
from cordwise.stats.longitudinal.pattern_likelihood import derivatives, directions, pairs, restricted_fit
from cordwise.stats.longitudinal.patterns import PatternSums, pattern_sums
from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import Trials, Visits

INTERCEPT, ARM, BASELINE = 0, 1, 2  # positions on the covariate axis
LEAST_RANK = 1e-10  # determinant of a visit's covariates over the product of its diagonal

DegreesOfFreedom = Literal["satterthwaite", "kenward_roger"]


def mmrm(
    trials: Trials, *, alpha: float, df: DegreesOfFreedom = "satterthwaite", baseline_by_visit: bool = True
) -> Estimates:
    """Return treated minus control at the last visit, from a mixed model for repeated measures.

    Fixed effects visit, arm by visit and baseline; unstructured covariance common to the arms; restricted maximum
    likelihood.  Every visit seen of an analysed patient is used, so the answer holds if visits are missing at random.

    Parameters
    ----------
    trials
        With `visits`; the last visit is the endpoint.
    alpha
        Two-sided; sets the intervals.
    df
        Satterthwaite's degrees of freedom, or Kenward and Roger's (1997): the same degrees of freedom for a single
        contrast, with the standard error enlarged for the estimation of the covariance.  This is the linear variant:
        the parameters are the entries of the covariance, whose second derivatives are zero.  Both take the covariance
        of the parameters from the observed information.
    baseline_by_visit
        Whether the baseline has a coefficient of its own at each visit, or one for all.

    Raises
    ------
    InputError
        The trials have no visits.

    Notes
    -----
    Sources: Mallinckrodt et al. 2008, Drug Information Journal 42:303; Kenward and Roger 1997, Biometrics 53:983.
    """
    if trials.visits is None:
        raise InputError([Fault("visits", "the outcome at every visit", "none", "Give the trials their visits.")])
    sums, unit = _standardised_sums(trials, trials.visits)
    start, usable = _start(sums)
    chosen = sums[usable]
    shared = _shared_coefficients(trials.visits.outcome.shape[-1], baseline_by_visit)
    covariance, converged = maximise(chosen, start[usable], shared)
    usable[usable] = converged
    if not usable.any():
        nothing = np.full(len(usable), np.nan)
        return Estimates(nothing, nothing, nothing, np.ones(len(usable)))
    estimate, error, degrees = _contrast(chosen[converged], covariance[converged], shared, df)
    return _estimates(usable, estimate * unit[usable], error * unit[usable], degrees, alpha)


def _standardised_sums(trials: Trials, visits: Visits) -> tuple[PatternSums, Float[ndarray, " replicate"]]:
    """Return the pattern sums of standardised outcome and baseline, and the unit of the outcome.

    Where the baseline has no spread, one pseudo-patient seen throughout, of outcome 0 and covariates (0, 0, 1), takes
    it out of the model: it fits perfectly, and its term cancels that of the coefficient which only it identifies.
    """
    observed = visits.observed & trials.analysed[..., None]
    outcome, unit = _standardised(visits.outcome, observed)
    baseline, spread = _standardised(trials.baseline[..., None], trials.analysed[..., None])
    covariates = np.stack([np.ones_like(baseline[..., 0]), trials.treated, baseline[..., 0]], axis=-1)
    pseudo = np.zeros_like(covariates[:, :1])
    pseudo[..., BASELINE] = 1.0
    flat = np.broadcast_to(spread[:, None, None] == 0, outcome[:, :1].shape)
    sums = pattern_sums(
        np.concatenate([covariates, pseudo], axis=1),
        np.concatenate([outcome, np.zeros_like(outcome[:, :1])], axis=1),
        np.concatenate([observed, flat], axis=1),
    )
    return sums, unit


def _standardised(
    values: Float[ndarray, "replicate patient visit"], counted: Bool[ndarray, "replicate patient visit"]
) -> tuple[Float[ndarray, "replicate patient visit"], Float[ndarray, " replicate"]]:
    """Return the counted values less the visit's mean, in units of the spread about it, and these units.

    The unit is one for all visits, so that a coefficient common to them stays so; 0 if nothing varies.
    """
    count = np.maximum(counted.sum(axis=1), 1)
    centred = np.where(counted, values - (np.where(counted, values, 0.0).sum(axis=1) / count)[:, None], 0.0)
    size = np.abs(np.where(counted, values, 0.0)).max(axis=1, initial=0.0)
    spread = np.sqrt((centred**2).sum(axis=(1, 2)) / count.sum(axis=1))
    spread = np.where(spread > np.sqrt(np.finfo(float).eps) * size.max(axis=1), spread, 0.0)
    unit = spread[:, None, None]
    return np.divide(centred, unit, out=np.zeros_like(centred), where=unit > 0), spread


def _start(sums: PatternSums) -> tuple[Float[ndarray, "replicate visit visit"], Bool[ndarray, " replicate"]]:
    """Return a first covariance, from the least-squares residuals of each visit, and which trials can be analysed."""
    seen = sums.seen.astype(np.float64)
    grams = np.einsum("rpv,rpkl->rvkl", seen, sums.covariates)
    diagonal = np.einsum("rvkk->rvk", grams).prod(axis=-1)
    enough = (sums.together() > grams.shape[-1]).all(axis=(1, 2))
    usable = enough & (np.linalg.det(grams) > LEAST_RANK * diagonal).all(axis=1)
    grams = np.where(usable[:, None, None, None], grams, np.eye(grams.shape[-1]))
    slopes = np.linalg.solve(grams, sums.cross.sum(axis=1)[..., None])[..., 0]
    overlap = sums.cross @ slopes[:, None].swapaxes(-1, -2)
    fitted = slopes[:, None] @ sums.covariates @ slopes[:, None].swapaxes(-1, -2)
    both = sums.seen[..., :, None] & sums.seen[..., None, :]
    residual = np.where(both, sums.outcomes - overlap - overlap.swapaxes(-1, -2) + fitted, 0.0).sum(axis=1)
    covariance = residual / np.maximum(sums.together() - grams.shape[-1], 1.0)
    return _made_definite(covariance, usable)


def _made_definite(
    covariance: Float[ndarray, "replicate visit visit"], usable: Bool[ndarray, " replicate"]
) -> tuple[Float[ndarray, "replicate visit visit"], Bool[ndarray, " replicate"]]:
    """Return the covariance, drawn to its diagonal where it is not one; a visit without spread bars a trial."""
    diagonal = np.einsum("rvv->rv", covariance)[:, :, None] * np.eye(covariance.shape[-1])
    covariance = np.where(definite(covariance)[:, None, None], covariance, 0.5 * (covariance + diagonal))
    covariance = np.where(definite(covariance)[:, None, None], covariance, diagonal)
    return covariance, usable & definite(covariance)


def _shared_coefficients(visits: int, baseline_by_visit: bool) -> Float[ndarray, "coefficient free"]:
    """Return the map from free coefficients to those of every (visit, covariate)."""
    every = np.eye(visits * (BASELINE + 1))
    if baseline_by_visit:
        return every
    mine = np.arange(len(every)) % (BASELINE + 1) == BASELINE
    return np.column_stack([every[:, ~mine], mine.astype(np.float64)])


def _contrast(
    sums: PatternSums,
    covariance: Float[ndarray, "replicate visit visit"],
    shared: Float[ndarray, "coefficient free"],
    df: DegreesOfFreedom,
) -> tuple[Float[ndarray, " replicate"], Float[ndarray, " replicate"], Float[ndarray, " replicate"]]:
    """Return estimate, standard error and degrees of freedom of the arm's coefficient at the last visit."""
    visits, width = sums.cross.shape[2:]
    fit = restricted_fit(sums, covariance, shared)
    slopes = derivatives(sums, fit)
    last = (visits - 1) * width + ARM
    reach = fit.spread[:, :, last]
    variance = fit.spread[:, last, last]
    moved = np.einsum("rkij,rj->rki", slopes.slopes, reach)
    gradient = np.einsum("rki,ri->rk", moved, reach)
    doubt = np.linalg.inv(slopes.observed)
    wobble = np.einsum("rk,rkl,rl->r", gradient, doubt, gradient)
    degrees = np.divide(2 * variance**2, wobble, out=np.full_like(variance, np.nan), where=wobble > 0)
    if df == "kenward_roger":
        loads = reach.reshape(-1, 1, visits, width)
        lever = fit.precision @ loads @ sums.covariates @ loads.swapaxes(-1, -2) @ fit.precision
        second = pairs(lever, fit.precision, directions(visits)) - moved @ fit.spread @ moved.swapaxes(1, 2)
        variance = variance + 2 * (doubt * second).sum(axis=(1, 2))
    return fit.coefficients[:, -1, ARM], np.sqrt(np.maximum(variance, 0.0)), degrees


def _estimates(
    usable: Bool[ndarray, " replicate"],
    estimate: Float[ndarray, " usable"],
    error: Float[ndarray, " usable"],
    degrees: Float[ndarray, " usable"],
    alpha: float,
) -> Estimates:
    """Return the estimates of every trial; those without degrees of freedom count as not analysed."""
    good = np.isfinite(degrees) & (error > 0)
    place = np.flatnonzero(usable)[good]
    middle, reach = np.full(len(usable), np.nan), np.full(len(usable), np.nan)
    p = np.ones(len(usable))
    middle[place] = estimate[good]
    reach[place] = stdtrit(degrees[good], 1 - alpha / 2) * error[good]
    p[place] = 2 * stdtr(degrees[good], -np.abs(estimate[good] / error[good]))
    return Estimates(middle, middle - reach, middle + reach, p)
