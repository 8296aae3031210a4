"""When patients come and to which site: sites open one after another and differ in their pace."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num
from numpy import ndarray

DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Pace:
    """Sites in the order they open; the trial opens with the first."""

    sites: int
    per_site_month: float
    months_between_openings: float = 0.0
    site_spread: float = 0.0  # standard deviation of the log pace between sites
    holds: tuple[tuple[float, float], ...] = ()  # months, first and last, in which nobody enters

    @property
    def openings(self) -> Float[ndarray, " site"]:
        """Return the month each site opens."""
        return np.arange(self.sites) * self.months_between_openings


def site_paces(deviates: Float[ndarray, "replicate site"], pace: Pace) -> Float[ndarray, "replicate site"]:
    """Return each site's patients a month: lognormal, with the stated mean."""
    return pace.per_site_month * np.exp(pace.site_spread * deviates - pace.site_spread**2 / 2)


def arrival_days(
    waits: Float[ndarray, "replicate patient"], paces: Float[ndarray, "replicate site"], pace: Pace
) -> Float[ndarray, "replicate patient"]:
    """Return each patient's day of enrolment after the trial opened: a Poisson process whose pace grows as sites open.

    Parameters
    ----------
    waits
        Standard exponential waits between patients, in units of the expected number of patients.
    paces
        Patients a month at each site.
    pace
        When sites open, and holds.
    """
    months = _months_open(np.cumsum(waits, axis=1), paces, pace.openings)
    return DAYS_PER_MONTH * _after_holds(months, pace.holds)


def sites_of(
    uniforms: Float[ndarray, "replicate patient"],
    arrival: Float[ndarray, "replicate patient"],
    paces: Float[ndarray, "replicate site"],
    pace: Pace,
) -> Int[ndarray, "replicate patient"]:
    """Return the site each patient comes to: one of those open, as often as its pace says."""
    months = _before_holds(arrival / DAYS_PER_MONTH, pace.holds)
    is_open = pace.openings <= months[:, :, None]
    shares = np.cumsum(paces[:, None, :] * is_open, axis=2)
    return (uniforms[:, :, None] * shares[:, :, -1:] >= shares).sum(axis=2)


def duration_days(
    arrivals: Float[ndarray, "replicate patient"], followup: Num[ndarray, "replicate patient"]
) -> Float[ndarray, " replicate"]:
    """Return the day on which the last follow-up of a trial is over; `followup` counts from baseline."""
    return (arrivals + followup).max(axis=1)


def _months_open(
    expected: Float[ndarray, "replicate patient"],
    paces: Float[ndarray, "replicate site"],
    openings: Float[ndarray, " site"],
) -> Float[ndarray, "replicate patient"]:
    """Return the month by which so many patients are expected; pace is constant between openings."""
    total = np.cumsum(paces, axis=1)
    if not openings.any():
        return expected / total[:, -1:]
    gaps = np.diff(openings)
    reached = np.concatenate([np.zeros((len(paces), 1)), np.cumsum(total[:, :-1] * gaps, axis=1)], axis=1)
    phase = (expected[:, :, None] >= reached[:, None, 1:]).sum(axis=2)
    row = np.arange(len(paces))[:, None]
    return openings[phase] + (expected - reached[row, phase]) / total[row, phase]


def _after_holds(
    months: Float[ndarray, "replicate patient"], holds: tuple[tuple[float, float], ...]
) -> Float[ndarray, "replicate patient"]:
    for first, last in holds:
        months = np.where(months > first, months + (last - first), months)
    return months


def _before_holds(
    months: Float[ndarray, "replicate patient"], holds: tuple[tuple[float, float], ...]
) -> Float[ndarray, "replicate patient"]:
    for first, last in reversed(holds):
        months = np.where(months > last, months - (last - first), np.minimum(months, first))
    return months
