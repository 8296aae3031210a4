"""Rates and means over simulated replicates, each with its Monte Carlo standard error (MCSE)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray


@dataclass(frozen=True, slots=True)
class MonteCarloEstimate:
    """A simulated mean or rate and its Monte Carlo standard error."""

    value: float
    mcse: float


def rate(happened: Bool[ndarray, " replicate"]) -> MonteCarloEstimate:
    """Return the share of replicates in which something happened, with its binomial standard error.

    NaN without replicates.  Source: Morris, White and Crowther 2019, Statistics in Medicine 38:2074.

    Examples
    --------
    >>> import numpy as np
    >>> rate(np.array([True, False, False, True]))
    MonteCarloEstimate(value=0.5, mcse=0.25)
    """
    if not len(happened):
        return MonteCarloEstimate(float("nan"), float("nan"))
    share = float(happened.mean())
    return MonteCarloEstimate(share, float(np.sqrt(share * (1 - share) / len(happened))))


def mean(values: Float[ndarray, " replicate"]) -> MonteCarloEstimate:
    """Return the mean over the replicates that have a finite value, with its standard error.

    NaN where fewer than two have one.
    """
    present = values[np.isfinite(values)]
    if len(present) < 2:
        return MonteCarloEstimate(float("nan"), float("nan"))
    return MonteCarloEstimate(float(present.mean()), float(present.std(ddof=1) / np.sqrt(len(present))))
