"""What every analysis returns for every simulated trial."""

from dataclasses import dataclass

from jaxtyping import Float
from numpy import ndarray


@dataclass(frozen=True, slots=True)
class Estimates:
    """The estimated difference treated minus control, its interval and its two-sided p value, for every trial.

    A trial in which the difference cannot be estimated (an arm without observations) has a NaN estimate and p = 1.

    Attributes
    ----------
    estimate
        In the unit that the analysis names: a difference, a log odds ratio, a net benefit.
    low, high
        Limits of the interval of coverage `1 - alpha`, in the same unit.
    p
        Two-sided p value of no difference.
    """

    estimate: Float[ndarray, "*trial"]
    low: Float[ndarray, "*trial"]
    high: Float[ndarray, "*trial"]
    p: Float[ndarray, "*trial"]
