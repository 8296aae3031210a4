"""Sample-size re-estimation at a look: by conditional power, unblinded, or by the pooled variance, blinded."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import ndtri

from cordwise.stats.sequential.stochastic_curtailment import conditional_power


@dataclass(frozen=True, slots=True)
class PromisingZone:
    """Raise the size where the conditional power is promising but short of the target.

    Attributes
    ----------
    planned, largest
        Patients in all, as planned and at most.
    least_power, target_power
        The zone: conditional power under the current trend with the planned size.
    """

    planned: int
    largest: int
    least_power: float
    target_power: float


def promising_zone_total(
    z: Float[ndarray, " replicate"], enrolled: int, rule: PromisingZone, *, critical: float
) -> Int[ndarray, " replicate"]:
    """Return each replicate's new total of patients, planned or more.

    The final test must weigh the stages as planned (`inverse_normal`), so that the error is held whatever the rule.

    Parameters
    ----------
    z
        The z value at the look.
    enrolled
        Patients that the look rests on.
    rule
        The zone and the caps.
    critical
        Critical value of the final z.

    Notes
    -----
    Source: Mehta and Pocock 2011, Statistics in Medicine 30:3267.

    Examples
    --------
    >>> rule = PromisingZone(planned=200, largest=400, least_power=0.3, target_power=0.8)
    >>> promising_zone_total(np.array([0.2, 1.4, 2.5]), 100, rule, critical=1.96).tolist()
    [200, 350, 200]
    """
    information = enrolled / rule.planned
    power = conditional_power(z, information, critical)
    promising = (power >= rule.least_power) & (power < rule.target_power) & (z > 0)
    short = (critical - z * np.sqrt(information)) / np.sqrt(1 - information)
    trend = np.where(promising, z, 1.0) / np.sqrt(enrolled)
    wanted = enrolled + np.square(np.maximum(short + ndtri(rule.target_power), 0.0) / trend)
    total = np.clip(np.ceil(np.minimum(wanted, rule.largest)), rule.planned, rule.largest)
    return np.where(promising, total, rule.planned).astype(np.int64)


def blinded_sd(
    outcome: Float[ndarray, "replicate patient"],
    observed: Bool[ndarray, "replicate patient"],
    *,
    assumed_difference: float = 0.0,
    treated_share: float = 0.5,
) -> Float[ndarray, " replicate"]:
    """Return the standard deviation within an arm, estimated blinded to arm; NaN with fewer than two patients.

    Parameters
    ----------
    outcome, observed
        Outcomes, and whose are known.
    assumed_difference, treated_share
        Difference of the means, whose contribution to the pooled variance is taken out, and share of treated patients.

    Notes
    -----
    Source: Kieser and Friede 2003, Statistics in Medicine 22:3571.
    """
    count = observed.sum(axis=1)
    enough = count > 1
    divisor = np.where(enough, count, 2)
    mean = np.sum(outcome, axis=1, where=observed) / divisor
    squares = np.sum(np.square(outcome - mean[:, None]), axis=1, where=observed)
    between = treated_share * (1 - treated_share) * assumed_difference**2
    variance = np.maximum(squares / (divisor - 1) - between * divisor / (divisor - 1), 0.0)
    return np.where(enough, np.sqrt(variance), np.nan)


def resized_total(
    sd: Float[ndarray, " replicate"], *, planned_sd: float, planned: int, smallest: int, largest: int
) -> Int[ndarray, " replicate"]:
    """Return the total that keeps the planned power with the new standard deviation; as planned where it is NaN.

    Parameters
    ----------
    sd
        The standard deviation as re-estimated.
    planned_sd, planned
        The one assumed, and the patients planned with it.
    smallest, largest
        Caps of the new total.

    Examples
    --------
    >>> resized_total(np.array([12.0]), planned_sd=10.0, planned=100, smallest=100, largest=200).tolist()
    [144]
    """
    wanted = np.ceil(planned * np.square(np.where(np.isnan(sd), planned_sd, sd) / planned_sd))
    return np.clip(wanted, smallest, largest).astype(np.int64)
