"""How far a row lies outside its band, as a residual that a fit can square."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.experiment.bands import Band, no_effect

_MARGIN = 0.1  # a row is pulled inside its band by this share of the unit of the edge
_TOLERANCE = 0.1  # as far outside its band, in the same unit, weighs like one standard deviation of a rate
_LARGEST = 20.0  # a residual stops here; so does that of a row without a number

Values = Float[ndarray, " set"]


def band_residuals(bands: Sequence[Band], values: Mapping[str, Values]) -> Float[ndarray, "set row"]:
    """Return the residual of every row for each set of rates."""
    return np.stack([band_residual(band, values[band.row]) for band in bands], axis=1)


def band_residual(band: Band, value: Values) -> Values:
    """Return the signed distance of a row from the inside of its band: 0 within it, but for a margin at each edge.

    The unit is the width of the band or, where that is smaller, the effect at the edge: a fact that asks for at least
    half a point is measured in half points, even if its band is six points wide.  An edge that the quantity cannot
    pass, as a share passes neither 0 nor 1, has no margin.
    """
    bounded_above = band.unit in ("share", "ratio") and band.high >= 1
    below = (band.low - value) / _unit(band, band.low) + (0.0 if band.low == 0 else _MARGIN)
    above = (value - band.high) / _unit(band, band.high) + (0.0 if bounded_above else _MARGIN)
    distance = np.maximum(above, 0.0) - np.maximum(below, 0.0)
    return np.nan_to_num(np.clip(distance / _TOLERANCE, -_LARGEST, _LARGEST), nan=_LARGEST)


def _unit(band: Band, edge: float) -> float:
    width, effect = band.high - band.low, abs(edge - no_effect(band))
    return min(width, effect) if effect > 0 else width
