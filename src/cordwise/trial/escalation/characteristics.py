"""Operating characteristics of a dose-escalation design, each with its Monte Carlo error."""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from cordwise.stats.dose_finding.dose_history import STOP
from cordwise.stats.dose_finding.simulate import EscalationTrials
from cordwise.trial.escalation.plan import EscalationTruth


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationCharacteristics:
    """What a design does in one scenario; every rate and mean has its Monte Carlo standard error (MCSE) beside it.

    Attributes
    ----------
    name, description, rates
        The scenario, and the true toxicity rate of each dose.
    right_dose
        The dose, counted from 1, that should be selected; None where none should.
    selected, selected_mcse, selected_exact
        Share of trials that select no dose, then each dose; the exact chances where theory gives them.
    patients, toxicities
        Mean numbers at each dose.
    correct_rate
        Share of trials that select the right dose, or none where none is right.
    overdose_selected_rate
        Share of trials that select a dose whose rate is above the target and which is not the right one.
    overdosed_share
        Share of the patients treated at such a dose.
    expected_n, expected_toxicities, expected_duration_days
        Means of the whole trial; the duration ends with the window of the last patient.
    """

    name: str
    description: str
    rates: tuple[float, ...]
    right_dose: int | None
    selected: tuple[float, ...]
    selected_mcse: tuple[float, ...]
    selected_exact: tuple[float, ...] | None
    patients: tuple[float, ...]
    toxicities: tuple[float, ...]
    correct_rate: float
    correct_rate_mcse: float
    overdose_selected_rate: float
    overdose_selected_rate_mcse: float
    overdosed_share: float
    overdosed_share_mcse: float
    expected_n: float
    expected_n_mcse: float
    expected_toxicities: float
    expected_toxicities_mcse: float
    expected_duration_days: float
    expected_duration_days_mcse: float


def characteristics(
    trials: EscalationTrials, truth: EscalationTruth, *, target: float, exact: tuple[float, ...] | None = None
) -> EscalationCharacteristics:
    """Return the characteristics of simulated trials of one design.

    Parameters
    ----------
    trials
        At least two simulated trials.
    truth
        The scenario in which they were simulated.
    target
        Toxicity rate aimed at.
    exact
        Chances of selection that theory gives, no dose first.
    """
    doses, replicates = trials.patients.shape[1], len(trials.selected)
    selected = np.bincount(trials.selected + 1, minlength=doses + 1) / replicates
    too_high = (truth.rates > target) & (np.arange(doses) != truth.right_dose)
    treated = trials.patients.sum(axis=1)
    return EscalationCharacteristics(
        name=truth.name,
        description=truth.description,
        rates=tuple(truth.rates.tolist()),
        right_dose=None if truth.right_dose == STOP else truth.right_dose + 1,
        selected=tuple(selected.tolist()),
        selected_mcse=tuple(np.sqrt(selected * (1 - selected) / replicates).tolist()),
        selected_exact=exact,
        patients=tuple(trials.patients.mean(axis=0).tolist()),
        toxicities=tuple(trials.toxicities.mean(axis=0).tolist()),
        **_mean("correct_rate", trials.selected == truth.right_dose),
        **_mean("overdose_selected_rate", (trials.selected >= 0) & too_high[trials.selected]),
        **_mean("overdosed_share", (trials.patients * too_high).sum(axis=1) / treated),
        **_mean("expected_n", treated),
        **_mean("expected_toxicities", trials.toxicities.sum(axis=1)),
        **_mean("expected_duration_days", trials.duration_days),
    )


def _mean(name: str, values: ndarray) -> dict[str, float]:
    return {name: float(values.mean()), f"{name}_mcse": float(values.std(ddof=1) / np.sqrt(len(values)))}
