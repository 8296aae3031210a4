"""Estimates beside the truth of their own parameter set: bias, spread, coverage.

The truth of a set is known from its people, and those whom a trial enrols flatter it: their luck is in the estimate and
in that truth alike.  Spread and coverage are therefore taken against what the other people of the set say.  What these
leave open is taken out by Bayes' rule: given their value and the estimate, the error of the estimate is normal.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtr

from cordwise.stats.nested_means import NestedMean, Nesting, nested_mean
from cordwise.trial.analyse.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class AgainstTruth:
    """What is known of each replicate's error: its estimate minus the truth of its parameter set.

    `bias` is taken in the people of each replicate, whose luck cancels; `mean` and `spread` are those of the error
    given the estimate and the other people of the set.  A replicate without an estimate is NaN.
    """

    nesting: Nesting
    estimate: Float[ndarray, " replicate"]
    bias: NestedMean
    mean: Float[ndarray, " replicate"]
    spread: float

    @property
    def rmse(self) -> float:
        """Return the root mean squared error."""
        usable = np.isfinite(self.mean)
        return float(np.sqrt((self.mean[usable] ** 2).mean() + self.spread**2)) if usable.any() else float("nan")

    def coverage(self, low: Float[ndarray, " replicate"], high: Float[ndarray, " replicate"]) -> NestedMean:
        """Return how often intervals hold the truth."""
        return self._share(self._below(self.estimate - low) - self._below(self.estimate - high, strictly=True))

    @property
    def above_truth(self) -> NestedMean:
        """Return how often the estimate lies above the truth."""
        return self._share(1 - self._below(np.zeros_like(self.estimate)))

    def _below(self, limit: Float[ndarray, " replicate"], *, strictly: bool = False) -> Float[ndarray, " replicate"]:
        """Return the chance that the error is no larger than a limit."""
        if self.spread > 0:
            return ndtr((limit - self.mean) / self.spread)
        is_below: Bool[ndarray, " replicate"] = self.mean < limit if strictly else self.mean <= limit
        return np.where(np.isfinite(self.mean), is_below, np.nan)

    def _share(self, chance: Float[ndarray, " replicate"]) -> NestedMean:
        return nested_mean(np.where(np.isfinite(self.mean), chance, np.nan), self.nesting, limits=(0.0, 1.0))


def against_truth(estimate: Float[ndarray, " replicate"], truth: Truth, nesting: Nesting) -> AgainstTruth:
    """Return estimates, NaN where there is none, beside the truth."""
    others = truth.elsewhere(nesting)
    apart = estimate - others.mean
    centre = float(np.nanmean(apart)) if np.isfinite(apart).any() else float("nan")
    total = float(np.nanvar(apart)) if np.isfinite(apart).any() else float("nan")
    of_estimate = max(total - others.variance, 0.0)  # variance of the estimates about the truth of their set
    share = of_estimate / (of_estimate + others.variance) if of_estimate + others.variance > 0 else 1.0
    return AgainstTruth(
        nesting=nesting,
        estimate=estimate,
        bias=nested_mean(estimate - truth.own(nesting), nesting),
        mean=centre + share * (apart - centre),
        spread=float(np.sqrt(share * others.variance)),
    )
