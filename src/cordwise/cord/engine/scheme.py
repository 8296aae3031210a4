"""One step in time for fields written as production minus loss times the field.

*Tissue* is local and slow: an exponential predictor and corrector whose weights are ratios of polynomials, so that a
field stays positive for every step length.  *Signals* diffuse, and are linear in themselves: backward Euler, then a
two-stage diagonally implicit Runge-Kutta step (SDIRK2).  Both are of second order.
"""

import math

from numpy import ndarray

from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import CELLS, LANES, ROW

GAMMA = 1 - 1 / math.sqrt(2)  # makes the two-stage scheme of second order and L-stable
HALF, THIRD, SIXTH = 1 / 2, 1 / 3, 1 / 6


@scalar
def predicted(value: float, production: float, loss: float, step: float) -> float:
    """Return the field after a step with constant production and loss."""
    x = step * loss
    weight = 1 + x * (HALF + x * SIXTH)
    return (value + step * production * weight) / (1 + x * weight)


@scalar
def corrected(
    value: float, production_0: float, loss_0: float, production_1: float, loss_1: float, step: float
) -> float:
    """Return the field after a step whose production and loss change from their first to their second values."""
    x = HALF * step * (loss_0 + loss_1)
    first = HALF + x * SIXTH
    second = HALF + x * (THIRD + x * SIXTH)
    return (value + step * (production_0 * first + production_1 * second)) / (1 + x * (1 + x * first))


@part
def predict(block: ndarray, production: int, loss: int, trial: int, tissue: int, end: int, step: float) -> None:
    """Write the predicted tissue (rows from `tissue` to `end`) to `trial`, and the signals as they are."""
    for i in range(tissue):
        block[trial + i] = block[i]
    for i in range(tissue, end):
        block[trial + i] = predicted(block[i], block[production + i], block[loss + i], step)


@part
def correct(
    block: ndarray,
    production_0: int,
    loss_0: int,
    production_1: int,
    loss_1: int,
    trial: int,
    tissue: int,
    end: int,
    step: float,
) -> None:
    """Write the corrected tissue to `trial`, from the rates at the start and those at the predicted end."""
    for i in range(tissue, end):
        block[trial + i] = corrected(
            block[i],
            block[production_0 + i],
            block[loss_0 + i],
            block[production_1 + i],
            block[loss_1 + i],
            step,
        )


@part
def step_signal_twice(
    block: ndarray,
    production_0: int,
    loss_0: int,
    production_1: int,
    loss_1: int,
    work: int,
    trial: int,
    carry: int,
    at: int,
    diffusion: float,
    coupling: ndarray,
    step: float,
    lanes: int,
) -> None:
    """Write a signal after the two stages of SDIRK2 to `trial`; `work` is an area that this may overwrite."""
    part_step = GAMMA * step
    onwards = (1 - GAMMA) / GAMMA
    for i in range(at, at + ROW):
        block[production_0 + i] += GAMMA * (block[production_1 + i] - block[production_0 + i])
        block[loss_0 + i] += GAMMA * (block[loss_1 + i] - block[loss_0 + i])
    solve_implicit(block, 0, production_0, loss_0, work, carry, at, diffusion, coupling, part_step, lanes)
    for i in range(at, at + ROW):
        block[work + i] = block[i] + onwards * (block[work + i] - block[i])
    solve_implicit(block, work, production_1, loss_1, trial, carry, at, diffusion, coupling, part_step, lanes)


@part
def solve_implicit(
    block: ndarray,
    value: int,
    production: int,
    loss: int,
    out: int,
    carry: int,
    at: int,
    diffusion: float,
    coupling: ndarray,
    step: float,
    lanes: int,
) -> None:
    """Solve (1 + step*loss - step*diffusion*d2/dx2) out = value + step*production for the row that starts at `at`.

    The other offsets name areas, each with a row for every field; no flux at the ends.
    """
    right = step * diffusion * coupling[1, 0]
    for i in range(at, at + min(lanes, LANES)):
        pivot = 1 / (1 + step * block[loss + i] + right)
        block[out + i] = (block[value + i] + step * block[production + i]) * pivot
        block[carry + i] = right * pivot
    for cell in range(1, CELLS):
        left, right = step * diffusion * coupling[0, cell], step * diffusion * coupling[1, cell]
        first = at + cell * LANES
        for i in range(first, first + min(lanes, LANES)):
            pivot = 1 / (1 + step * block[loss + i] + right + left * (1 - block[carry + i - LANES]))
            known = block[value + i] + step * block[production + i]
            block[out + i] = (known + left * block[out + i - LANES]) * pivot
            block[carry + i] = right * pivot
    for back in range(1, CELLS):
        first = at + (CELLS - 1 - back) * LANES
        for i in range(first, first + min(lanes, LANES)):
            block[out + i] += block[carry + i] * block[out + i + LANES]
