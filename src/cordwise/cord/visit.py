"""What is read of a patient's cord: plastic growth on the way, and the quantities that are kept at a visit."""

from numpy import ndarray

from cordwise.cord.barrier import protease
from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.engine.time_loop import MemoryLayout
from cordwise.cord.fields import (
    AT_RISK,
    AXON,
    BY_INFLAMMATION,
    BY_ISCHAEMIA,
    BY_LEUKOCYTES,
    CST_LEFT,
    FIELDS,
    GRAFT,
    GREY,
    INFLAMMATORY,
    INJURY,
    MATRIX,
    MYELIN,
    NEAR,
    NODES,
    OTHER_LEFT,
)
from cordwise.cord.graft import cell_effect
from cordwise.cord.kinetics import cytokine_of, flow_of, pressure_of
from cordwise.cord.myelin import conduction
from cordwise.cord.nodes import bridged, broken_left, share_conducting
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.patient_numbers import INPUTS
from cordwise.cord.plasticity import growth_rate, training_dose
from cordwise.cord.tracts import axons_kept, corticospinal_axons
from cordwise.cord.views import forcing_at, parameters_at, site_at, state_at

# What is kept of a patient at a visit.
QUANTITIES = (
    "spared_share",
    "axons_kept",
    "least_myelin",
    "node_repair_days",
    "conduction",
    "share_conducting",
    "growth",
    "growth_to_come",
    "grey_lost_mm",
    "axons_lost_mm",
    "inflammation_mm",
    "lesion_mm",
    "far_macrophages",
)
(SPARED, KEPT, MYELIN_LEFT, NODE_DAYS, CONDUCTION, CONDUCTING, GROWTH, TO_COME, GREY_LOST, AXONS_LOST, INFLAMED, LESION,
 FAR) = range(len(QUANTITIES))  # fmt: skip
_FORMULAS = ("inflammation", "pressure", "flow", "mmp9", "at_risk", "cst_left", "other_left", "cst_axon", "conducting")
SHOWN = (*FIELDS, *_FORMULAS)
(INFLAMMATION, PRESSURE, FLOW, MMP9, SHOWN_RISK, SHOWN_CST, SHOWN_OTHER, CST_AXON, CONDUCTING_HERE) = range(
    len(FIELDS), len(SHOWN)
)
_UNLIMITED = 1e9  # above every number of days


@part
def integrate_growth(block: ndarray, at: MemoryLayout, length: float, lanes: int) -> None:
    """Add the growth over a step, whose rate follows from the matrix and trophic mix averaged over the lesion."""
    trophic, matrix = at.work, at.work + LANES
    for lane in range(min(lanes, LANES)):
        block[trophic + lane] = 0.0
        block[matrix + lane] = 0.0
    for cell in range(at.cells):
        for lane in range(min(lanes, LANES)):
            i = cell * LANES + lane
            near = block[at.extra + NEAR * at.stride + i]
            p = parameters_at(block, at.numbers + lane)
            f = forcing_at(block, at.drivers + lane, at.numbers + INPUTS * LANES + lane)
            block[trophic + lane] += near * cell_effect(block[GRAFT * at.stride + i], f.exposure, p)
            block[matrix + lane] += near * block[MATRIX * at.stride + i]
    for lane in range(min(lanes, LANES)):
        p = parameters_at(block, at.numbers + lane)
        f = forcing_at(block, at.drivers + lane, at.numbers + INPUTS * LANES + lane)
        by_cells, slowed = p.cell_trophic * block[trophic + lane], f.matrix * block[matrix + lane]
        rate = growth_rate(f.window, by_cells, slowed, training_dose(f.training, p), p)
        block[at.total + lane] += trapezoid(block[at.rate + lane], rate, length)
        block[at.rate + lane] = rate


@scalar
def trapezoid(before: float, after: float, length: float) -> float:
    """Return the integral over a step."""
    return length * (before + after) / 2


@scalar
def injured_length(grey: float, width_mm: float, p: TissueParameters) -> float:
    """Return the length (mm, both sides of the centre) of a cell in which so much grey is lost that a scan shows it."""
    return 2 * width_mm if 1 - grey > p.mri_threshold else 0.0


@scalar
def lost_length(grey: float, width_mm: float) -> float:
    """Return the lost grey matter of a cell and of its mirror image, as a length of cord (mm)."""
    return 2 * width_mm * (1 - grey)


@scalar
def macrophages_if_far(inflammatory: float, centre_mm: float, p: TissueParameters) -> float:
    """Return the inflammatory macrophages of a cell that lies far from the centre, else 0."""
    return inflammatory if centre_mm > p.front_distance * p.length_scale else 0.0


