"""The frontier of a search: designs that no other design beats in both cost and power."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordwise.stats.nested_means import NestedMean
from cordwise.stats.two_arm.intervals import wilson_interval

_ALPHA = 0.05  # a 95 % interval


@dataclass(frozen=True, slots=True)
class Candidate:
    """A design as a point: its mean cost, and how often its replicates reject with the effect and without.

    Designs are chosen by the errors of the simulation, replicates and people. How far the parameter sets differ is
    common to all of them, since every design is tried in the same sets.
    """

    cost: float
    found: NestedMean
    rejected: NestedMean
    replicates: int

    @property
    def power(self) -> float:
        """Return the share of replicates that find the effect."""
        return self.found.value

    @property
    def power_low95(self) -> float:
        """Return the lower end of the 95 % interval (Wilson) of the power."""
        return _interval(self.found, self.replicates)[0]

    @property
    def null_rate_high95(self) -> float:
        """Return the upper end of the 95 % interval (Wilson) of the null rate."""
        return _interval(self.rejected, self.replicates)[1]


def _interval(rate: NestedMean, replicates: int) -> tuple[float, float]:
    """Return Wilson's interval at the number of independent trials that would give the rate the error it has."""
    variance = rate.value * (1 - rate.value)
    trials = min(variance / rate.mcse**2, float(replicates)) if variance and rate.mcse else float(replicates)
    low, high = wilson_interval(np.asarray(rate.value * trials), np.asarray(trials), alpha=_ALPHA)
    return float(low), float(high)


def frontier(candidates: Sequence[Candidate], *, most_null_rate: float) -> list[int]:
    """Return the places of the designs that no other beats, cheapest first.

    Only designs that keep the null rate take part. A design is beaten by one that costs no more and finds the effect
    more often, or as often for less; of equals the first stays.
    """
    keeps = [place for place, each in enumerate(candidates) if each.null_rate_high95 <= most_null_rate]
    best, found = -1.0, []
    for place in sorted(keeps, key=lambda at: (candidates[at].cost, -candidates[at].power, at)):
        if candidates[place].power > best:
            best = candidates[place].power
            found.append(place)
    return found


def cheapest(candidates: Sequence[Candidate], *, power: float, most_null_rate: float) -> int | None:
    """Return the place of the cheapest design that surely reaches the power and keeps the null rate, or None.

    Surely: the lower end of the power's 95 % interval is no smaller, the upper end of the null rate's no larger.
    """
    reaching = (at for at in frontier(candidates, most_null_rate=most_null_rate) if candidates[at].power_low95 >= power)
    return next(reaching, None)
