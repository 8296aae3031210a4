"""When patients come and when the trial ends."""

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray

DAYS_PER_MONTH = 365.25 / 12


def arrival_days(
    gaps: Float[ndarray, "replicate patient"], *, patients_per_month: float
) -> Float[ndarray, "replicate patient"]:
    """Return each patient's day of enrolment after the trial opened; `gaps` are standard exponential waits."""
    return np.cumsum(gaps, axis=1) * (DAYS_PER_MONTH / patients_per_month)


def duration_days(
    arrivals: Float[ndarray, "replicate patient"], followup: Num[ndarray, "replicate patient"]
) -> Float[ndarray, " replicate"]:
    """Return the day on which the last follow-up of a trial is over; `followup` counts from baseline."""
    return (arrivals + followup).max(axis=1)
