"""Plastic growth in a closing window: a read-out that feeds back on nothing."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import saturation


@scalar
def training_dose(hours: float, p: TissueParameters) -> float:
    """Return the effect, 0 to 1, of so many hours of training a day."""
    return hours / (hours + p.training_half_hours)


@scalar
def growth_rate(
    window: float, trophic_of_cells: float, matrix: float, training: float, cytokine: float, p: TissueParameters
) -> float:
    """Return the rate of plastic growth (1/d).

    `window` is the share of growth that the closing window gives each day; trophic mix and matrix are averages over
    the lesion.  What training gives closes with the window only in part, and a mildly inflamed cord gains more of it.
    """
    relief = 1 + matrix / p.growth_matrix_half
    spontaneous = window * (1 + p.growth_trophic_boost * trophic_of_cells)
    kept = p.training_lasting / p.plastic_days + (1 - p.training_lasting) * window
    primed = 1 + p.training_primed * saturation(cytokine, p.training_primed_half)
    return p.growth_ceiling * (spontaneous + p.training_gain * training * kept * primed) / relief
