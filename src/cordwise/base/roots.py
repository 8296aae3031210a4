"""Where a function of one number is 0, between two ends of unlike sign."""

from collections.abc import Callable


def brent_root(function: Callable[[float], float], low: float, high: float, *, tolerance: float = 2e-12) -> float:
    """Return a root by Brent's method (`scipy.optimize.brentq`), which is imported by those alone who look for one.

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
        The function has one sign at both ends.

    Examples
    --------
    >>> round(brent_root(lambda x: x * x - 2, 0.0, 2.0), 12)
    1.414213562373
    """
    from scipy.optimize import brentq  # a tenth of a second

    return float(brentq(function, low, high, xtol=tolerance))
