"""Bayesian draws of the model that imputes: each visit regressed on covariates and earlier visits, batched.

With missing visits that all follow the last one seen, the regressions are fitted to the patients seen at the visit, and
their posterior draws under the usual flat prior are exact draws of the multivariate normal model (factored likelihood:
Rubin 1987, chapter 5).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from numpy.random import Generator

LEAST_RANK = 1e-10  # eigenvalue of scaled predictors below which their combination is taken to be constant


@dataclass(frozen=True, slots=True)
class VisitModels:
    """Draws of the model of all visits given the covariates (1, arm, baseline).

    Attributes
    ----------
    mean
        Coefficients of the covariates in the visit's mean, not given earlier visits.
    carry
        Weight of the earlier visits' deviations from their means in the visit's; 0 for visits not earlier.
    sigma
        Standard deviation of what is left.
    """

    mean: Float[ndarray, "draw replicate visit covariate"]
    carry: Float[ndarray, "draw replicate visit visit"]
    sigma: Float[ndarray, "draw replicate visit"]


def draw_visit_models(
    covariates: Float[ndarray, "replicate patient covariate"],
    values: Float[ndarray, "chain replicate patient visit"],
    reached: Bool[ndarray, "replicate patient visit"],
    draws: int,
    generator: Generator,
) -> VisitModels:
    """Return posterior draws; one chain of values serves all draws, otherwise each has its own.

    Parameters
    ----------
    covariates
        Intercept, arm and baseline; 0 for patients who do not count.
    values
        Visits, with every gap before a patient's last visit filled.
    reached
        Whether the patient has a value at the visit.
    draws, generator
        Number of draws and where they come from.
    """
    chains, replicates, _, visits = values.shape
    width = covariates.shape[-1]
    conditional = np.zeros((draws, replicates, visits, width))
    carry = np.zeros((draws, replicates, visits, visits))
    sigma = np.empty((draws, replicates, visits))
    shared = np.broadcast_to(covariates, (chains, *covariates.shape))
    for visit in range(visits):
        here = reached[..., visit].astype(np.float64)
        predictors = np.concatenate([shared, values[..., :visit]], axis=-1) * here[..., None]
        response = values[..., visit] * here
        slopes, sigma[..., visit] = _draw_regression(predictors, response, here.sum(axis=-1), draws, generator)
        conditional[..., visit, :] = slopes[..., :width]
        carry[..., visit, :visit] = slopes[..., width:]
    mean = np.linalg.solve(np.eye(visits) - carry, conditional)
    return VisitModels(mean, carry, sigma)


def _draw_regression(
    predictors: Float[ndarray, "chain replicate patient predictor"],
    response: Float[ndarray, "chain replicate patient"],
    count: Float[ndarray, " replicate"],
    draws: int,
    generator: Generator,
) -> tuple[Float[ndarray, "draw replicate predictor"], Float[ndarray, "draw replicate"]]:
    """Return draws of the coefficients and of the residual standard deviation; NaN without degrees of freedom."""
    width = predictors.shape[-1]
    gram = predictors.swapaxes(-1, -2) @ predictors
    scale = np.sqrt(np.maximum(np.einsum("...kk->...k", gram), np.finfo(float).tiny))
    gram = gram / (scale[..., :, None] * scale[..., None, :])
    weight, axes = np.linalg.eigh(gram)
    kept = weight > LEAST_RANK
    root = axes * np.where(kept, 1 / np.sqrt(np.where(kept, weight, 1.0)), 0.0)[..., None, :]
    target = (predictors.swapaxes(-1, -2) @ response[..., None])[..., 0] / scale
    score = (root.swapaxes(-1, -2) @ target[..., None])[..., 0]
    residual = np.maximum((response**2).sum(axis=-1) - (score**2).sum(axis=-1), 0.0)
    freedom = count - kept.sum(axis=-1)
    sound = freedom > 0
    sigma = np.sqrt(residual / generator.chisquare(np.where(sound, freedom, 1.0), (draws, len(count))))
    noise = generator.standard_normal((draws, len(count), width)) * sigma[..., None]
    slopes = (root @ (score + noise)[..., None])[..., 0] / scale
    return np.where(sound[..., None], slopes, np.nan), np.where(sound, sigma, np.nan)
