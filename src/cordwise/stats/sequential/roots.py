"""A root between two bounds, or the fault of the input that has none."""

from collections.abc import Callable

from cordwise.base.errors import Fault, InputError
from cordwise.base.roots import brent_root

_TOLERANCE = 1e-12


def root_between(function: Callable[[float], float], low: float, high: float, *, fault: Fault) -> float:
    """Return where the function is 0; raise the fault where it has one sign at both ends."""
    if function(low) * function(high) > 0:
        raise InputError([fault])
    return brent_root(function, low, high, tolerance=_TOLERANCE)
