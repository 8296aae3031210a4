"""Sample size of times to an event: the events that a log-rank test needs."""

from math import log

from scipy.special import ndtri


def schoenfeld_events(hazard_ratio: float, *, power: float, alpha: float, treated_share: float = 0.5) -> float:
    """Return the events for a power of the two-sided log-rank test under proportional hazards.

    Parameters
    ----------
    hazard_ratio
        Treated over control; infinitely many events where it is 1.
    power, alpha
        Power and two-sided level.
    treated_share
        Share of the patients who are treated.

    Notes
    -----
    Source: Schoenfeld 1981, Biometrika 68:316.

    Examples
    --------
    >>> round(schoenfeld_events(0.7, power=0.8, alpha=0.05), 1)
    246.8
    """
    if hazard_ratio == 1:
        return float("inf")
    z = ndtri(power) - ndtri(alpha / 2)
    return float(z**2 / (treated_share * (1 - treated_share) * log(hazard_ratio) ** 2))
