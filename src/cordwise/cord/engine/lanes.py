"""Memory layout of a block: 16 patients side by side, so that one instruction works on all of them.

A block is one flat array of rows.  A row holds one field: for every cell of the axis, the value of each of the 16
patients.  The sizes are compile-time constants because only then can the compiler prove that rows do not overlap.
Rows lie a little more than their length apart: at exactly 4096 bytes all of them would compete for the same few places
in the processor's cache.
"""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

CELLS = 32
LANES = 16


def stride_of(cells: int) -> int:
    """Return how far apart the rows of a block lie, for an axis of so many cells."""
    return (cells + 1) * LANES


def into_lanes(values: Float[ndarray, "*quantity patient"]) -> Float[ndarray, "block *quantity lane"]:
    """Cut patients into blocks of 16; the last block is filled up by repeating the last patient."""
    count = values.shape[-1]
    blocks = -(-count // LANES)
    padding = [(0, 0)] * (values.ndim - 1) + [(0, blocks * LANES - count)]
    filled = np.pad(values, padding, mode="edge")
    return np.ascontiguousarray(np.moveaxis(filled.reshape(*values.shape[:-1], blocks, LANES), -2, 0))


def out_of_lanes(values: Float[ndarray, "block *middle lane"], count: int) -> Float[ndarray, " patient *middle"]:
    """Undo `into_lanes`: patients first, without the ones that filled up the last block."""
    patients_first = np.moveaxis(values, -1, 1)
    return np.ascontiguousarray(patients_first.reshape(-1, *values.shape[1:-1])[:count])
