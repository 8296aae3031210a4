"""Which patients each look sees, when it happens, and how many have been enrolled by then."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank
from cordwise.trial.enrol.enrolment import Enrolled
from cordwise.trial.plan.accrual import DAYS_PER_MONTH
from cordwise.trial.plan.plan import TrialPlan


@dataclass(frozen=True, slots=True)
class LookTimes:
    """The looks of a block of replicates: who is seen, on which day, and how far accrual has come."""

    seen: Bool[ndarray, "look replicate patient"]
    day: Float[ndarray, "replicate look"]
    followed: Int[ndarray, "replicate look"]  # patients whose primary endpoint is due by then
    enrolled: Int[ndarray, "replicate look"]


def look_times(plan: TrialPlan, bank: PatientBank, enrolled: Enrolled) -> LookTimes:
    """Return the looks at the primary endpoint; the last look waits for every patient's last visit."""
    due = enrolled.arrival + (plan.primary.day - bank.baseline_day)[enrolled.row]
    end = (enrolled.arrival + (plan.visits[-1] - bank.baseline_day)[enrolled.row]).max(axis=1)
    seen = _by_calendar(plan, due) if plan.by_calendar else _by_patients(plan, enrolled)
    day = np.where(seen, due, -np.inf).max(axis=2).T
    if plan.by_calendar:
        planned = np.asarray(plan.calendar_days)
        day = np.minimum(planned, end[:, None])
    day[:, -1] = end
    enrolled_by = (enrolled.arrival[:, None, :] <= day[:, :, None]).sum(axis=2)
    return LookTimes(seen, day, seen.sum(axis=2).T, enrolled_by)


def _by_patients(plan: TrialPlan, enrolled: Enrolled) -> Bool[ndarray, "look replicate patient"]:
    """Return the first so many patients to enter at each look."""
    place = np.arange(enrolled.row.shape[1])
    return np.stack([np.broadcast_to(place < size, enrolled.row.shape) for size in plan.looks])


def _by_calendar(plan: TrialPlan, due: Float[ndarray, "replicate patient"]) -> Bool[ndarray, "look replicate patient"]:
    """Return the patients whose endpoint is due by each look's day, and everybody at the last."""
    seen = np.stack([due <= day for day in plan.calendar_days])
    seen[-1] = True
    return seen


def months(days: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    """Return days as months."""
    return days / DAYS_PER_MONTH
