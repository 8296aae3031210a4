"""Memory layout of a block: 16 patients side by side, so that one instruction works on several of them.

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
ROW = CELLS * LANES
STRIDE = ROW + LANES


def into_lanes(values: Float[ndarray, "quantity patient"]) -> Float[ndarray, "block quantity lane"]:
    """Cut patients into blocks of 16; the last block is filled up by repeating the last patient."""
    count = values.shape[1]
    blocks = -(-count // LANES)
    filled = np.pad(values, ((0, 0), (0, blocks * LANES - count)), mode="edge")
    return np.ascontiguousarray(filled.reshape(-1, blocks, LANES).transpose(1, 0, 2))


def out_of_lanes(values: Float[ndarray, "block *middle lane"], count: int) -> Float[ndarray, " patient *middle"]:
    """Undo `into_lanes`: patients first, without the ones that filled up the last block."""
    patients_first = np.moveaxis(values, -1, 1)
    return np.ascontiguousarray(patients_first.reshape(-1, *values.shape[1:-1])[:count])
