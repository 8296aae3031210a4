"""Plastic growth in a closing window: a read-out that feeds back on nothing."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


@scalar
def growth_rate(window: float, trophic_of_cells: float, matrix: float, p: TissueParameters) -> float:
    """Return the rate of plastic growth (1/d).

    `window` is the share of growth that the closing window gives each day; trophic mix and matrix are averages over
    the lesion.
    """
    relief = 1 + matrix / p.growth_matrix_half
    return p.growth_ceiling * window * (1 + p.growth_trophic_boost * trophic_of_cells) / relief
