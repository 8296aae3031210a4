"""Stochastic curtailment: the chance of success at the end, given z at a look (Brownian motion with a drift)."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.sequential.spec import Numbers


def conditional_power(
    z: Numbers, information: Numbers, critical: Numbers, *, drift: Numbers | None = None
) -> Float[ndarray, "..."]:
    """Return the conditional power: the probability that the final z exceeds `critical`, given z now.

    Parameters
    ----------
    z, information
        The z value now and the fraction of the final information it rests on, below 1.
    critical
        Critical value of the final z.
    drift
        Mean of the final z in the rest of the trial; None takes the current trend.

    Notes
    -----
    Source: Lan, Simon and Halperin 1982, Sequential Analysis 1:207.

    Examples
    --------
    >>> conditional_power(np.array([1.0, 2.0]), 0.5, 1.96).round(4).tolist()
    [0.2201, 0.8903]
    """
    now, time = np.asarray(z, dtype=np.float64), np.asarray(information, dtype=np.float64)
    trend = now / np.sqrt(time) if drift is None else np.asarray(drift, dtype=np.float64)
    expected = now * np.sqrt(time) + trend * (1 - time)
    return ndtr((expected - critical) / np.sqrt(1 - time))


def predictive_power(z: Numbers, information: Numbers, critical: Numbers) -> Float[ndarray, "..."]:
    """Return the predictive power: conditional power averaged over the posterior of the drift under a flat prior.

    Source: Spiegelhalter, Freedman and Blackburn 1986, Controlled Clinical Trials 7:8.

    Parameters
    ----------
    z, information
        The z value now and the fraction of the final information it rests on, below 1.
    critical
        Critical value of the final z.
    """
    now, time = np.asarray(z, dtype=np.float64), np.asarray(information, dtype=np.float64)
    return ndtr((now - np.asarray(critical) * np.sqrt(time)) / np.sqrt(1 - time))
