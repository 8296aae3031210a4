"""The true value of what a trial estimates: both outcomes of every patient in the bank are known."""

from jaxtyping import Float
from numpy import ndarray

from cordwise.trial.design import Strategy


def true_difference(
    control: Float[ndarray, " patient"],
    treated: Float[ndarray, " patient"],
    stays: Float[ndarray, " patient"],
    *,
    strategy: Strategy,
) -> float:
    """Return the population mean of the treated outcome minus the control outcome.

    Parameters
    ----------
    control, treated
        The outcomes of the same patients in the two worlds.
    stays
        Chance of not having withdrawn by the endpoint's visit, the same in both worlds.
    strategy
        `composite`: withdrawal is part of the endpoint and counts as no improvement; `hypothetical`: the difference
        had nobody withdrawn.
    """
    difference = treated - control
    return float((difference * stays).mean() if strategy == "composite" else difference.mean())
