"""Where the segments, dermatomes and key muscles lie along the cord."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.evidence import raw_table
from cordwise.isncsci.anatomy import LEVELS, MYOTOMES, level_index

_SEGMENTS = 30  # C1 to S5
_DERMATOMES = 28  # C2 to S4-5


@dataclass(frozen=True, slots=True)
class CordGeometry:
    """Positions in mm below the rostral end of C1, all of them along the cord; vertebrae play no part.

    A key muscle's motor neurons lie in the middle of the segment that names its myotome, though most muscles draw on a
    neighbour too; a dermatome's fibres enter at its own segment. Segment shares: Frostell 2016, table 3 (rows of
    measure `segment_length_pct_of_cord`).
    """

    length_mm: float
    segment_end_mm: Float[ndarray, "30"]
    segment_middle_mm: Float[ndarray, "30"]
    dermatome_mm: Float[ndarray, "28"]  # C2 to S4-5
    muscle_mm: Float[ndarray, "10"]  # C5 to T1, L2 to S1

    def segment_end(self, segment: str) -> float:
        """Return the caudal end of a segment, in mm."""
        return float(self.segment_end_mm[level_index(segment)])

    def segment_at(self, position_mm: float) -> str:
        """Return the segment that holds a place on the cord."""
        index = int(np.searchsorted(self.segment_end_mm, position_mm))
        return LEVELS[min(index, _DERMATOMES)]


@cache
def cord_geometry(length_mm: float) -> CordGeometry:
    """Return the geometry of a cord of the given length, C1 to the end of S5."""
    rows = [row for row in raw_table("natural_history") if row["measure"] == "segment_length_pct_of_cord"]
    shares = np.array([float(row["value"]) for row in sorted(rows, key=lambda row: row["id"])])
    lengths = shares / shares.sum() * length_mm
    ends = np.cumsum(lengths)
    middles = ends - lengths / 2
    sacral = (middles[_DERMATOMES] + middles[_SEGMENTS - 1]) / 2  # S4 and S5 are one dermatome
    muscles = np.array([middles[level_index(name)] for name in MYOTOMES])
    return CordGeometry(length_mm, ends, middles, np.append(middles[1:_DERMATOMES], sacral), muscles)
