"""Alarmins, debris, the cytokine mix, neutrophils and macrophages.

Rates of cells are divided by the clock of the species, which is 1 in rodents.
"""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.microglia import microglial_share
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import above, saturation, square_saturation


@scalar
def anti_inflammatory_mix(repair: float, cells: float, p: TissueParameters) -> float:
    """Return the anti-inflammatory mix of repair macrophages and cell product."""
    return p.anti_repair * repair + p.cell_anti * cells


@scalar
def cytokine_mix(
    alarmin: float, neutrophil: float, inflammatory: float, microglia: float, anti: float, p: TissueParameters
) -> float:
    """Return the inflammatory mix; it follows its sources within hours and so is no field of its own."""
    from_alarmin = p.cytokine_alarmin * square_saturation(alarmin, p.cytokine_alarmin_half)
    from_alarmin = from_alarmin * microglial_share(microglia, p.microglia_cytokine)
    sources = from_alarmin + p.cytokine_neutrophil * neutrophil + p.cytokine_macrophage * inflammatory
    return sources / (1 + anti / p.cytokine_brake_half)


@scalar
def alarmin_rates(lost: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of alarmin, given the rate at which tissue is lost."""
    return p.alarmin_per_loss * lost, p.alarmin_loss


@scalar
def debris_rates(lost: float, repair: float, by_microglia: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of debris; microglia clear it first, then repair macrophages."""
    return p.debris_per_loss * lost, p.debris_clearance * repair / p.clock + by_microglia


@scalar
def neutrophil_rates(
    alarmin: float, cytokine: float, through_wall: float, with_blood: float, p: TissueParameters
) -> tuple[float, float]:
    """Return production and loss of neutrophils, which enter where alarm is high.

    Some pass the leaking wall, for which they must adhere to it; some come with blood that the blow let in.
    """
    doors = through_wall + p.neutrophil_blood * with_blood
    entry = p.neutrophil_entry * doors * square_saturation(alarmin + cytokine, p.neutrophil_half)
    return entry / p.clock, p.neutrophil_loss / p.clock


@scalar
def monocyte_influx(
    alarmin: float,
    debris: float,
    cytokine: float,
    macrophages: float,
    leak: float,
    released: float,
    p: TissueParameters,
) -> float:
    """Return the rate at which monocytes enter; `released` is the share that the body has made ready."""
    call = alarmin + p.phagocyte_debris_weight * debris + p.phagocyte_cytokine_weight * cytokine
    room = above(1.0, macrophages / p.crowding)
    trigger = square_saturation(call, p.phagocyte_half) * room
    return released * p.monocyte_entry * (p.monocyte_leak_floor + leak) * trigger / p.clock


@scalar
def turn_to_repair(anti: float, cells: float, push: float, p: TissueParameters) -> float:
    """Return the rate at which inflammatory macrophages turn to the repair type; `push` is a drug's part."""
    return (p.turn_to_repair * saturation(anti, p.repair_half) + p.cell_push * cells + push) / p.clock


@scalar
def turn_to_inflammatory(cytokine: float, debris: float, p: TissueParameters) -> float:
    """Return the rate at which repair macrophages turn back."""
    alarm = cytokine + p.inflammatory_debris_weight * debris
    return p.turn_to_inflammatory * saturation(alarm, p.inflammatory_half) / p.clock


@scalar
def macrophage_death(debris: float, p: TissueParameters) -> float:
    """Return the loss rate of inflammatory macrophages; those that feed on debris die sooner."""
    return p.macrophage_loss * (1 + p.macrophage_debris_death * debris) / p.clock


@scalar
def inflammatory_rates(
    influx: float, repair: float, to_repair: float, to_inflammatory: float, death: float, p: TissueParameters
) -> tuple[float, float]:
    """Return production and loss of inflammatory macrophages."""
    return p.born_inflammatory * influx + to_inflammatory * repair, to_repair + death


@scalar
def repair_rates(
    influx: float, inflammatory: float, to_repair: float, to_inflammatory: float, death: float, p: TissueParameters
) -> tuple[float, float]:
    """Return production and loss of repair macrophages."""
    production = (1 - p.born_inflammatory) * influx + to_repair * inflammatory
    return production, to_inflammatory + p.repair_loss_ratio * death


@scalar
def alarmin_diffusivity(p: TissueParameters) -> float:
    """Return how fast alarmin spreads (mm2/d)."""
    return p.alarmin_diffusion
