"""Plastic growth in a closing window: a read-out that feeds back on nothing."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


@scalar
def training_dose(hours: float, p: TissueParameters) -> float:
    """Return the effect, 0 to 1, of so many hours of training a day."""
    return hours / (hours + p.training_half_hours)


@scalar
def stays_open(window: float, lasting: float, p: TissueParameters) -> float:
    """Return the window for growth of which a share does not close."""
    return lasting / p.plastic_days + (1 - lasting) * window


@scalar
def growth_rate(window: float, trophic_of_cells: float, matrix: float, training: float, p: TissueParameters) -> float:
    """Return the rate of plastic growth (1/d).

    `window` is the share of growth that the closing window gives each day; trophic mix and matrix are averages over
    the lesion.  What trophic mix and training give closes with the window only in part.
    """
    relief = 1 + matrix / p.growth_matrix_half
    fed = p.growth_trophic_boost * trophic_of_cells * stays_open(window, p.growth_trophic_lasting, p)
    kept = stays_open(window, p.training_lasting, p)
    return p.growth_ceiling * (window + fed + p.training_gain * training * kept) / relief
