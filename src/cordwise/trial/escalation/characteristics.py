"""Operating characteristics of a dose-escalation design, each with its Monte Carlo error."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.dose_finding.simulate import EscalationTrials
from cordwise.trial.escalation.plan import EscalationTruth


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over simulated trials and its Monte Carlo standard error."""

    value: float
    mcse: float


@dataclass(frozen=True, slots=True)
class EscalationCharacteristics:
    """What a design does under one truth.

    Attributes
    ----------
    selected
        Share of trials that select no dose, then each dose.
    correct, overdose_selected
        Shares of trials that select the right dose, and a dose whose rate is above the right one's and the target.
    patients, toxicities
        Means at each dose.
    total_patients, total_toxicities, duration_days
        Means of the whole trial.
    overdosed
        Share of the patients treated at a dose above the target.
    """

    selected: Float[ndarray, " outcome"]
    selected_mcse: Float[ndarray, " outcome"]
    correct: Mean
    overdose_selected: Mean
    patients: Float[ndarray, " dose"]
    toxicities: Float[ndarray, " dose"]
    total_patients: Mean
    total_toxicities: Mean
    duration_days: Mean
    overdosed: Mean


def characteristics(trials: EscalationTrials, truth: EscalationTruth, *, target: float) -> EscalationCharacteristics:
    """Return the characteristics of simulated trials under a truth."""
    doses, replicates = trials.patients.shape[1], len(trials.selected)
    selected = np.bincount(trials.selected + 1, minlength=doses + 1) / replicates
    too_high = (truth.rates > target) & (np.arange(doses) != truth.right_dose)
    treated = trials.patients.sum(axis=1)
    return EscalationCharacteristics(
        selected=selected,
        selected_mcse=np.sqrt(selected * (1 - selected) / replicates),
        correct=_mean(trials.selected == truth.right_dose),
        overdose_selected=_mean((trials.selected >= 0) & too_high[trials.selected]),
        patients=trials.patients.mean(axis=0),
        toxicities=trials.toxicities.mean(axis=0),
        total_patients=_mean(treated),
        total_toxicities=_mean(trials.toxicities.sum(axis=1)),
        duration_days=_mean(trials.duration_days),
        overdosed=_mean((trials.patients * too_high).sum(axis=1) / treated),
    )


def _mean(values: ndarray) -> Mean:
    return Mean(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))
