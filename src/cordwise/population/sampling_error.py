"""The standard error of a published figure, from the number of its patients."""

import numpy as np

from cordwise.evidence import Target

_UNSTATED_N = 100  # a share without a printed n counts as one of this many patients
_LEAST_VARIANCE = 0.02  # of a share near 0 or 1


def sampling_error(target: Target, prediction_sd: float, prediction_mean: float) -> float:
    """Return the standard error that a published figure has by its number of patients."""
    if target.measure == "ais":
        n = target.n if np.isfinite(target.n) else _UNSTATED_N
        share = target.value if np.isfinite(target.value) else prediction_mean
        return float(np.sqrt(max(share * (1 - share), _LEAST_VARIANCE) / n))
    sd = target.sd if np.isfinite(target.sd) else prediction_sd
    return float(sd / np.sqrt(target.n)) if np.isfinite(target.n) else 0.0
