"""Simulated dose-escalation trials, batched over replicates: arrivals, late toxicities, decisions cohort by cohort."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding.dose_history import STOP, DoseHistory, EscalationRule, Pending

_REPLICATES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class EscalationPlan:
    """What all designs of a comparison share.

    Attributes
    ----------
    patients, cohort
        Most patients in all, and patients to a cohort.
    start
        Dose of the first cohort, counted from 0.
    window_days
        Days over which a patient is observed for toxicity.
    patients_per_day
        Rate of arrivals, which are a Poisson process.
    """

    patients: int
    cohort: int
    start: int
    window_days: float
    patients_per_day: float


@dataclass(frozen=True, slots=True)
class EscalationTrials:
    """Simulated trials of one design under one truth.

    Attributes
    ----------
    selected
        The dose selected, counted from 0, or STOP for none.
    patients, toxicities
        Numbers treated, and with toxicity, at each dose.
    duration_days
        Days from the start until everyone's window is over.
    """

    selected: Int[ndarray, " replicate"]
    patients: Int[ndarray, "replicate dose"]
    toxicities: Int[ndarray, "replicate dose"]
    duration_days: Float[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class _Draws:
    """Random draws for the patients of each replicate, the same whatever the design does with them.

    `gap_days` lie between arrivals; a patient has toxicity at a dose whose rate exceeds `tolerance`, and then on the
    day `onset` of the window, as a share of it.
    """

    gap_days: Float[ndarray, "replicate patient"]
    tolerance: Float[ndarray, "replicate patient"]
    onset: Float[ndarray, "replicate patient"]


@dataclass(frozen=True, slots=True)
class _Record:
    """The patients treated so far; `dose` is STOP for those who were not."""

    dose: Int[ndarray, "replicate patient"]
    entry_day: Float[ndarray, "replicate patient"]
    toxic_day: Float[ndarray, "replicate patient"]


def simulate_escalation(
    rule: EscalationRule, rates: Float[ndarray, " dose"], plan: EscalationPlan, streams: Streams, *, replicates: int
) -> EscalationTrials:
    """Return simulated trials of a design for true toxicity rates.

    Every design and every truth meets the same patients: the same arrivals, tolerances and days of onset.

    Parameters
    ----------
    rule
        The design.
    rates
        True toxicity rate of each dose.
    plan
        What all designs of a comparison share.
    streams
        Named streams of random numbers.
    replicates
        Number of trials.

    Examples
    --------
    >>> from cordwise.base.randomness import Streams
    >>> from cordwise.stats.dose_finding import Boin
    >>> plan = EscalationPlan(patients=24, cohort=3, start=0, window_days=28.0, patients_per_day=0.1)
    >>> found = simulate_escalation(Boin(0.3), np.array([0.1, 0.3, 0.5]), plan, Streams(1), replicates=100)
    >>> found.patients.shape
    (100, 3)
    """
    parts = [
        _trials(
            rule,
            np.asarray(rates, float),
            plan,
            _draws(plan, streams, first, min(first + _REPLICATES_AT_ONCE, replicates)),
        )
        for first in range(0, replicates, _REPLICATES_AT_ONCE)
    ]
    return EscalationTrials(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in EscalationTrials.__dataclass_fields__)
    )


def _draws(plan: EscalationPlan, streams: Streams, first: int, last: int) -> _Draws:
    ids = np.arange(first, last)
    gap, tolerance, onset = (
        streams(f"escalation {what}").uniforms(plan.patients, ids) for what in ("arrival", "tolerance", "onset")
    )
    return _Draws(-np.log(gap) / plan.patients_per_day, tolerance, onset)


def _trials(
    rule: EscalationRule, rates: Float[ndarray, " dose"], plan: EscalationPlan, draws: _Draws
) -> EscalationTrials:
    replicates = len(draws.onset)
    shape = (replicates, plan.patients)
    record = _Record(np.full(shape, STOP), np.full(shape, np.inf), np.full(shape, np.inf))
    dose, clock = np.full(replicates, plan.start), np.zeros(replicates)
    for first in range(0, plan.patients, plan.cohort):
        members = slice(first, min(first + plan.cohort, plan.patients))
        entry = clock[:, None] + np.cumsum(draws.gap_days[:, members], axis=1)
        _write_cohort(record, members, dose, entry, rates, plan, draws)
        clock = np.where(dose == STOP, clock, entry[:, -1] + (plan.window_days if rule.waits else 0.0))
        if members.stop < plan.patients:
            now = clock if rule.waits else clock + draws.gap_days[:, members.stop]
            history = _history(record, members, dose, now, len(rates), plan)
            dose = np.where(dose == STOP, STOP, rule.next_dose(history))
        if np.all(dose == STOP):
            break
    return _closed(rule, record, len(rates), plan)


def _write_cohort(
    record: _Record,
    members: slice,
    dose: Int[ndarray, " replicate"],
    entry: Float[ndarray, "replicate member"],
    rates: Float[ndarray, " dose"],
    plan: EscalationPlan,
    draws: _Draws,
) -> None:
    """Write one more cohort into the record of the trials that go on."""
    on = dose != STOP
    is_toxic = draws.tolerance[on, members] < rates[dose[on]][:, None]
    record.dose[on, members] = dose[on][:, None]
    record.entry_day[on, members] = entry[on]
    record.toxic_day[on, members] = np.where(is_toxic, entry[on] + draws.onset[on, members] * plan.window_days, np.inf)


def _history(
    record: _Record,
    members: slice,
    dose: Int[ndarray, " replicate"],
    now: Float[ndarray, " replicate"],
    doses: int,
    plan: EscalationPlan,
) -> DoseHistory:
    """Return what is known at the moment of a decision."""
    treated = record.dose != STOP
    toxic = treated & (record.toxic_day <= now[:, None])
    over = toxic | (treated & (record.entry_day + plan.window_days <= now[:, None]))  # as the day of waiting is added
    part = np.where(treated, (now[:, None] - np.where(treated, record.entry_day, 0.0)) / plan.window_days, 0.0)
    pending = Pending(np.maximum(record.dose, 0), np.where(treated & ~over, part, 0.0))
    return DoseHistory(
        _counts(record.dose, over, doses),
        _counts(record.dose, toxic, doses),
        np.maximum(dose, 0),
        toxic[:, members].sum(axis=1),
        pending,
    )


def _closed(rule: EscalationRule, record: _Record, doses: int, plan: EscalationPlan) -> EscalationTrials:
    """Return the trials once everyone's window is over."""
    treated = record.dose != STOP
    end = np.where(treated, record.entry_day, 0.0).max(axis=1) + plan.window_days
    last = np.maximum(record.dose, 0)[np.arange(len(end)), np.maximum(treated.sum(axis=1) - 1, 0)]
    history = _history(record, slice(0, 0), last, end, doses, plan)
    history = replace(history, pending=None)
    return EscalationTrials(rule.selected(history), history.patients, history.toxicities, end)


def _counts(
    dose: Int[ndarray, "replicate patient"], counted: Bool[ndarray, "replicate patient"], doses: int
) -> Int[ndarray, "replicate dose"]:
    return np.stack([(counted & (dose == level)).sum(axis=1) for level in range(doses)], axis=1)
