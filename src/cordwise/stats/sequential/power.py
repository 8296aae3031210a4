"""What boundaries do under any true effect: where trials stop, with what power and how much information."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import ndtri

from cordwise.base.errors import Fault, InputError
from cordwise.stats.sequential.recursion import advance, below, exceeding, initial_density, separated_looks
from cordwise.stats.sequential.roots import root_between
from cordwise.stats.sequential.spec import Boundaries, Numbers

_MOST_DRIFT = 4.0  # of the fixed design's drift, that any boundaries in use need for their power


@dataclass(frozen=True, slots=True)
class StoppingProbabilities:
    """Probability of stopping with and without success at each look, under each drift.

    Attributes
    ----------
    drift
        Mean of z at the final information.
    success, failure
        Probability of stopping above the efficacy limit, or below the futility limit; at the last look one or the
        other happens.
    information
        Fraction of the final information at each look.
    """

    drift: Float[ndarray, " drift"]
    success: Float[ndarray, "drift look"]
    failure: Float[ndarray, "drift look"]
    information: Float[ndarray, " look"]

    @property
    def power(self) -> Float[ndarray, " drift"]:
        """Return the probability of success."""
        return self.success.sum(axis=1)

    @property
    def expected_information(self) -> Float[ndarray, " drift"]:
        """Return the mean information at the stop, as a fraction of the final information."""
        return (self.success + self.failure) @ self.information


def operating_characteristics(
    boundaries: Boundaries, drift: Numbers, *, obey_futility: bool = True
) -> StoppingProbabilities:
    """Return the operating characteristics under drifts, with or without stopping for futility."""
    drifts = np.atleast_1d(np.asarray(drift, dtype=np.float64))
    early = boundaries.futility[:-1]
    lower = np.append(early if obey_futility else np.full_like(early, -np.inf), boundaries.efficacy[-1])
    shape = (len(drifts), len(lower))
    sides = crossings(
        *(np.broadcast_to(each, shape) for each in (boundaries.information, lower, boundaries.efficacy)), drifts
    )
    return StoppingProbabilities(drifts, *sides, boundaries.information)


def crossings(
    information: Float[ndarray, "trial look"],
    lower: Float[ndarray, "trial look"],
    upper: Float[ndarray, "trial look"],
    drift: Float[ndarray, " trial"],
) -> tuple[Float[ndarray, "trial look"], Float[ndarray, "trial look"]]:
    """Return the probability of first leaving above and below at each look; each row is one design."""
    times, looks = separated_looks(information), information.shape[1]
    state, above, under = initial_density(len(times)), np.empty(times.shape), np.empty(times.shape)
    for look in range(looks):
        above[:, look] = exceeding(state, times[:, look], upper[:, look], drift)
        under[:, look] = below(state, times[:, look], lower[:, look], drift)
        if look < looks - 1:
            between = (lower[:, look], upper[:, look])
            state = advance(state, times[:, look], between, drift, next_information=times[:, look + 1])
    return above, under


def drift_for_power(boundaries: Boundaries, power: float) -> float:
    """Return the mean of the final z under which the trial succeeds with this probability, futility obeyed."""
    alpha = float(boundaries.cumulative_alpha[-1])
    if not alpha < power < 1:
        raise InputError([Fault("power", f"a probability above alpha {alpha:g} and below 1", f"{power:g}")])

    def excess(drift: float) -> float:
        return float(operating_characteristics(boundaries, drift).power[0]) - power

    fault = Fault("futility", f"limits under which a power of {power:g} can be reached", "limits that stop too soon")
    return root_between(excess, 0.0, _MOST_DRIFT * _fixed_drift(alpha, power), fault=fault)


def inflation_factor(boundaries: Boundaries, power: float) -> float:
    """Return the final information relative to that of a trial without looks of the same alpha and power."""
    alpha = float(boundaries.cumulative_alpha[-1])
    return (drift_for_power(boundaries, power) / _fixed_drift(alpha, power)) ** 2


def effect_limits(
    boundaries: Boundaries, final_information: float
) -> tuple[Float[ndarray, " look"], Float[ndarray, " look"]]:
    """Return efficacy and futility limits in the endpoint's unit, from 1 / variance at the last look."""
    error = 1 / np.sqrt(final_information * boundaries.information)
    return boundaries.efficacy * error, boundaries.futility * error


def _fixed_drift(alpha: float, power: float) -> float:
    return float(ndtri(power) - ndtri(alpha))
