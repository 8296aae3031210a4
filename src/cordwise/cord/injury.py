"""The impact: what the blow does at once, as a bell-shaped injury along the cord.

An injury of 1 is that of a severe contusion; beyond it the losses go on until nothing is left.
"""

from typing import NamedTuple

import numpy as np

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.perfusion import impact_vessel_damage
from cordwise.cord.response import above


class Impact(NamedTuple):
    """What the blow leaves in one cell: the fields that it sets (the others start at 0), and the axons exposed."""

    alarmin: float
    debris: float
    microglia: float
    leak: float
    vessel_damage: float
    grey: float
    axon: float
    myelin: float
    exposed_axons: float


@scalar
def injury_shape(distance_mm: float, width_mm: float) -> float:
    """Return the injury relative to its peak, at a distance from the centre of a lesion of a given width (mm)."""
    z = distance_mm / width_mm
    return np.exp(-z * z / 2)


@scalar
def lesion_edge(width_mm: float, p: TissueParameters) -> float:
    """Return the distance (mm) from the centre at which the injury has fallen to the share that counts as lesion."""
    return width_mm * np.sqrt(-2 * np.log(p.lesion_edge_share))


@scalar
def axons_at_risk(injury: float, p: TissueParameters) -> float:
    """Return the share of the axons left by the impact that later loss can reach."""
    return min(p.impact_axons_at_risk * np.sqrt(injury), 1.0)


@scalar
def fibres_left(injury: float, full_loss: float, p: TissueParameters) -> float:
    """Return the share of a tract's fibres that the impact leaves, given the share that a full impact cuts."""
    return above(1.0, full_loss * injury**p.impact_loss_power)


@scalar
def mean_fibres_left(injury: float, p: TissueParameters) -> float:
    """Return the mean share left of the corticospinal and the other descending fibres."""
    cst, other = fibres_left(injury, p.impact_cst_loss, p), fibres_left(injury, p.impact_other_loss, p)
    return p.cst_weight * cst + (1 - p.cst_weight) * other


@scalar
def impact_leak(injury: float, p: TissueParameters) -> float:
    """Return the leak to which the blow lets the barrier open: a part at once, the rest by proteases."""
    return min(p.impact_leak * injury, 1.0)


@scalar
def grey_left(injury: float, p: TissueParameters) -> float:
    """Return the share of grey matter that the impact leaves."""
    return above(1.0, p.impact_grey_loss * injury)


@scalar
def tissue_lost_at_impact(injury: float, p: TissueParameters) -> float:
    """Return the grey matter and the fibres that the blow destroys: what sets alarmin and debris free at once."""
    return 2 - grey_left(injury, p) - mean_fibres_left(injury, p)


@scalar
def impact(injury: float, p: TissueParameters) -> Impact:
    """Return what the blow leaves where the injury has the given size."""
    lost = tissue_lost_at_impact(injury, p)
    return Impact(
        alarmin=p.impact_alarmin * lost,
        debris=p.impact_debris * lost,
        microglia=1.0,
        leak=p.impact_leak_at_once * impact_leak(injury, p),
        vessel_damage=impact_vessel_damage(injury, p),
        grey=grey_left(injury, p),
        axon=1.0,
        myelin=1.0,
        exposed_axons=axons_at_risk(injury, p) * mean_fibres_left(injury, p),
    )
