"""Read a patient's numbers by name from a block of patients (layout in `engine/lanes.py`)."""

from numpy import ndarray

from cordwise.cord.engine.compiled import reader, scalar
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.fields import (
    ALARMIN,
    AXON,
    BORDER,
    DEBRIS,
    EXPOSED_AXONS,
    GRAFT,
    GREY,
    INFLAMMATORY,
    INJURY,
    LEAK,
    MICROGLIA,
    NEUTROPHIL,
    OEDEMA,
    REPAIR,
    SQUEEZED,
    VESSEL,
)
from cordwise.cord.forcing import Forcing
from cordwise.cord.kinetics import Site, State
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.patient_numbers import Inputs

parameters_at = reader(TissueParameters, LANES)
inputs_at = reader(Inputs, LANES)


@scalar
def state_at(block: ndarray, i: int, stride: int) -> State:
    """Return the fields that the kinetics read, of one cell of one patient."""
    return State(
        alarmin=block[i + ALARMIN * stride],
        debris=block[i + DEBRIS * stride],
        neutrophil=block[i + NEUTROPHIL * stride],
        inflammatory=block[i + INFLAMMATORY * stride],
        repair=block[i + REPAIR * stride],
        microglia=block[i + MICROGLIA * stride],
        leak=block[i + LEAK * stride],
        oedema=block[i + OEDEMA * stride],
        border=block[i + BORDER * stride],
        vessel_damage=block[i + VESSEL * stride],
        grey=block[i + GREY * stride],
        axon=block[i + AXON * stride],
        graft=block[i + GRAFT * stride],
    )


@scalar
def site_at(block: ndarray, extra: int, stride: int) -> Site:
    """Return what the impact left for good, of one cell of one patient."""
    return Site(block[extra + INJURY * stride], block[extra + SQUEEZED * stride], block[extra + EXPOSED_AXONS * stride])


@scalar
def forcing_at(block: ndarray, drivers: int, inputs: int) -> Forcing:
    """Return the drivers of one patient."""
    f = inputs_at(block, inputs)
    return Forcing(
        block[drivers],
        block[drivers + LANES],
        block[drivers + 2 * LANES],
        block[drivers + 3 * LANES],
        block[drivers + 4 * LANES],
        block[drivers + 5 * LANES],
        f.cytokine,
        f.neutrophils,
        f.adhesion,
        f.monocytes,
        f.protease,
        f.swelling,
        f.border,
        f.remyelination,
        f.matrix,
        f.ischaemia,
        f.nodes,
        f.dura,
        f.push,
        f.closure,
        f.microglia_depletion,
        f.squeeze,
        f.arterial,
        f.training,
        f.potassium_block,
    )
