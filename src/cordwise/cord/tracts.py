"""Loss of grey matter and of the axons that the impact put at risk, by cause."""

import numpy as np

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import above, square_saturation

_MOST = 50.0  # beyond this the mean tract has no fibre left, and the exponential no number


@scalar
def trophic_mix(repair: float, neutrophil: float, cells: float, p: TissueParameters) -> float:
    """Return the trophic mix of resting tissue, repair macrophages, neutrophils and cell product, at least 0."""
    of_cells = p.trophic_repair * repair + p.trophic_neutrophil * neutrophil + p.cell_trophic * cells
    return max(p.trophic_rest + of_cells, 0.0)


@scalar
def leukocyte_harm(neutrophil: float, inflammatory: float, border: float, p: TissueParameters) -> float:
    """Return the harm, 0 to 1, that leukocytes do to what the border does not protect from them.

    Neutrophils and inflammatory macrophages are one load: where either alone does all the harm there is to do, taking
    away the other changes little.
    """
    load = p.neutrophil_weight * neutrophil + inflammatory
    return square_saturation(load, p.leukocyte_half) * above(1.0, p.border_shield * border)


@scalar
def grey_loss(alarmin: float, harm: float, p: TissueParameters) -> float:
    """Return the loss rate of grey matter by alarmins and by leukocytes (`harm`)."""
    return p.grey_alarmin_hazard * above(alarmin, p.alarmin_safe) + p.grey_leukocyte_hazard * harm


@scalar
def relief(trophic: float, p: TissueParameters) -> float:
    """Return the share of the hazard to axons that the trophic mix leaves."""
    return 1 / (1 + trophic / p.trophic_half)


@scalar
def tissue_lost(grey_hazard: float, grey: float, axon_hazard: float, axon: float, exposed_axons: float) -> float:
    """Return the rate at which grey matter and axons are lost, which sets alarmin and debris free."""
    return grey_hazard * grey + axon_hazard * axon * exposed_axons


@scalar
def cytokine_hazard(cytokine: float, p: TissueParameters) -> float:
    """Return the loss rate of axons at risk by the cytokine mix."""
    return p.axon_cytokine_hazard * square_saturation(cytokine, p.axon_cytokine_half)


@scalar
def strain(training: float, alarmin: float, p: TissueParameters) -> float:
    """Return the loss rate of axons at risk by training in the first days, while tissue is in alarm."""
    return p.training_strain * training * square_saturation(alarmin, p.training_strain_half)


@scalar
def axons_kept(axon: float, at_risk: float) -> float:
    """Return the share kept of the axons that the impact left, safe ones included."""
    return 1 - at_risk + at_risk * axon


@scalar
def corticospinal_axons(axon: float, by_inflammation: float, by_ischaemia: float, by_leukocytes: float,
                        p: TissueParameters) -> float:  # fmt: skip
    """Return the survival of corticospinal axons at risk, given that of a mean tract and its losses by cause."""
    more = (p.cst_inflammation_weight - 1) * by_inflammation + (p.cst_ischaemia_weight - 1) * by_ischaemia
    spared = min(-more - (p.cst_leukocyte_weight - 1) * by_leukocytes, _MOST)
    return min(axon * np.exp(spared), 1.0)
