"""Ordinal outcomes of many replicates laid out for fitting: in each sorted by category, empty ones left out."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.stats.ordinal.categories import ranks_present


@dataclass(frozen=True, slots=True)
class OrdinalRows:
    """Rows of equal number in every replicate, sorted by category; a row of weight 0 counts for nothing.

    A *cell* is a category that is present in a replicate; the rows of a cell follow one another.

    Attributes
    ----------
    design
        Covariates; a higher value times a positive slope moves the outcome up.
    weight
        How many times the row counts.
    rank
        Category of the row among those present in the replicate.
    source
        Place of the row among those given.
    categories
        Number of categories present.
    width
        Most categories that a replicate of the batch has.
    starts, cell_replicate, cell_rank
        First row of each cell in the flattened rows, and the cell's replicate and category.
    """

    design: Float[ndarray, "replicate covariate row"]
    weight: Float[ndarray, "replicate row"]
    rank: Int[ndarray, "replicate row"]
    source: Int[ndarray, "replicate row"]
    categories: Int[ndarray, " replicate"]
    width: int
    starts: Int[ndarray, " cell"]
    cell_replicate: Int[ndarray, " cell"]
    cell_rank: Int[ndarray, " cell"]

    @property
    def squares(self) -> Float[ndarray, "replicate covariate"]:
        """Return the weighted sum of squares of every covariate."""
        return (self.design**2 @ self.weight[..., None])[..., 0]

    def of(self, chosen: Bool[ndarray, " replicate"]) -> "OrdinalRows":
        """Return the rows of the chosen replicates."""
        parts = (self.design, self.weight, self.rank, self.source, self.categories)
        return _laid_out(*(part[chosen] for part in parts), width=self.width)

    def without_first_covariate(self) -> "OrdinalRows":
        """Return the same rows with the first covariate 0 throughout, which holds its slope at 0."""
        design = self.design.copy()
        design[:, 0] = 0.0
        return replace(self, design=design)

    def cell_sums(self, terms: Float[ndarray, "term replicate row"]) -> Float[ndarray, "term replicate category"]:
        """Return each term summed over the rows of every cell; 0 where a replicate has no such category."""
        sums = np.zeros((len(terms), len(self.rank), self.width))
        sums[:, self.cell_replicate, self.cell_rank] = np.add.reduceat(
            terms.reshape(len(terms), -1), self.starts, axis=1
        )
        return sums


def ordinal_rows(
    codes: Int[ndarray, "replicate row"],
    weight: Float[ndarray, "replicate row"],
    design: Float[ndarray, "covariate replicate row"],
    count: int,
) -> OrdinalRows:
    """Return the rows sorted by category.

    Parameters
    ----------
    codes
        Category of each row, from 0 to `count` - 1.
    weight
        How many times each row counts; 0 leaves it out.
    design
        Covariates of each row, finite in every row.
    count
        Number of categories that there may be.
    """
    included = weight > 0
    rank, categories = ranks_present(codes, included, count)
    keys = np.where(included, rank, categories[:, None]).astype(np.min_scalar_type(count))
    kept = max(int(included.sum(axis=1).max(initial=0)), 1)
    order = np.argsort(keys, axis=1, kind="stable")[:, :kept]
    last = np.maximum(categories - 1, 0)[:, None]
    rank = np.minimum(np.take_along_axis(keys, order, axis=1).astype(np.intp), last)
    design = np.stack([np.take_along_axis(column, order, axis=1) for column in design], axis=1)
    weight = np.take_along_axis(weight, order, axis=1)
    return _laid_out(design, weight, rank, order, categories, width=int(categories.max(initial=1)))


def _laid_out(
    design: Float[ndarray, "replicate covariate row"],
    weight: Float[ndarray, "replicate row"],
    rank: Int[ndarray, "replicate row"],
    source: Int[ndarray, "replicate row"],
    categories: Int[ndarray, " replicate"],
    *,
    width: int,
) -> OrdinalRows:
    is_start = np.ones(rank.shape, bool)
    np.not_equal(rank[:, 1:], rank[:, :-1], out=is_start[:, 1:])
    replicate, row = np.nonzero(is_start)
    starts = np.flatnonzero(is_start)
    return OrdinalRows(design, weight, rank, source, categories, max(width, 1), starts, replicate, rank[replicate, row])
