"""The leaking blood-spinal cord barrier, and the tissue water that enters through it."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import saturation, square_saturation


@scalar
def protease(neutrophil: float, inflammatory: float, factor: float, p: TissueParameters) -> float:
    """Return how strongly the proteases of leukocytes (MMP-9) act, 0 to 1; they follow the cells that make them."""
    return factor * saturation(neutrophil + p.protease_macrophage * inflammatory, p.protease_half)


@scalar
def leak_rates(
    opened: float, proteases: float, border: float, cells: float, closure: float, p: TissueParameters
) -> tuple[float, float]:
    """Return production and loss of the leak.

    It closes by itself, behind the border, by cells and by a drug (`closure`); proteases open it up to what the blow
    `opened`, and no further.
    """
    closing = p.leak_closure * (1 + p.leak_closure_border * border + p.cell_closure * cells + closure)
    reopening = p.leak_reopening * proteases
    return reopening * opened, reopening + closing


@scalar
def oedema_rates(leak: float, border: float, swelling: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of oedema: it fills through the leak, and drains faster with a border."""
    filling = swelling * p.oedema_filling * square_saturation(leak, p.oedema_leak_half)
    return filling, p.oedema_drainage * (1 + p.oedema_drainage_border * border)


@scalar
def oedema_diffusivity(p: TissueParameters) -> float:
    """Return how fast tissue water spreads (mm2/d)."""
    return p.oedema_diffusion * p.length_scale * p.length_scale
