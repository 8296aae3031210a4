"""Losses before the endpoint: commoner in the severely injured, at a constant hazard over the follow-up."""

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray
from scipy.special import expit

from cordwise.base.roots import brent_root

_WIDEST_LOG_ODDS = 50.0  # odds beyond which a rate is 0 or 1 to double precision


def withdrawal_chance(
    motor_score: Num[ndarray, " patient"], *, rate: float, slope: float
) -> Float[ndarray, " patient"]:
    """Return each patient's chance of withdrawing by the last visit.

    Parameters
    ----------
    motor_score
        Total motor score at baseline, in points.
    rate
        Mean chance over these patients.
    slope
        Change of the log odds for each motor point; negative: the severely injured withdraw more.
    """
    if rate == 0:
        return np.zeros(len(motor_score))
    tilt = slope * (motor_score - motor_score.mean())
    widest = _WIDEST_LOG_ODDS + float(np.abs(tilt).max())
    intercept = brent_root(lambda level: expit(level + tilt).mean() - rate, -widest, widest)
    return expit(intercept + tilt)


def chance_by(
    chance_at_end: Float[ndarray, "..."], *, elapsed: Num[ndarray, "..."], followup: Num[ndarray, "..."]
) -> Float[ndarray, "..."]:
    """Return the chance of withdrawing within `elapsed` days of a `followup` of so many days, at a constant hazard."""
    return -np.expm1(np.log1p(-chance_at_end) * elapsed / followup)
