"""The standard error of a published figure, from the number of its patients."""

import numpy as np

from cordwise.evidence import Target

_UNSTATED_N = 100  # a figure without a printed n counts as one of this many patients
_LEAST_VARIANCE = 0.02  # of a share near 0 or 1


def number_behind(target: Target) -> float:
    """Return how many patients are behind a figure."""
    return target.n if np.isfinite(target.n) else float(_UNSTATED_N)


def sampling_error(target: Target, prediction_sd: float, prediction_mean: float) -> float:
    """Return the standard error that a published figure has by its number of patients."""
    if target.measure == "ais":
        share = target.value if np.isfinite(target.value) else prediction_mean
        return float(np.sqrt(max(share * (1 - share), _LEAST_VARIANCE) / number_behind(target)))
    sd = target.sd if np.isfinite(target.sd) else prediction_sd
    return float(sd / np.sqrt(number_behind(target)))
