"""The fields just after the impact, and what stays as the impact left it."""

from numpy import ndarray

from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.engine.time_loop import MemoryLayout
from cordwise.cord.fields import (
    ALARMIN,
    AT_RISK,
    AXON,
    CST_LEFT,
    DEBRIS,
    EXPOSED_AXONS,
    FIELDS,
    GREY,
    INJURY,
    LEAK,
    MICROGLIA,
    MYELIN,
    NEAR,
    OTHER_LEFT,
    SQUEEZED,
    VESSEL,
)
from cordwise.cord.injury import axons_at_risk, fibres_left, impact, injury_shape, lesion_edge
from cordwise.cord.response import above
from cordwise.cord.views import parameters_at


@part
def start(block: ndarray, at: MemoryLayout, inputs: ndarray, centres: ndarray, widths: ndarray, lanes: int) -> None:
    """Set the fields just after the impact; `inputs` holds severity and width (mm) of each patient."""
    for cell in range(at.cells):
        for lane in range(min(lanes, LANES)):
            p = parameters_at(block, at.numbers + lane)
            i = cell * LANES + lane
            shape = injury_shape(centres[cell], inputs[1, lane])
            injury = inputs[0, lane] * shape
            extra = at.extra + i
            block[extra + INJURY * at.stride] = injury
            block[extra + SQUEEZED * at.stride] = shape
            block[extra + AT_RISK * at.stride] = axons_at_risk(injury, p)
            left = impact(injury, p)
            block[extra + EXPOSED_AXONS * at.stride] = left.exposed_axons
            block[extra + CST_LEFT * at.stride] = fibres_left(injury, p.impact_cst_loss, p)
            block[extra + OTHER_LEFT * at.stride] = fibres_left(injury, p.impact_other_loss, p)
            edge = lesion_edge(inputs[1, lane], p)
            block[extra + NEAR * at.stride] = share_of_lesion(edge, centres[cell], widths[cell])
            block[i + ALARMIN * at.stride] = left.alarmin
            block[i + DEBRIS * at.stride] = left.debris
            block[i + MICROGLIA * at.stride] = left.microglia
            block[i + LEAK * at.stride] = left.leak
            block[i + VESSEL * at.stride] = left.vessel_damage
            block[i + GREY * at.stride] = left.grey
            block[i + AXON * at.stride] = left.axon
            block[i + MYELIN * at.stride] = left.myelin
            for field in range(len(FIELDS)):
                block[at.trial + field * at.stride + i] = block[field * at.stride + i]


@scalar
def share_of_lesion(edge_mm: float, centre_mm: float, width_mm: float) -> float:
    """Return the weight of a cell in an average over the right half of the lesion, which ends at the edge."""
    return min(above(edge_mm, centre_mm - width_mm / 2), width_mm) / edge_mm
