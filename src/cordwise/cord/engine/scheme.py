"""One step in time for fields written as production minus loss times the field.

*Tissue* is local and slow: an exponential predictor and corrector whose weights are ratios of polynomials, so that a
field stays positive for every step length.  *Signals* diffuse, and are linear in themselves: backward Euler, then a
two-stage diagonally implicit Runge-Kutta step (SDIRK2).  Both are of second order.
"""

import math

from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import CELLS, LANES, ROW

GAMMA = 1 - 1 / math.sqrt(2)  # makes the two-stage scheme of second order and L-stable
HALF, THIRD, SIXTH = 1 / 2, 1 / 3, 1 / 6


@scalar
def predicted(value, production, loss, step):  # noqa: ANN001, ANN201
    """Return the field after a step with constant production and loss."""
    x = step * loss
    weight = 1 + x * (HALF + x * SIXTH)
    return (value + step * production * weight) / (1 + x * weight)


@scalar
def corrected(value, production_0, loss_0, production_1, loss_1, step):  # noqa: ANN001, ANN201
    """Return the field after a step whose production and loss change from their first to their second values."""
    x = HALF * step * (loss_0 + loss_1)
    first = HALF + x * SIXTH
    second = HALF + x * (THIRD + x * SIXTH)
    return (value + step * (production_0 * first + production_1 * second)) / (1 + x * (1 + x * first))


@part
def solve_implicit(block, value, production, loss, diffusion, coupling, step, lanes, out, carry):  # noqa: ANN001, ANN201
    """Solve (1 + step*loss - step*diffusion*d2/dx2) out = value + step*production; arguments name the first entry of rows."""
    for cell in range(CELLS):
        left, right = step * diffusion * coupling[0, cell], step * diffusion * coupling[1, cell]
        here = cell * LANES
        before = max(here - LANES, 0)  # the first cell has no left neighbour: its coupling is 0
        for lane in range(min(lanes, LANES)):
            i = here + lane
            j = before + lane
            pivot = 1 / (1 + step * block[loss + i] + left + right - left * block[carry + j])
            known = block[value + i] + step * block[production + i]
            block[out + i] = (known + left * block[out + j]) * pivot
            block[carry + i] = right * pivot
    for back in range(1, CELLS):
        here = (CELLS - 1 - back) * LANES
        for lane in range(min(lanes, LANES)):
            i = here + lane
            block[out + i] += block[carry + i] * block[out + i + LANES]


@part
def mix(block, first, second, weight, out):  # noqa: ANN001, ANN201
    """Set row `out` to (1 - weight) * first + weight * second."""
    for i in range(ROW):
        block[out + i] = block[first + i] + weight * (block[second + i] - block[first + i])
