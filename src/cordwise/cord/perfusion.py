"""Pressure in the injured cord, the blood that flows through it, and the ischaemia that is left.

Pressure follows water and blood within minutes, and flow follows pressure, so that neither is a field of its own; only
the damage to vessels is one.  Pressures are in mmHg, flow is a share of the normal one.
"""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import above, square_saturation


@scalar
def impact_vessel_damage(injury: float, p: TissueParameters) -> float:
    """Return the share of flow that the blow takes by tearing and closing vessels; next to none in a mild injury."""
    return p.impact_vessel_loss * square_saturation(injury, p.impact_vessel_half)


@scalar
def pressure(oedema: float, blood: float, dura: float, squeeze: float, p: TissueParameters) -> float:
    """Return the pressure (mmHg): rest, water and blood against the dura, and an outer squeeze."""
    return p.pressure_rest + dura * p.pressure_stiffness * (oedema + p.pressure_blood * blood) + squeeze


@scalar
def flow(vessel_damage: float, within: float, arterial: float, p: TissueParameters) -> float:
    """Return the flow of blood: autoregulated while the perfusion pressure suffices, falling with it below that.

    Damaged vessels need more pressure: where they are damaged autoregulation is lost from a higher one on.
    """
    perfusion = p.arterial_pressure + arterial - within
    suffices = p.pressure_autoregulated * (1 + p.autoregulation_lost * vessel_damage)
    reached = (perfusion - p.pressure_shut) / (suffices - p.pressure_shut)
    return (1 - vessel_damage) * min(max(reached, 0.0), 1.0)


@scalar
def ischaemia(flow: float, safe: float) -> float:
    """Return how far flow lies below what tissue needs, as a share of that need."""
    return above(safe, flow) / safe


@scalar
def vessel_rates(p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of vessel damage, which heals."""
    return 0.0, p.vessel_healing / p.clock
