"""What a condition does against the first: the mean paired difference, and how far it could lie elsewhere.

Every world is the experiment done once, with the subjects the file asks for.  The same subjects are in all conditions,
so a difference is one within subjects.  The interval is the middle 95% of the worlds' mean differences: it holds what
is not known of the rates, and the sampling of subjects.  Subjects left out are NaN.
"""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_LOW, _HIGH = 2.5, 97.5
_NOTHING = 1e-9  # of fields that are about 1 at their peak: what is left of an exponential decay long over

Values = Float[ndarray, "world subject"]


def summary(values: Values) -> dict[str, float]:
    """Return the mean over all worlds, and the standard deviation between the subjects of a world."""
    with_two = values[(~np.isnan(values)).sum(axis=1) >= 2]
    within = np.sqrt(np.nanvar(with_two, axis=1, ddof=1).mean()) if len(with_two) else 0.0
    return {"mean": _number(np.nanmean(values)), "sd": _number(within)}


def effect(values: Values, base: Values) -> dict[str, Any]:
    """Return the difference from the first condition with its 95% interval, also in units of that one's spread."""
    of_worlds = _world_means(values - base)
    low, high = np.percentile(of_worlds, (_LOW, _HIGH))
    difference, control = of_worlds.mean(), summary(base)
    return {
        "difference": _number(difference),
        "low95": _number(low),
        "high95": _number(high),
        "standardised": _number(difference / control["sd"]) if control["sd"] > 0 else None,
        "ratio": _number(np.nanmean(values) / control["mean"]) if control["mean"] > 0 else None,
    }


def _world_means(values: Values) -> Float[ndarray, " world"]:
    """Return the mean over the subjects of each world that has any left."""
    left = values[~np.isnan(values).all(axis=1)]
    return np.nanmean(left, axis=1)


def _number(value: float) -> float:
    """Return a number as a result stores it: nine digits, and 0 for next to nothing."""
    return float(f"{float(value):.9g}") if abs(value) > _NOTHING else 0.0
