"""Sample size and power of the score test under proportional odds."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr, ndtri


def shifted_probabilities(control: Float[ndarray, " category"], log_odds_ratio: float) -> Float[ndarray, " category"]:
    """Return the category probabilities when the odds of every better outcome are multiplied alike."""
    above = 1 - np.cumsum(control)[:-1]
    odds = np.exp(log_odds_ratio) * above / (1 - above)
    return -np.diff(odds / (1 + odds), prepend=1.0, append=0.0)


def information_per_patient(mean: Float[ndarray, " category"], *, treated_share: float = 0.5) -> float:
    """Return Whitehead's information on the log odds ratio that one patient of a large trial adds.

    Parameters
    ----------
    mean
        Category probabilities over both arms.
    treated_share
        Share of the patients in the treated arm.
    """
    return treated_share * (1 - treated_share) * (1 - float((np.asarray(mean) ** 3).sum())) / 3


def proportional_odds_sample_size(
    mean: Float[ndarray, " category"],
    log_odds_ratio: float,
    *,
    power: float,
    alpha: float,
    treated_share: float = 0.5,
) -> float:
    """Return the total patients for a power of the two-sided test; infinite without an effect.

    Source: Whitehead, Statistics in Medicine 12 (1993) 2257-2271.
    """
    if log_odds_ratio == 0:
        return float("inf")
    needed = ((ndtri(1 - alpha / 2) + ndtri(power)) / log_odds_ratio) ** 2
    return float(needed / information_per_patient(mean, treated_share=treated_share))


def proportional_odds_power(
    mean: Float[ndarray, " category"],
    log_odds_ratio: float,
    *,
    total: float,
    alpha: float,
    treated_share: float = 0.5,
) -> float:
    """Return the chance that the two-sided score test rejects with so many patients in total."""
    drift = abs(log_odds_ratio) * np.sqrt(total * information_per_patient(mean, treated_share=treated_share))
    limit = ndtri(alpha / 2)
    return float(ndtr(drift + limit) + ndtr(limit - drift))
