"""The sums of each arm from which proportions, t test and analysis of covariance all follow.

Sums over the first patients of a trial are the sums of a smaller trial, so one pass over the largest trial serves every
sample size of a curve.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Num
from numpy import ndarray

from cordwise.trial.analysis.arms import CONTROL, TREATED


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over the analysed patients of each arm: of the baseline `x`, of the outcome `y` and of their products."""

    count: Float[ndarray, "*trial arm"]
    x: Float[ndarray, "*trial arm"]
    y: Float[ndarray, "*trial arm"]
    xx: Float[ndarray, "*trial arm"]
    xy: Float[ndarray, "*trial arm"]
    yy: Float[ndarray, "*trial arm"]

    def __getitem__(self, key: object) -> "Moments":
        """Return the moments of the trials that `key` selects on the leading axes."""
        return Moments(*(getattr(self, each.name)[key] for each in fields(self)))

    @property
    def mean_y(self) -> Float[ndarray, "*trial arm"]:
        """Return the mean outcome of each arm, NaN without patients."""
        return _ratio(self.y, self.count)

    @property
    def variance_y(self) -> Float[ndarray, "*trial arm"]:
        """Return the sample variance of the outcome in each arm, NaN with fewer than two patients."""
        return _ratio(self.yy - _ratio(self.y**2, self.count), self.count - 1)


def arm_moments(
    baseline: Num[ndarray, "replicate patient"],
    outcome: Num[ndarray, "replicate patient"],
    treated: Bool[ndarray, "replicate patient"],
    observed: Bool[ndarray, "replicate patient"],
    *,
    sizes: Sequence[int],
) -> Moments:
    """Return the moments "replicate size arm" of the first `sizes` patients of every replicate.

    Parameters
    ----------
    baseline, outcome
        Covariate and outcome in the endpoint's unit.
    treated
        True where the patient is in the treated arm.
    observed
        True where the analysis uses the patient.
    sizes
        Total patients enrolled at each point, rising; the last may not exceed the patient axis.
    """
    x, y = baseline.astype(np.float64), outcome.astype(np.float64)
    terms = (np.ones_like(x), x, y, x * x, x * y, y * y)
    arms = [(observed & (treated == bool(arm))).astype(np.float64) for arm in (CONTROL, TREATED)]
    return Moments(*(np.stack([_sums(term * arm, sizes) for arm in arms], axis=-1) for term in terms))


def join(parts: Sequence[Moments]) -> Moments:
    """Return the moments of several blocks of replicates as one."""
    return Moments(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Moments)))


def _sums(values: Float[ndarray, "replicate patient"], sizes: Sequence[int]) -> Float[ndarray, "replicate size"]:
    starts = [0, *sizes[:-1]]
    return np.cumsum(np.add.reduceat(values[:, : sizes[-1]], starts, axis=1), axis=1)


def _ratio(top: Float[ndarray, "..."], bottom: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
