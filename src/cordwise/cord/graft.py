"""What a cell product does in the cord, and how grafted cells are lost."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


@scalar
def cell_effect(graft: float, exposure: float, p: TissueParameters) -> float:
    """Return the saturating effect, 0 to 1, of grafted cells and of product that arrives from outside the cord."""
    dose = graft + p.systemic_effect * exposure
    return dose / (1 + dose)


@scalar
def graft_loss(cytokine: float, rejection: float, p: TissueParameters) -> float:
    """Return the loss rate of grafted cells: basal, by inflammation, by rejection (0 to 1)."""
    return p.graft_loss + p.graft_cytokine_loss * cytokine + p.graft_rejection * rejection
