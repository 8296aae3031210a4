"""Operating characteristics of boundaries under any true effect: power, stopping probabilities, information."""

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
    """Return power, stopping probabilities and expected information under one or several drifts.

    Parameters
    ----------
    boundaries
        The limits of a design.
    drift
        Mean of z at the final information: 0 under no effect, 3.24 for a power of 0.9 at one-sided 0.025 without looks.
    obey_futility
        Whether trials below a futility limit stop.

    Examples
    --------
    >>> from cordwise.stats.sequential import BoundarySpec, boundaries
    >>> design = boundaries(BoundarySpec("obrien_fleming"), [0.5, 1.0], alpha=0.025)
    >>> found = operating_characteristics(design, [0.0, 3.24])
    >>> found.power.round(3).tolist(), found.expected_information.round(3).tolist()
    ([0.025, 0.898], [0.999, 0.847])
    """
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
    """Return the probability of first leaving above and below at each look; each row is one design.

    Parameters
    ----------
    information
        Fraction of the final information at each look, rising.
    lower, upper
        Limits of z; minus infinity and infinity where a look cannot stop.
    drift
        Mean of z at information 1.

    Notes
    -----
    Source of the recursion: Armitage, McPherson and Rowe 1969, Journal of the Royal Statistical Society A 132:235.
    """
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
    """Return the mean of the final z under which the trial succeeds with this probability, futility obeyed.

    Raises
    ------
    InputError
        A power not above alpha or not below 1, or one that the futility rule rules out.
    """
    alpha = float(boundaries.cumulative_alpha[-1])
    if not alpha < power < 1:
        raise InputError([Fault("power", f"a probability above alpha {alpha:g} and below 1", f"{power:g}")])

    def excess(drift: float) -> float:
        return float(operating_characteristics(boundaries, drift).power[0]) - power

    fault = Fault("futility", f"limits under which a power of {power:g} can be reached", "limits that stop too soon")
    return root_between(excess, 0.0, _MOST_DRIFT * _fixed_drift(alpha, power), fault=fault)


def inflation_factor(boundaries: Boundaries, power: float) -> float:
    """Return the final information relative to that of a trial without looks of the same alpha and power.

    Raises
    ------
    InputError
        A power that cannot be reached.

    Examples
    --------
    >>> from cordwise.stats.sequential import BoundarySpec, boundaries
    >>> design = boundaries(BoundarySpec("pocock"), [0.5, 1.0], alpha=0.025)
    >>> round(inflation_factor(design, 0.9), 4)
    1.1001
    """
    alpha = float(boundaries.cumulative_alpha[-1])
    return (drift_for_power(boundaries, power) / _fixed_drift(alpha, power)) ** 2


def effect_limits(
    boundaries: Boundaries, final_information: float
) -> tuple[Float[ndarray, " look"], Float[ndarray, " look"]]:
    """Return efficacy and futility limits of the estimated effect, in the endpoint's unit.

    Parameters
    ----------
    boundaries
        The limits of z.
    final_information
        One over the variance of the estimated effect at the last look.
    """
    error = 1 / np.sqrt(final_information * boundaries.information)
    return boundaries.efficacy * error, boundaries.futility * error


def _fixed_drift(alpha: float, power: float) -> float:
    return float(ndtri(power) - ndtri(alpha))
