"""The Bayesian optimal interval design (BOIN): boundaries, decision table, closing of doses and the dose selected."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import betainc

from cordwise.stats.dose_finding.conventions import convention
from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory
from cordwise.stats.dose_finding.isotonic import isotonic_rates


@dataclass(frozen=True, slots=True)
class BoinBoundaries:
    """Observed toxicity rates at or below which the dose rises, and at or above which it falls."""

    escalate: float
    deescalate: float


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Numbers of toxicities that decide, by patients treated at the current dose; NaN where no number does.

    Attributes
    ----------
    patients
        Patients treated at the current dose.
    escalate_at_most, deescalate_at_least, close_at_least
        Toxicities for the next higher dose, for the next lower one, and for closing this dose and all above.
    """

    patients: tuple[int, ...]
    escalate_at_most: tuple[int, ...]
    deescalate_at_least: tuple[int, ...]
    close_at_least: tuple[int | None, ...]


def boin_boundaries(
    target: float, *, underdosing: float | None = None, overdosing: float | None = None
) -> BoinBoundaries:
    """Return the boundaries that make the chance of a wrong decision least.

    Parameters
    ----------
    target
        Toxicity rate aimed at.
    underdosing, overdosing
        Rates of a dose too low and of one too high; by convention 0.6 and 1.4 of the target.

    Notes
    -----
    Source: Liu and Yuan 2015, Journal of the Royal Statistical Society C 64:507.

    Examples
    --------
    >>> limits = boin_boundaries(0.3)
    >>> round(limits.escalate, 3), round(limits.deescalate, 3)
    (0.236, 0.359)
    """
    low = target * convention("boin_underdosing") if underdosing is None else underdosing
    high = target * convention("boin_overdosing") if overdosing is None else overdosing
    escalate = np.log((1 - low) / (1 - target)) / np.log(target * (1 - low) / (low * (1 - target)))
    deescalate = np.log((1 - target) / (1 - high)) / np.log(high * (1 - target) / (target * (1 - high)))
    return BoinBoundaries(float(escalate), float(deescalate))


def is_closed(
    patients: Int[ndarray, "*each"], toxicities: Int[ndarray, "*each"], target: float, *, cut: float | None = None
) -> Bool[ndarray, "*each"]:
    """Return where a dose is closed as too toxic: P(rate > target) above the cut, with enough patients."""
    limit = convention("elimination_cut") if cut is None else cut
    above = 1 - betainc(toxicities + 1.0, patients - toxicities + 1.0, target)
    return (patients >= convention("elimination_least_patients")) & (above > limit)


def decision_table(target: float, patients: tuple[int, ...], *, cut: float | None = None) -> DecisionTable:
    """Return the decisions for numbers of patients treated at the current dose.

    Parameters
    ----------
    target
        Toxicity rate aimed at.
    patients
        Numbers of patients to list.
    cut
        Posterior probability of a rate above the target at which a dose is closed; by convention 0.95.

    Examples
    --------
    >>> decision_table(0.3, (3, 6)).deescalate_at_least
    (2, 3)
    """
    limits = boin_boundaries(target)
    closing = []
    for count in patients:
        closes = is_closed(np.full(count + 1, count), np.arange(count + 1), target, cut=cut)
        closing.append(int(np.argmax(closes)) if closes.any() else None)
    return DecisionTable(
        patients,
        tuple(int(np.floor(limits.escalate * count)) for count in patients),
        tuple(int(np.ceil(limits.deescalate * count)) for count in patients),
        tuple(closing),
    )


@dataclass(frozen=True, slots=True)
class Boin:
    """The BOIN design, for `simulate_escalation`.

    Attributes
    ----------
    target
        Toxicity rate aimed at.
    cut
        Posterior probability of a rate above the target at which a dose is closed; by convention 0.95.
    waits
        Whether a new cohort enters only when the last one's window is over.
    """

    target: float
    cut: float | None = None
    waits: bool = True

    def next_dose(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the dose of the next cohort: up, down or the same by the boundaries, never a closed dose."""
        limits, rows, top = boin_boundaries(self.target), np.arange(len(history.dose)), history.patients.shape[1] - 1
        closed = self.closed(history)
        rate = history.toxicities[rows, history.dose] / np.maximum(history.patients[rows, history.dose], 1)
        above = np.minimum(history.dose + 1, top)
        up = (rate <= limits.escalate) & (history.dose < top) & ~closed[rows, above]
        down = (rate >= limits.deescalate) & (history.dose > 0)
        following = history.dose + up - down
        highest_open = np.maximum((~closed).sum(axis=1) - 1, 0)
        return np.where(closed[:, 0], STOP, np.minimum(following, highest_open))

    def closed(self, history: DoseHistory) -> Bool[ndarray, "replicate dose"]:
        """Return the closed doses: every dose above a closed one is closed."""
        return np.logical_or.accumulate(
            is_closed(history.patients, history.toxicities, self.target, cut=self.cut), axis=1
        )

    def selected(self, history: DoseHistory) -> Int[ndarray, " replicate"]:
        """Return the tried and open dose whose rising rate is nearest the target."""
        used = (history.patients > 0) & ~self.closed(history)
        rates = rising_rates(history.patients, history.toxicities, used)
        step = convention("isotonic_tie_step") * np.arange(1, rates.shape[1] + 1)
        distance = np.where(used, np.abs(rates + step - self.target), np.inf)
        return np.where(used.any(axis=1), distance.argmin(axis=1), STOP)


def rising_rates(
    patients: Int[ndarray, "replicate dose"],
    toxicities: Int[ndarray, "replicate dose"],
    used: Bool[ndarray, "replicate dose"],
) -> Float[ndarray, "replicate dose"]:
    """Return rates that do not fall with dose, weighted by the inverse of their posterior variance."""
    pseudo = convention("isotonic_pseudo_toxicities")
    yes, no = toxicities + pseudo, patients - toxicities + pseudo
    total = yes + no
    return isotonic_rates(yes / total, total**2 * (total + 1) / (yes * no), used)
