"""Sums over the patients who were seen at the same visits: all that a model of repeated measures needs of the data.

With `v` visits there are at most 2^v patterns of missing visits, so an iteration costs the same for 20 patients and for
20,000.
"""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray


@dataclass(frozen=True, slots=True)
class PatternSums:
    """Sums over the patients of each pattern of observed visits; unobserved visits hold 0."""

    seen: Bool[ndarray, "replicate pattern visit"]
    count: Float[ndarray, "replicate pattern"]
    covariates: Float[ndarray, "replicate pattern covariate covariate"]
    cross: Float[ndarray, "replicate pattern visit covariate"]
    outcomes: Float[ndarray, "replicate pattern visit visit"]

    def __getitem__(self, key: object) -> "PatternSums":
        """Return the sums of the replicates that `key` selects."""
        return PatternSums(*(getattr(self, each.name)[key] for each in fields(self)))

    def together(self) -> Float[ndarray, "replicate visit visit"]:
        """Return the number of patients seen at both of two visits."""
        seen = self.seen.astype(np.float64)
        return (seen * self.count[..., None]).swapaxes(-1, -2) @ seen


def pattern_sums(
    covariates: Float[ndarray, "replicate patient covariate"],
    outcome: Float[ndarray, "replicate patient visit"],
    observed: Bool[ndarray, "replicate patient visit"],
) -> PatternSums:
    """Return the sums of every pattern that occurs in any of the replicates."""
    replicates, _, visits = outcome.shape
    codes = observed @ (1 << np.arange(visits))
    occurring = np.flatnonzero(np.bincount(codes.ravel(), minlength=1))
    place = np.searchsorted(occurring, codes)
    cells = (place + len(occurring) * np.arange(replicates)[:, None]).ravel()
    columns = np.moveaxis(np.concatenate([covariates, np.where(observed, outcome, 0.0)], axis=-1), -1, 0)
    columns = np.ascontiguousarray(columns).reshape(len(columns), -1)
    square = np.empty((len(columns), len(columns), replicates * len(occurring)))
    for row in range(len(columns)):
        for column in range(row + 1):
            square[row, column] = np.bincount(cells, columns[row] * columns[column], square.shape[2])
            square[column, row] = square[row, column]
    sums = np.moveaxis(square, 2, 0).reshape(replicates, len(occurring), len(columns), len(columns))
    count = np.bincount(cells, minlength=square.shape[2]).reshape(sums.shape[:2]).astype(np.float64)
    seen = np.broadcast_to((occurring[:, None] >> np.arange(visits) & 1).astype(bool), (*sums.shape[:2], visits))
    width = covariates.shape[-1]
    return PatternSums(seen, count, sums[..., :width, :width], sums[..., width:, :width], sums[..., width:, width:])
