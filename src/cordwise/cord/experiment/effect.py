"""What a condition does against the first: the mean paired difference, and how far it could lie elsewhere.

Every world is the experiment done once, with the subjects the file asks for.  The same subjects are in all conditions,
so a difference is one within subjects.  The interval is the middle 95% of the worlds' mean differences: it holds what
is not known of the rates, and the sampling of subjects.
"""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_LOW, _HIGH = 2.5, 97.5


def summary(values: Float[ndarray, "world subject"]) -> dict[str, float]:
    """Return the mean over all worlds, and the standard deviation between the subjects of a world."""
    subjects = values.shape[1]
    within = np.sqrt(np.nanmean(np.nanvar(values, axis=1, ddof=1))) if subjects > 1 else 0.0
    return {"mean": _number(np.nanmean(values)), "sd": _number(within)}


def effect(values: Float[ndarray, "world subject"], base: Float[ndarray, "world subject"]) -> dict[str, Any]:
    """Return the difference from the first condition with its 95% interval, and the same in units of its spread."""
    of_worlds = np.nanmean(values - base, axis=1)
    low, high = np.nanpercentile(of_worlds, (_LOW, _HIGH))
    spread = summary(base)["sd"]
    difference = float(np.nanmean(of_worlds))
    return {
        "difference": _number(difference),
        "low95": _number(low),
        "high95": _number(high),
        "standardised": _number(difference / spread) if spread > 0 else None,
        "ratio": _ratio(values, base),
    }


def _ratio(values: Float[ndarray, "world subject"], base: Float[ndarray, "world subject"]) -> float | None:
    without = float(np.nanmean(base))
    return _number(float(np.nanmean(values)) / without) if without > 0 else None


def _number(value: float) -> float:
    return float(f"{float(value):.9g}")
