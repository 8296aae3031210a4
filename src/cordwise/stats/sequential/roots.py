"""A root between two bounds, or the fault of the input that has none."""

from collections.abc import Callable

from scipy.optimize import brentq

from cordwise.base.errors import Fault, InputError

_TOLERANCE = 1e-12


def root_between(function: Callable[[float], float], low: float, high: float, *, fault: Fault) -> float:
    """Return where the function is 0; raise the fault where it has one sign at both ends."""
    if function(low) * function(high) > 0:
        raise InputError([fault])
    return float(brentq(function, low, high, xtol=_TOLERANCE))
