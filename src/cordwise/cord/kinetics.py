"""The kinetics: production and loss of every field, composed from the mechanisms.

Each field obeys d(field)/dt = production - loss * field, and signals also diffuse.
"""

from typing import NamedTuple

from cordwise.cord.barrier import leak_rates, oedema_rates, protease
from cordwise.cord.engine.compiled import scalar
from cordwise.cord.forcing import Forcing
from cordwise.cord.graft import cell_effect, graft_loss
from cordwise.cord.inflammation import (
    alarmin_rates,
    anti_inflammatory_mix,
    cytokine_mix,
    debris_rates,
    inflammatory_rates,
    macrophage_death,
    monocyte_influx,
    neutrophil_rates,
    repair_rates,
    turn_to_inflammatory,
    turn_to_repair,
)
from cordwise.cord.injury import impact_leak
from cordwise.cord.microglia import microglia_rates, microglial_clearance, microglial_share
from cordwise.cord.myelin import myelin_rates
from cordwise.cord.nodes import node_repair_rates
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.perfusion import flow, ischaemia, pressure, vessel_rates
from cordwise.cord.plasticity import training_dose
from cordwise.cord.scar import border_rates, matrix_rates, scar_call
from cordwise.cord.tracts import cytokine_hazard, grey_loss, leukocyte_harm, relief, strain, tissue_lost, trophic_mix


class State(NamedTuple):
    """The fields that the kinetics read, at one place and time."""

    alarmin: float
    debris: float
    neutrophil: float
    inflammatory: float
    repair: float
    microglia: float
    leak: float
    oedema: float
    border: float
    vessel_damage: float
    grey: float
    axon: float
    graft: float


class Site(NamedTuple):
    """What the impact left at one place for good.

    `squeezed` is the share of an outer pressure that weighs on the place, `exposed_axons` what later loss can reach.
    """

    injury: float
    squeezed: float
    exposed_axons: float


class Rates(NamedTuple):
    """Production and loss (1/d) of every field."""

    alarmin: tuple[float, float]
    debris: tuple[float, float]
    neutrophil: tuple[float, float]
    inflammatory: tuple[float, float]
    repair: tuple[float, float]
    microglia: tuple[float, float]
    leak: tuple[float, float]
    oedema: tuple[float, float]
    border: tuple[float, float]
    vessel_damage: tuple[float, float]
    grey: tuple[float, float]
    axon: tuple[float, float]
    graft: tuple[float, float]
    lost_to_inflammation: tuple[float, float]
    lost_to_ischaemia: tuple[float, float]
    lost_to_leukocytes: tuple[float, float]
    node_repair: tuple[float, float]
    myelin: tuple[float, float]
    matrix: tuple[float, float]


@scalar
def cytokine_of(y: State, forcing: Forcing, p: TissueParameters) -> float:
    """Return the cytokine mix of a state."""
    cells = cell_effect(y.graft, forcing.exposure, p)
    anti = anti_inflammatory_mix(y.repair, cells, p)
    mix = cytokine_mix(y.alarmin, y.neutrophil, y.inflammatory, y.microglia, anti, p)
    return forcing.cytokine * mix


@scalar
def pressure_of(y: State, site: Site, forcing: Forcing, p: TissueParameters) -> float:
    """Return the pressure in the cord (mmHg) at one place."""
    blood = site.injury * forcing.blood
    return pressure(y.oedema, blood, forcing.dura, site.squeezed * forcing.squeeze, p)


@scalar
def flow_of(y: State, site: Site, forcing: Forcing, p: TissueParameters) -> float:
    """Return the flow of blood, as a share of the normal one, at one place."""
    return flow(y.vessel_damage, pressure_of(y, site, forcing, p), forcing.arterial, p)


@scalar
def kinetics(y: State, site: Site, forcing: Forcing, p: TissueParameters) -> Rates:
    """Return the rates of all fields, given the state, what the impact left at the place, and the drivers."""
    cells = cell_effect(y.graft, forcing.exposure, p)
    anti = anti_inflammatory_mix(y.repair, cells, p)
    trophic = trophic_mix(y.repair, y.neutrophil, cells, p)
    cytokine = cytokine_of(y, forcing, p)
    blood_flow = flow_of(y, site, forcing, p)

    harm = leukocyte_harm(y.neutrophil, y.inflammatory, y.border, p)
    dry = forcing.ischaemia * ischaemia(blood_flow, p.white_flow_needed)
    grey_hazard = grey_loss(y.alarmin, harm, p)
    left = relief(trophic, p)
    by_inflammation = (cytokine_hazard(cytokine, p) + strain(training_dose(forcing.training, p), y.alarmin, p)) * left
    by_ischaemia = p.axon_ischaemia_hazard * dry * left
    by_leukocytes = p.axon_leukocyte_hazard * harm * left
    axon_hazard = by_inflammation + by_ischaemia + by_leukocytes
    lost = tissue_lost(grey_hazard, y.grey, axon_hazard, y.axon, site.exposed_axons)

    released = forcing.monocytes * forcing.monocytes_released
    influx = monocyte_influx(y.alarmin, y.debris, cytokine, y.inflammatory + y.repair, y.leak, released, p)
    to_repair = turn_to_repair(anti, cells, forcing.push, p)
    to_inflammatory = turn_to_inflammatory(cytokine, y.debris, p)
    death = macrophage_death(y.debris, p)
    through_wall = forcing.neutrophils * forcing.adhesion * y.leak
    with_blood = forcing.neutrophils * forcing.blood * site.injury
    proteases = protease(y.neutrophil, y.inflammatory, forcing.protease, p)
    call = scar_call(cytokine, y.debris, p)
    makers = microglial_share(y.microglia, p.microglia_border) * max(1 + p.border_neutrophil * y.neutrophil, 0.0)
    return Rates(
        alarmin=alarmin_rates(lost, p),
        debris=debris_rates(lost, y.repair, microglial_clearance(y.debris, y.microglia, p), p),
        neutrophil=neutrophil_rates(y.alarmin, cytokine, through_wall, with_blood, p),
        inflammatory=inflammatory_rates(influx, y.repair, to_repair, to_inflammatory, death, p),
        repair=repair_rates(influx, y.inflammatory, to_repair, to_inflammatory, death, p),
        microglia=microglia_rates(y.microglia, y.alarmin, cytokine, forcing.microglia_depletion, p),
        leak=leak_rates(impact_leak(site.injury, p), proteases, y.border, cells, forcing.closure, p),
        oedema=oedema_rates(y.leak, y.border, forcing.swelling, p),
        border=border_rates(forcing.border * makers * call, p),
        vessel_damage=vessel_rates(p),
        grey=(0.0, grey_hazard),
        axon=(0.0, axon_hazard),
        graft=(0.0, graft_loss(cytokine, forcing.rejection, p)),
        lost_to_inflammation=(by_inflammation, 0.0),
        lost_to_ischaemia=(by_ischaemia, 0.0),
        lost_to_leukocytes=(by_leukocytes, 0.0),
        node_repair=node_repair_rates(cytokine, cells, forcing.nodes, p),
        myelin=myelin_rates(cytokine, trophic, forcing.remyelination, p),
        matrix=matrix_rates(call, p),
    )
