"""The axis along the cord: cells that are finest at the centre and widen outwards."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.engine.lanes import CELLS


@dataclass(frozen=True, slots=True)
class Axis:
    """Cell centres and widths in mm, 0 at the centre of the lesion; an even number of cells, the same to both sides."""

    centres: Float[ndarray, " cell"]
    widths: Float[ndarray, " cell"]


def stretched_axis(*, finest_mm: float = 3.0, growth: float = 1.10, cells: int = CELLS) -> Axis:
    """Return an axis whose innermost cells are `finest_mm` wide, each next one `growth` times as wide."""
    half = finest_mm * growth ** np.arange(cells // 2)
    widths = np.concatenate([half[::-1], half])
    edges = np.concatenate([[0.0], np.cumsum(widths)]) - widths.sum() / 2
    return Axis(centres=(edges[1:] + edges[:-1]) / 2, widths=widths)


def right_half(axis: Axis) -> Axis:
    """Return the cells on the right of the centre.

    What is the same on both sides at first stays so, and nothing flows through the centre: half the cells are enough.
    """
    middle = axis.centres.size // 2
    return Axis(axis.centres[middle:], axis.widths[middle:])


def mirrored(half: Float[ndarray, "*any cell"]) -> Float[ndarray, "*any both"]:
    """Return values on the whole axis from those on its right half."""
    return np.concatenate([half[..., ::-1], half], axis=-1)


def couplings(axis: Axis) -> Float[ndarray, "2 cell"]:
    """Return the exchange with the left and the right neighbour for unit diffusivity (1/mm2); no flux at the ends."""
    distance = np.diff(axis.centres)
    left = np.concatenate([[0.0], 1 / distance]) / axis.widths
    right = np.concatenate([1 / distance, [0.0]]) / axis.widths
    return np.stack([left, right])
