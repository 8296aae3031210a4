"""Draw the visits that were not seen: missing at random, or as if from a reference arm once a patient has left."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from numpy.random import Generator

from cordwise.stats.missing.cases import visits_of
from cordwise.stats.missing.gaps import filled_gaps
from cordwise.stats.missing.regressions import VisitModels, draw_visit_models
from cordwise.stats.two_arm.trials import Trials, Visits

MissingMethod = Literal["multiple_imputation", "delta", "jump_to_reference", "copy_increments", "copy_reference"]
AT_RANDOM = ("multiple_imputation", "delta")
ARM = 1  # position on the covariate axis


@dataclass(frozen=True, slots=True)
class Imputations:
    """Trials with several draws of the visits of every analysed patient who has visits missing.

    Attributes
    ----------
    trials
        The trials as they were.
    replicate, patient
        Where the incomplete patients are.
    values
        Their visits, seen and drawn.
    drawn
        Which of these were drawn.
    """

    trials: Trials
    replicate: Int[ndarray, " incomplete"]
    patient: Int[ndarray, " incomplete"]
    values: Float[ndarray, "draw incomplete visit"]
    drawn: Bool[ndarray, "incomplete visit"]

    def shifted(self, delta: float, limits: tuple[float, float] | None = None) -> "Imputations":
        """Return the imputations with `delta` added to what was drawn in the treated arm, then held within limits."""
        moved = self.drawn & self.trials.treated[self.replicate, self.patient][:, None]
        values = self.values + delta * moved
        if limits is not None:
            values = np.where(self.drawn, np.clip(values, *limits), values)
        return replace(self, values=values)

    def completed(self, draw: int) -> Trials:
        """Return the trials with one draw filled in; the outcome is the last visit."""
        visits = visits_of(self.trials)
        outcome, observed = visits.outcome.copy(), visits.observed.copy()
        outcome[self.replicate, self.patient] = self.values[draw]
        observed[self.replicate, self.patient] = True
        return replace(self.trials, outcome=outcome[..., -1], visits=Visits(outcome, observed))


def impute(
    trials: Trials,
    *,
    imputations: int,
    generator: Generator,
    method: MissingMethod = "multiple_imputation",
) -> Imputations:
    """Return draws of the missing visits under a multivariate normal model of all visits.

    The model has arm, baseline and an unstructured covariance common to the arms.  Gaps before a patient's last visit
    are always missing at random, and so is what follows it with `multiple_imputation` and `delta`.  The other methods
    change the means of treated patients (reference-based imputation):
    `jump_to_reference` takes the control arm's after the last visit, `copy_increments` the control arm's change since
    then, `copy_reference` the control arm's throughout.

    Parameters
    ----------
    trials
        With `visits`; every analysed patient is completed.
    imputations, generator
        Number of draws and where they come from.
    method
        What is assumed of the visits after the last one seen.

    Raises
    ------
    InputError
        The trials have no visits.

    Notes
    -----
    Sources: Rubin 1987, Multiple Imputation for Nonresponse in Surveys; Carpenter, Roger and Kenward 2013, Journal of
    Biopharmaceutical Statistics 23:1352.
    """
    visits = visits_of(trials)
    observed = visits.observed & trials.analysed[..., None]
    covariates = _covariates(trials)
    reached = np.maximum.accumulate(observed[..., ::-1], axis=-1)[..., ::-1]
    filled = filled_gaps(covariates, visits.outcome, observed, reached, imputations, generator)
    models = draw_visit_models(covariates, filled, reached, imputations, generator)
    replicate, patient = np.nonzero(trials.analysed & ~observed.all(axis=-1))
    last = reached[replicate, patient].sum(axis=-1) - 1
    shape = (imputations, len(replicate), observed.shape[-1])
    seen = np.broadcast_to(filled[:, replicate, patient], shape)
    centre = _centres(models, covariates[replicate, patient], replicate, last, method)
    values = _drawn_tail(models, centre, seen, replicate, last, generator)
    values = np.where(_both_arms(trials.treated, reached)[replicate, None], values, np.nan)
    return Imputations(trials, replicate, patient, values, ~observed[replicate, patient])


def _covariates(trials: Trials) -> Float[ndarray, "replicate patient covariate"]:
    """Return intercept, arm and centred baseline; 0 for patients who are not analysed."""
    count = np.maximum(trials.analysed.sum(axis=1, keepdims=True), 1)
    baseline = np.where(trials.analysed, trials.baseline, 0.0)
    centred = baseline - baseline.sum(axis=1, keepdims=True) / count
    return np.stack([np.ones_like(baseline), trials.treated, centred], axis=-1) * trials.analysed[..., None]


def _both_arms(
    treated: Bool[ndarray, "replicate patient"], reached: Bool[ndarray, "replicate patient visit"]
) -> Bool[ndarray, " replicate"]:
    """Return whether both arms have a patient at the last visit."""
    ends = reached[..., -1]
    return (ends & treated).any(axis=1) & (ends & ~treated).any(axis=1)


def _centres(
    models: VisitModels,
    covariates: Float[ndarray, "incomplete covariate"],
    replicate: Int[ndarray, " incomplete"],
    last: Int[ndarray, " incomplete"],
    method: MissingMethod,
) -> Float[ndarray, "draw incomplete visit"]:
    """Return the means about which each incomplete patient's visits vary, by the method."""
    means = np.einsum("dpvc,pc->dpv", models.mean[:, replicate], covariates)
    if method in AT_RANDOM:
        return means
    effects = models.mean[..., ARM][:, replicate] * covariates[:, None, ARM]
    gone = np.arange(means.shape[-1]) > last[:, None]
    kept = np.zeros_like(effects) if method == "copy_reference" else np.where(gone, 0.0, effects)
    if method == "copy_increments":
        at_last = np.take_along_axis(kept, np.broadcast_to(np.maximum(last, 0)[:, None], (len(kept), len(last), 1)), 2)
        kept = np.where(gone, at_last, kept)
    return means - effects + kept


def _drawn_tail(
    models: VisitModels,
    centre: Float[ndarray, "draw incomplete visit"],
    seen: Float[ndarray, "draw incomplete visit"],
    replicate: Int[ndarray, " incomplete"],
    last: Int[ndarray, " incomplete"],
    generator: Generator,
) -> Float[ndarray, "draw incomplete visit"]:
    """Return the visits, those after the last reached drawn one after the other."""
    away = seen - centre
    for visit in range(seen.shape[-1]):
        gone = np.flatnonzero(last < visit)
        where = replicate[gone]
        expected = np.einsum("dpv,dpv->dp", models.carry[:, where, visit, :visit], away[:, gone, :visit])
        noise = generator.standard_normal(expected.shape)
        away[:, gone, visit] = expected + models.sigma[:, where, visit] * noise
    drawn = np.arange(seen.shape[-1]) > last[:, None]
    return np.where(drawn, centre + away, seen)
