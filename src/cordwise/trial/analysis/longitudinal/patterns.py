"""Sums over the patients who were seen at the same visits: all that a model of repeated measures needs of the data.

With `v` visits there are at most 2^v patterns of missing visits, so an iteration costs the same for 20 patients and for
20,000.
"""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int
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
    visits = outcome.shape[-1]
    codes, place = np.unique(observed @ (1 << np.arange(visits)), return_inverse=True)
    values = np.concatenate([covariates, np.where(observed, outcome, 0.0)], axis=-1)
    rows, columns = np.triu_indices(values.shape[-1])
    products = _sums_by_pattern(values[..., rows] * values[..., columns], place.reshape(observed.shape[:2]), len(codes))
    square = np.empty((*products.shape[:2], values.shape[-1], values.shape[-1]))
    square[..., rows, columns] = square[..., columns, rows] = products
    count = _sums_by_pattern(np.ones_like(outcome[..., :1]), place.reshape(observed.shape[:2]), len(codes))[..., 0]
    seen = np.broadcast_to((codes[:, None] >> np.arange(visits) & 1).astype(bool), (len(outcome), len(codes), visits))
    width = covariates.shape[-1]
    return PatternSums(
        seen, count, square[..., :width, :width], square[..., width:, :width], square[..., width:, width:]
    )


def _sums_by_pattern(
    values: Float[ndarray, "replicate patient term"], place: Int[ndarray, "replicate patient"], patterns: int
) -> Float[ndarray, "replicate pattern term"]:
    """Return the sums of the terms over the patients of each pattern."""
    replicates, _, terms = values.shape
    cells = (place + patterns * np.arange(replicates)[:, None]).ravel()
    flat = values.reshape(-1, terms)
    sums = [np.bincount(cells, flat[:, term], replicates * patterns) for term in range(terms)]
    return np.stack(sums, axis=-1).reshape(replicates, patterns, terms)
