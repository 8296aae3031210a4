"""The chance of success at the end, given the z value at a look (Brownian motion with a drift)."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.sequential.spec import Numbers


def conditional_power(
    z: Numbers, information: Numbers, critical: Numbers, *, drift: Numbers | None = None
) -> Float[ndarray, "..."]:
    """Return the probability that the final z exceeds `critical`.

    Parameters
    ----------
    z, information
        The z value now and the fraction of the final information it rests on, below 1.
    critical
        Critical value of the final z.
    drift
        Mean of the final z in the rest of the trial; None takes the current trend.
    """
    now, time = np.asarray(z, dtype=np.float64), np.asarray(information, dtype=np.float64)
    trend = now / np.sqrt(time) if drift is None else np.asarray(drift, dtype=np.float64)
    expected = now * np.sqrt(time) + trend * (1 - time)
    return ndtr((expected - critical) / np.sqrt(1 - time))


def predictive_power(z: Numbers, information: Numbers, critical: Numbers) -> Float[ndarray, "..."]:
    """Return the conditional power averaged over the posterior of the drift under a flat prior."""
    now, time = np.asarray(z, dtype=np.float64), np.asarray(information, dtype=np.float64)
    return ndtr((now - np.asarray(critical) * np.sqrt(time)) / np.sqrt(1 - time))