@part
def read(block: ndarray, at: MemoryLayout, centres: ndarray, widths: ndarray, out: ndarray, lanes: int) -> None:
    """Write what is kept of each patient at a visit; a fibre is spared when it is so at the worst place on its way."""
    out[SPARED:NODE_DAYS] = 1.0
    out[NODE_DAYS] = _UNLIMITED
    out[CONDUCTION:] = 0.0
    for lane in range(min(lanes, LANES)):
        cst, other, conducting = out[SPARED, lane], out[SPARED, lane], out[SPARED, lane]
        p = parameters_at(block, at.numbers + lane)
        f = forcing_at(block, at.drivers + lane, at.numbers + INPUTS * LANES + lane)
        for cell in range(at.cells):
            i = cell * LANES + lane
            extra = at.extra + i
            grey, axon, risk = (
                block[i + GREY * at.stride],
                block[i + AXON * at.stride],
                block[extra + AT_RISK * at.stride],
            )
            here = axons_kept(axon, risk)
            cst_here = block[extra + CST_LEFT * at.stride] * axons_kept(cst_axon_at(block, i, at.stride, p), risk)
            other_here = here * block[extra + OTHER_LEFT * at.stride]
            cst, other = min(cst, cst_here), min(other, other_here)
            out[KEPT, lane] = min(out[KEPT, lane], here)
            out[MYELIN_LEFT, lane] = min(out[MYELIN_LEFT, lane], block[i + MYELIN * at.stride])
            repair = block[i + NODES * at.stride]
            out[NODE_DAYS, lane] = min(out[NODE_DAYS, lane], repair)
            broken = broken_left(repair, bridged(f.potassium_block, f.channels, p), p)
            conducting = min(conducting, share_conducting(block[extra + INJURY * at.stride], broken, p))
            out[GREY_LOST, lane] += lost_length(grey, widths[cell])
            out[AXONS_LOST, lane] += lost_length(mean_share(cst_here, other_here, p), widths[cell])
            inflamed = cytokine_of(state_at(block, i, at.stride), f, p)
            out[INFLAMED, lane] += lost_length(1 - inflamed, widths[cell])
            out[LESION, lane] += injured_length(grey, widths[cell], p)
            far = macrophages_if_far(block[i + INFLAMMATORY * at.stride], centres[cell], p)
            out[FAR, lane] = max(out[FAR, lane], far)
        out[SPARED, lane] = mean_share(cst, other, p)
        out[CONDUCTION, lane] = conduction(out[MYELIN_LEFT, lane], p)
        out[CONDUCTING, lane] = conducting
        out[GROWTH, lane] = block[at.total + lane]
        out[TO_COME, lane] = block[at.rate + lane] * p.plastic_days


@scalar
def cst_axon_at(block: ndarray, i: int, stride: int, p: TissueParameters) -> float:
    """Return the survival of corticospinal axons at risk, of one cell of one patient."""
    return corticospinal_axons(
        block[i + AXON * stride],
        block[i + BY_INFLAMMATION * stride],
        block[i + BY_ISCHAEMIA * stride],
        block[i + BY_LEUKOCYTES * stride],
        p,
    )


@scalar
def mean_share(cst: float, other: float, p: TissueParameters) -> float:
    """Return the mean share of corticospinal and other descending fibres, with the weight of each."""
    return p.cst_weight * cst + (1 - p.cst_weight) * other


@part
def show(block: ndarray, at: MemoryLayout, out: ndarray, lanes: int) -> None:
    """Write all fields of each patient, what follows from them by a formula, and what the impact left of the tracts."""
    for cell in range(at.cells):
        for lane in range(min(lanes, LANES)):
            i = cell * LANES + lane
            for field in range(len(FIELDS)):
                out[field, cell, lane] = block[field * at.stride + i]
            f = forcing_at(block, at.drivers + lane, at.numbers + INPUTS * LANES + lane)
            p = parameters_at(block, at.numbers + lane)
            y, site = state_at(block, i, at.stride), site_at(block, at.extra + i, at.stride)
            out[INFLAMMATION, cell, lane] = cytokine_of(y, f, p)
            out[PRESSURE, cell, lane] = pressure_of(y, site, f, p)
            out[FLOW, cell, lane] = flow_of(y, site, f, p)
            out[SHOWN_RISK, cell, lane] = block[at.extra + AT_RISK * at.stride + i]
            out[SHOWN_CST, cell, lane] = block[at.extra + CST_LEFT * at.stride + i]
            out[SHOWN_OTHER, cell, lane] = block[at.extra + OTHER_LEFT * at.stride + i]
            out[CST_AXON, cell, lane] = cst_axon_at(block, i, at.stride, p)
            out[MMP9, cell, lane] = protease(y.neutrophil, y.inflammatory, f.protease, p)
            broken = broken_left(block[i + NODES * at.stride], bridged(f.potassium_block, f.channels, p), p)
            out[CONDUCTING_HERE, cell, lane] = share_conducting(site.injury, broken, p)
