"""Fill the gaps between visits that were seen, so that what is missing is only what follows a patient's last visit."""

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from numpy.random import Generator

from cordwise.stats.missing.regressions import VisitModels, draw_visit_models

CYCLES = 20  # of data augmentation before a draw is used; each draw has a chain of its own


def filled_gaps(
    covariates: Float[ndarray, "replicate patient covariate"],
    outcome: Float[ndarray, "replicate patient visit"],
    observed: Bool[ndarray, "replicate patient visit"],
    reached: Bool[ndarray, "replicate patient visit"],
    draws: int,
    generator: Generator,
) -> Float[ndarray, "chain replicate patient visit"]:
    """Return the visits with gaps drawn, 0 where never reached: one chain for each draw, or one if there are no gaps.

    Monotone data augmentation (Schafer 1997, chapter 6): draw the model given the filled visits, then each gap given
    the model and the patient's other visits.
    """
    gaps = reached & ~observed
    start = np.where(observed, outcome, 0.0)[None]
    if not gaps.any():
        return start
    replicate, patient = np.nonzero(gaps.any(axis=-1))
    values = np.repeat(np.where(gaps, _next_seen(outcome, observed), start), draws, axis=0)
    rows, there, open_visits = covariates[replicate, patient], reached[replicate, patient], gaps[replicate, patient]
    for _ in range(CYCLES):
        models = draw_visit_models(covariates, values, reached, draws, generator)
        means = np.einsum("dpvc,pc->dpv", models.mean[:, replicate], rows)
        before = values[:, replicate, patient]
        away = before - means
        for visit in np.flatnonzero(open_visits.any(axis=0)):
            chosen = np.flatnonzero(open_visits[:, visit])
            away[:, chosen, visit] = _gap_draw(
                models, away[:, chosen], there[chosen], replicate[chosen], int(visit), generator
            )
        values[:, replicate, patient] = np.where(open_visits, means + away, before)
    return values


def _next_seen(
    outcome: Float[ndarray, "replicate patient visit"], observed: Bool[ndarray, "replicate patient visit"]
) -> Float[ndarray, "replicate patient visit"]:
    """Return the value at the next visit that was seen, to begin with."""
    out = np.where(observed, outcome, 0.0)
    for visit in range(outcome.shape[-1] - 2, -1, -1):
        out[..., visit] = np.where(observed[..., visit], out[..., visit], out[..., visit + 1])
    return out


def _gap_draw(
    models: VisitModels,
    away: Float[ndarray, "draw gap visit"],
    there: Bool[ndarray, "gap visit"],
    replicate: Int[ndarray, " gap"],
    visit: int,
    generator: Generator,
) -> Float[ndarray, "draw gap"]:
    """Return draws of one visit's deviation from its mean, given the deviations before and after it."""
    carry, sigma = models.carry[:, replicate], models.sigma[:, replicate]
    precision = sigma[..., visit] ** -2
    pull = np.einsum("dgv,dgv->dg", carry[..., visit, :], away) * precision
    for later in range(visit + 1, away.shape[-1]):
        weight = np.where(there[:, later], carry[..., later, visit] * sigma[..., later] ** -2, 0.0)
        rest = away[..., later] - np.einsum("dgv,dgv->dg", carry[..., later, :later], away[..., :later])
        pull += weight * (rest + carry[..., later, visit] * away[..., visit])
        precision = precision + weight * carry[..., later, visit]
    return pull / precision + generator.standard_normal(pull.shape) / np.sqrt(precision)
