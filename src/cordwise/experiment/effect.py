"""What a condition does against another: the mean paired difference, and its interval.

The experiment is done once for each set of rates, with the subjects the file asks for.  The same subjects are
in all conditions, so a difference is one within subjects.  The interval is the middle 95% of the mean differences over
the sets of rates: it holds what is not known of the rates, and the sampling of subjects.  Subjects left out are NaN.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_LOW, _HIGH = 2.5, 97.5
_NOTHING = 1e-9  # of fields that are about 1 at their peak: what is left of an exponential decay long over
_ROUNDING = 1e-6

Values = Float[ndarray, "set subject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadoutSummary:
    """Mean of a read-out over all sets of rates, and its standard deviation between the subjects of one set."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedEffect:
    """Difference of a read-out from another condition, in its unit, with the 95% interval over sets of rates.

    Attributes
    ----------
    difference, low95, high95
        Mean paired difference and its interval.
    standardised
        The difference in standard deviations of the other condition; None where that has no spread.
    ratio
        Mean over the mean of the other condition; None where that is not above 0.
    """

    difference: float
    low95: float
    high95: float
    standardised: float | None
    ratio: float | None


def summary(values: Values) -> ReadoutSummary:
    """Return mean and spread of a read-out."""
    with_two = values[(~np.isnan(values)).sum(axis=1) >= 2]
    within = np.sqrt(np.nanvar(with_two, axis=1, ddof=1).mean()) if len(with_two) else 0.0
    return ReadoutSummary(mean=_number(np.nanmean(values)), sd=_number(within))


def effect(values: Values, base: Values) -> PairedEffect:
    """Return the difference of a read-out from its values `base` in another condition."""
    rounding = np.isclose(values, base, rtol=_ROUNDING, atol=0)  # of single precision: no effect, however certain
    of_sets = _means_of_sets(np.where(rounding, 0.0, values - base))
    low, high = np.percentile(of_sets, (_LOW, _HIGH))
    difference, control = of_sets.mean(), summary(base)
    return PairedEffect(
        difference=_number(difference),
        low95=_number(low),
        high95=_number(high),
        standardised=_number(difference / control.sd) if control.sd > 0 else None,
        ratio=_number(np.nanmean(values) / control.mean) if control.mean > 0 else None,
    )


def _means_of_sets(values: Values) -> Float[ndarray, " kept"]:
    """Return the mean over the subjects of each set of rates that has any left."""
    left = values[~np.isnan(values).all(axis=1)]
    return np.nanmean(left, axis=1)


def _number(value: float) -> float:
    """Return a number as a result stores it: nine digits, and 0 for next to nothing."""
    return float(f"{float(value):.9g}") if abs(value) > _NOTHING else 0.0
