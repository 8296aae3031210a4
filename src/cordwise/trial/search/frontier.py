"""The frontier of a search: designs that no other design beats in both cost and power."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordwise.stats.two_arm.intervals import wilson_interval

_ALPHA = 0.05  # a 95 % interval


@dataclass(frozen=True, slots=True)
class Candidate:
    """A design as a point: its mean cost, and how many of its replicates reject with the effect and without."""

    cost: float
    found: int
    rejected: int
    replicates: int

    @property
    def power(self) -> float:
        """Return the share of replicates that found the effect."""
        return self.found / self.replicates

    @property
    def power_low95(self) -> float:
        """Return the lower end of the 95 % interval (Wilson) of the power."""
        return float(wilson_interval(np.asarray(self.found), np.asarray(self.replicates), alpha=_ALPHA)[0])

    @property
    def null_rate_high95(self) -> float:
        """Return the upper end of the 95 % interval (Wilson) of the null rate."""
        return float(wilson_interval(np.asarray(self.rejected), np.asarray(self.replicates), alpha=_ALPHA)[1])


def frontier(candidates: Sequence[Candidate], *, most_null_rate: float) -> list[int]:
    """Return the places of the designs that no other beats, cheapest first.

    Only designs that keep the null rate take part. A design is beaten by one that costs no more and finds the effect
    more often, or as often for less; of equals the first stays.
    """
    keeps = [place for place, each in enumerate(candidates) if each.null_rate_high95 <= most_null_rate]
    best, found = -1, []
    for place in sorted(keeps, key=lambda at: (candidates[at].cost, -candidates[at].found, at)):
        if candidates[place].found > best:
            best = candidates[place].found
            found.append(place)
    return found


def cheapest(candidates: Sequence[Candidate], *, power: float, most_null_rate: float) -> int | None:
    """Return the place of the cheapest design that surely reaches the power and keeps the null rate, or None.

    Surely: the lower end of the power's 95 % interval is no smaller, the upper end of the null rate's no larger. All
    designs have the same number of replicates, so that a design on the frontier is the answer.
    """
    reaching = (at for at in frontier(candidates, most_null_rate=most_null_rate) if candidates[at].power_low95 >= power)
    return next(reaching, None)
