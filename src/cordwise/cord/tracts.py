"""Loss of grey matter and of the axons that the impact put at risk."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import above, square_saturation


@scalar
def trophic_mix(repair: float, cells: float, p: TissueParameters) -> float:
    """Return the trophic mix of resting tissue, repair macrophages and cell product."""
    return p.trophic_rest + p.trophic_repair * repair + p.cell_trophic * cells


@scalar
def grey_loss(alarmin: float, harm: float, p: TissueParameters) -> float:
    """Return the loss rate of grey matter by alarmins and by unshielded macrophages (`harm`)."""
    return p.grey_alarmin_hazard * above(alarmin, p.alarmin_safe) + p.grey_macrophage_hazard * harm


@scalar
def axon_loss(cytokine: float, oedema: float, harm: float, trophic: float, p: TissueParameters) -> float:
    """Return the loss rate of axons at risk, which the trophic mix relieves."""
    by_cytokine = p.axon_cytokine_hazard * square_saturation(cytokine, p.axon_cytokine_half)
    by_swelling = p.axon_oedema_hazard * above(oedema, p.oedema_safe)
    return (by_cytokine + by_swelling + p.axon_macrophage_hazard * harm) / (1 + trophic / p.trophic_half)


@scalar
def tissue_lost(grey_hazard: float, grey: float, axon_hazard: float, axon: float, exposed_axons: float) -> float:
    """Return the rate at which grey matter and axons are lost, which sets alarmin and debris free."""
    return grey_hazard * grey + axon_hazard * axon * exposed_axons


@scalar
def axons_kept(axon: float, at_risk: float) -> float:
    """Return the share kept of the axons that the impact left, safe ones included."""
    return 1 - at_risk + at_risk * axon
