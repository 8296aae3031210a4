"""Where a function of one number is 0, between two ends of unlike sign."""

from collections.abc import Callable
from sys import float_info

_ROUNDS = 100


def brent_root(function: Callable[[float], float], low: float, high: float, *, tolerance: float = 2e-12) -> float:
    """Return a root by Brent's method: step for step, and so to the last bit, that of `scipy.optimize.brentq`.

    Importing `scipy.optimize` would cost a command half a second.  Source: Brent 1973, Algorithms for Minimization
    Without Derivatives, chapter 4, in the form of SciPy's `brentq.c`.

    Parameters
    ----------
    function
        Continuous, of unlike sign at the two ends.
    low, high
        The ends.
    tolerance
        Largest distance from the root that is asked for; four units in the last place are always allowed.

    Raises
    ------
    ValueError
        The function has one sign at both ends, or no root is found in a hundred steps.

    Examples
    --------
    >>> round(brent_root(lambda x: x * x - 2, 0.0, 2.0), 12)
    1.414213562373
    """
    low, high = float(low), float(high)
    before, best, other = low, high, 0.0
    f_before, f_best, f_other = float(function(low)), float(function(high)), 0.0
    step_before = step = 0.0
    if f_before == 0:
        return before
    if f_best != 0 and (f_before < 0) == (f_best < 0):
        raise ValueError("the function must have unlike signs at the two ends")
    for _ in range(_ROUNDS):
        if f_best != 0 and (f_before < 0) != (f_best < 0):
            other, f_other = before, f_before
            step_before = step = best - before
        if abs(f_other) < abs(f_best):
            before, best, other = best, other, best
            f_before, f_best, f_other = f_best, f_other, f_best
        least = (tolerance + 4 * float_info.epsilon * abs(best)) / 2
        halved = (other - best) / 2
        if f_best == 0 or abs(halved) < least:
            return best
        trial = None
        if abs(step_before) > least and abs(f_best) < abs(f_before):
            if before == other:
                trial = -f_best * (best - before) / (f_best - f_before)
            else:
                slope, slope_other = (f_before - f_best) / (before - best), (f_other - f_best) / (other - best)
                trial = -f_best * (f_other * slope_other - f_before * slope)
                trial /= slope_other * slope * (f_other - f_before)
        if trial is not None and 2 * abs(trial) < min(abs(step_before), 3 * abs(halved) - least):
            step_before, step = step, trial
        else:
            step_before = step = halved
        before, f_before = best, f_best
        best += step if abs(step) > least else least if halved > 0 else -least
        f_best = float(function(best))
    raise ValueError(f"no root was found in {_ROUNDS} steps")
