"""The kinetics: production and loss of every field, composed from the mechanisms.

Each field obeys d(field)/dt = production - loss * field, and signals also diffuse.
"""

from typing import NamedTuple

from cordwise.cord.barrier import leak_loss, oedema_rates
from cordwise.cord.engine.compiled import scalar
from cordwise.cord.forcing import Forcing
from cordwise.cord.graft import cell_effect, graft_loss
from cordwise.cord.inflammation import (
    alarmin_rates,
    anti_inflammatory_mix,
    cytokine_mix,
    debris_rates,
    inflammatory_rates,
    monocyte_influx,
    neutrophil_rates,
    repair_rates,
    turn_to_inflammatory,
    turn_to_repair,
)
from cordwise.cord.myelin import myelin_rates
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.scar import border_rates, matrix_rates, scar_call, unshielded
from cordwise.cord.tracts import axon_loss, grey_loss, tissue_lost, trophic_mix


class State(NamedTuple):
    """The fields that the kinetics read, at one place and time."""

    alarmin: float
    debris: float
    neutrophil: float
    inflammatory: float
    repair: float
    leak: float
    oedema: float
    border: float
    grey: float
    axon: float
    graft: float


class Rates(NamedTuple):
    """Production and loss (1/d) of every field."""

    alarmin: tuple[float, float]
    debris: tuple[float, float]
    neutrophil: tuple[float, float]
    inflammatory: tuple[float, float]
    repair: tuple[float, float]
    leak: tuple[float, float]
    oedema: tuple[float, float]
    border: tuple[float, float]
    grey: tuple[float, float]
    axon: tuple[float, float]
    myelin: tuple[float, float]
    graft: tuple[float, float]
    matrix: tuple[float, float]


@scalar
def cytokine_of(y: State, forcing: Forcing, p: TissueParameters) -> float:
    """Return the cytokine mix of a state."""
    cells = cell_effect(y.graft, forcing.exposure, p)
    anti = anti_inflammatory_mix(y.repair, cells, p)
    return forcing.cytokine * cytokine_mix(y.alarmin, y.neutrophil, y.inflammatory, anti, p)


@scalar
def kinetics(y: State, exposed_axons: float, forcing: Forcing, p: TissueParameters) -> Rates:
    """Return the rates of all fields, given the state, the axons that later loss can reach, and the drivers."""
    cells = cell_effect(y.graft, forcing.exposure, p)
    anti = anti_inflammatory_mix(y.repair, cells, p)
    trophic = trophic_mix(y.repair, cells, p)
    cytokine = cytokine_of(y, forcing, p)

    harm = unshielded(y.inflammatory, y.border, p)
    grey_hazard = grey_loss(y.alarmin, harm, p)
    axon_hazard = axon_loss(cytokine, y.oedema, harm, trophic, p)
    lost = tissue_lost(grey_hazard, y.grey, axon_hazard, y.axon, exposed_axons)

    released = forcing.monocytes * forcing.monocytes_released
    influx = monocyte_influx(y.alarmin, y.debris, cytokine, y.inflammatory + y.repair, y.leak, released, p)
    to_repair = turn_to_repair(anti, cells, forcing.push, p)
    to_inflammatory = turn_to_inflammatory(cytokine, y.debris, p)
    call = scar_call(cytokine, y.debris, p)
    return Rates(
        alarmin=alarmin_rates(lost, p),
        debris=debris_rates(lost, y.repair, p),
        neutrophil=neutrophil_rates(y.alarmin, cytokine, forcing.neutrophils * y.leak, p),
        inflammatory=inflammatory_rates(influx, y.repair, to_repair, to_inflammatory, p),
        repair=repair_rates(influx, y.inflammatory, to_repair, to_inflammatory, p),
        leak=(0.0, leak_loss(y.border, cells, forcing.closure, p)),
        oedema=oedema_rates(y.leak, y.border, forcing.swelling, p),
        border=border_rates(forcing.border * call, p),
        grey=(0.0, grey_hazard),
        axon=(0.0, axon_hazard),
        myelin=myelin_rates(cytokine, trophic, forcing.remyelination, p),
        graft=(0.0, graft_loss(cytokine, forcing.rejection, p)),
        matrix=matrix_rates(call, p),
    )
