"""Loss of myelin, remyelination, and the conduction that is left."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import saturation, square_saturation


@scalar
def myelin_rates(cytokine: float, trophic: float, factor: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of myelin; the cytokine mix strips it and slows its repair, which `factor` scales."""
    repair = factor * p.remyelination * saturation(trophic, p.remyelination_trophic_half) / p.clock
    repair = repair / (1 + cytokine / p.remyelination_cytokine_half)
    hazard = p.myelin_cytokine_hazard * square_saturation(cytokine, p.axon_cytokine_half)
    return repair, repair + hazard


@scalar
def conduction(least_myelin: float, p: TissueParameters) -> float:
    """Return the share of conduction kept, given the least myelin on the way."""
    return 1 - p.conduction_myelin_share * (1 - least_myelin)
