"""The astrocyte border that walls the lesion off, and the matrix that stops growth."""

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.response import square_saturation


@scalar
def scar_call(cytokine: float, debris: float, p: TissueParameters) -> float:
    """Return the call, 0 to 1, that builds the border and lays down matrix."""
    return square_saturation(cytokine + p.border_debris_weight * debris, p.border_half)


@scalar
def border_rates(call: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of the border, which is 1 when closed."""
    growth = p.border_growth * call / p.clock
    return growth, growth + p.border_loss / p.clock


@scalar
def matrix_rates(call: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of matrix, laid down by the same call whether or not a border forms."""
    growth = p.matrix_growth * call / p.clock
    return growth, growth + p.border_loss / p.clock
