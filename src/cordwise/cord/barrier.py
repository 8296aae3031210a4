"""The leaking blood-spinal cord barrier, and the tissue water that enters through it."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import square_saturation


@scalar
def leak_loss(border: float, cells: float, closure: float, p: TissueParameters) -> float:
    """Return the rate at which the barrier closes: by itself, behind the border, by cells and by a drug (`closure`)."""
    return p.leak_closure * (1 + p.leak_closure_border * border + p.cell_closure * cells + closure)


@scalar
def oedema_rates(leak: float, border: float, swelling: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of oedema: it fills through the leak, and drains faster with a border."""
    filling = swelling * p.oedema_filling * square_saturation(leak, p.oedema_leak_half)
    return filling, p.oedema_drainage * (1 + p.oedema_drainage_border * border)


@scalar
def oedema_diffusivity(p: TissueParameters) -> float:
    """Return how fast tissue water spreads (mm2/d)."""
    return p.oedema_diffusion * p.length_scale * p.length_scale
