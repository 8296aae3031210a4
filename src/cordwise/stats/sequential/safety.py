"""Bayesian stopping boundary for toxicity, as a data monitoring board uses it, with exact characteristics.

Source of the rule: Thall and Simon 1994, Biometrics 50:337, with a fixed tolerable rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import betainc

from cordwise.base.errors import Fault, InputError

NEVER = -1  # position of the stop in a trial that is not stopped
_HALVINGS = 50  # of the bracket of a calibrated cut


@dataclass(frozen=True, slots=True)
class SafetyRule:
    """Stop when P(rate > `tolerable` | data) exceeds `cut`.

    Attributes
    ----------
    tolerable
        Rate of the adverse event that can be borne.
    cut
        Posterior probability above which the trial stops.
    prior_events, prior_without
        Shapes of the beta prior of the rate.
    first_look
        Patients who must have been observed before the trial can stop.

    Raises
    ------
    InputError
        A rate or cut outside 0 to 1, a prior without weight, or no first look.
    """

    tolerable: float
    cut: float
    prior_events: float | int = 1.0
    prior_without: float | int = 1.0
    first_look: int = 1

    def __post_init__(self) -> None:
        faults = [
            Fault(name, "a number between 0 and 1", f"{value:g}")
            for name, value in (("tolerable", self.tolerable), ("cut", self.cut))
            if not 0 < value < 1
        ]
        faults += [
            Fault(name, "a number above 0", f"{value:g}")
            for name, value in (("prior_events", self.prior_events), ("prior_without", self.prior_without))
            if not value > 0
        ]
        if self.first_look < 1:
            faults.append(Fault("first_look", "1 patient or more", str(self.first_look)))
        if faults:
            raise InputError(faults)

    def is_unsafe(self, events: Int[ndarray, "*each"], patients: Int[ndarray, "*each"]) -> Bool[ndarray, "*each"]:
        """Return where the data call for a stop."""
        below = betainc(self.prior_events + events, self.prior_without + patients - events, self.tolerable)
        return (1 - below > self.cut) & (patients >= self.first_look)


@dataclass(frozen=True, slots=True)
class SafetyCharacteristics:
    """Exact characteristics of a rule over true rates of the event.

    Attributes
    ----------
    rates
        True rates.
    stopped_by
        Chance of having stopped once so many patients have been observed, from the first on.
    expected_patients, expected_events
        Means at the stop or the end.
    """

    rates: Float[ndarray, " rate"]
    stopped_by: Float[ndarray, "rate patient"]
    expected_patients: Float[ndarray, " rate"]
    expected_events: Float[ndarray, " rate"]

    @property
    def stop_chance(self) -> Float[ndarray, " rate"]:
        """Return the chance of stopping at all."""
        return self.stopped_by[:, -1]


def stopping_table(rule: SafetyRule, patients: int) -> Int[ndarray, " patient"]:
    """Return the least events that stop after 1, 2, … `patients` patients; one more than the patients where none do.

    Parameters
    ----------
    rule
        The rule.
    patients
        Patients observed if the trial is never stopped.

    Examples
    --------
    >>> stopping_table(SafetyRule(tolerable=0.2, cut=0.95), 8).tolist()
    [1, 2, 2, 3, 3, 3, 4, 4]
    """
    seen = np.arange(1, patients + 1)
    events = np.arange(patients + 2)
    unsafe = rule.is_unsafe(np.minimum(events, seen[:, None]), np.broadcast_to(seen[:, None], (patients, patients + 2)))
    return np.where(unsafe.any(axis=1), unsafe.argmax(axis=1), seen + 1)


def safety_characteristics(rule: SafetyRule, patients: int, rates: Sequence[float]) -> SafetyCharacteristics:
    """Return the exact characteristics when the rule is applied after every patient, by recursion over patients.

    Parameters
    ----------
    rule
        The rule.
    patients
        Patients observed if the trial is never stopped.
    rates
        True rates of the event, between 0 and 1.

    Examples
    --------
    >>> found = safety_characteristics(SafetyRule(tolerable=0.2, cut=0.95), 20, [0.1, 0.4])
    >>> found.stop_chance.round(3).tolist()
    [0.119, 0.863]
    """
    rate, limits = np.asarray(rates, float), stopping_table(rule, patients)
    going = np.zeros((len(rate), patients + 1))  # chance of going on with so many events
    going[:, 0] = 1.0
    stopped, expected = np.zeros((len(rate), patients)), np.zeros(len(rate))
    for patient, limit in enumerate(limits):
        expected += going.sum(axis=1)
        following = going * (1 - rate)[:, None]
        following[:, 1:] += going[:, :-1] * rate[:, None]
        stopped[:, patient] = following[:, limit:].sum(axis=1)
        following[:, limit:] = 0.0
        going = following
    return SafetyCharacteristics(rate, np.cumsum(stopped, axis=1), expected, expected * rate)


def calibrated_safety_rule(rule: SafetyRule, patients: int, *, rate: float, chance: float) -> SafetyRule:
    """Return the rule with the least cut, the same at every look, that stops with at most `chance` at a true `rate`.

    A constant cut spends most of the chance early, as Pocock's boundary does.

    Parameters
    ----------
    rule
        The rule whose cut is to be set.
    patients
        Patients observed if the trial is never stopped.
    rate, chance
        True rate of the event, and the largest chance of a stop under it.

    Raises
    ------
    InputError
        A chance outside 0 to 1.
    """
    if not 0 < chance < 1:
        raise InputError([Fault("chance", "a number between 0 and 1", f"{chance:g}")])
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        stops = float(safety_characteristics(replace(rule, cut=middle), patients, (rate,)).stop_chance[0])
        low, high = (low, middle) if stops <= chance else (middle, high)
    return replace(rule, cut=min(high, 1 - np.finfo(float).epsneg))


def first_safety_stop(events: Bool[ndarray, "replicate patient"], rule: SafetyRule) -> Int[ndarray, " replicate"]:
    """Return the position, from 0, of the patient after whom each simulated trial stops, or NEVER.

    Parameters
    ----------
    events
        Whether each patient has the event, in the order in which their safety becomes known.
    rule
        The rule, applied after every patient.
    """
    crossed = np.cumsum(events, axis=1) >= stopping_table(rule, events.shape[1])
    return np.where(crossed.any(axis=1), crossed.argmax(axis=1), NEVER)
