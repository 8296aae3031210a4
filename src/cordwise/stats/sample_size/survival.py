"""Events that a log-rank test needs."""

from math import log

from scipy.special import ndtri


def schoenfeld_events(hazard_ratio: float, *, power: float, alpha: float, treated_share: float = 0.5) -> float:
    """Return the events for a power of the two-sided log-rank test under proportional hazards.

    Source: Schoenfeld 1981, Biometrika 68:316.
    """
    if hazard_ratio == 1:
        return float("inf")
    z = ndtri(power) - ndtri(alpha / 2)
    return float(z**2 / (treated_share * (1 - treated_share) * log(hazard_ratio) ** 2))
