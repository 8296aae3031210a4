"""One step in time for fields written as production minus loss times the field.

The rates are evaluated once a step, where the fields are predicted to be at its end.  *Tissue* is local and slow:
production and loss are extrapolated from the two steps before for the prediction, and interpolated for the correction;
both weights are ratios of polynomials, so that a field stays positive for every step length.  *Signals* diffuse: they
are extrapolated, then solved implicitly by the two-step backward differentiation formula, which after a restart is
backward Euler.  Everything is of second order.
"""

from typing import NamedTuple

from numpy import ndarray

from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import LANES


class Step(NamedTuple):
    """A step: its length, the next one's length, and how far rates and signals are extrapolated over the next one.

    `ahead` is the next length over this one, and `behind` this length over the last one; 0 where the rates restart.
    """

    length: float
    next_length: float
    ahead: float
    behind: float


class Rows(NamedTuple):
    """Where the areas of a block start; an area has a row for every field, and rows lie `stride` apart."""

    trial: int
    production: int
    loss: int
    before: int
    stride: int
    cells: int


@scalar
def predicted(value: float, production: float, loss: float, step: float) -> float:
    """Return the field after a step with constant production and loss."""
    x = step * loss
    weight = 1 + x * (1 / 2 + x * (1 / 6))
    return (value + step * production * weight) / (1 + x * weight)


@scalar
def corrected(
    value: float, production_0: float, loss_0: float, production_1: float, loss_1: float, step: float
) -> float:
    """Return the field after a step whose production and loss change from their first to their second values."""
    x = (1 / 2) * step * (loss_0 + loss_1)
    first = 1 / 2 + x * (1 / 6)
    second = 1 / 2 + x * (1 / 3 + x * (1 / 6))
    return (value + step * (production_0 * first + production_1 * second)) / (1 + x * (1 + x * first))


@scalar
def extrapolated(before: float, now: float, ahead: float) -> float:
    """Return a rate in the middle of the next step, which is `ahead` times as long as this one; at least 0."""
    return max(now + (1 / 2) * ahead * (now - before), 0.0)


@scalar
def advance(block: ndarray, at: int, rows: Rows, rates: tuple[float, float], step: Step) -> None:
    """Correct a tissue field of one cell of one patient, given its rates at the end of the step; predict the next."""
    made, lost = rates
    production, loss = block[rows.production + at], block[rows.loss + at]
    value = corrected(block[at], production, loss, made, lost, step.length)
    block[at] = value
    block[rows.trial + at] = predicted(
        value, extrapolated(production, made, step.ahead), extrapolated(loss, lost, step.ahead), step.next_length
    )
    block[rows.production + at] = made
    block[rows.loss + at] = lost


@scalar
def follow(block: ndarray, at: int, rows: Rows, rates: tuple[float, float], step: Step) -> None:
    """Correct a tissue field that no rate reads, and so needs no prediction."""
    made, lost = rates
    block[at] = corrected(block[at], block[rows.production + at], block[rows.loss + at], made, lost, step.length)
    block[rows.production + at] = made
    block[rows.loss + at] = lost


@scalar
def keep(block: ndarray, at: int, rows: Rows, rates: tuple[float, float]) -> None:
    """Keep the rates of a signal, which is solved when the rates of all cells are known."""
    made, lost = rates
    block[rows.production + at] = made
    block[rows.loss + at] = lost


class Formula(NamedTuple):
    """The two-step backward formula: weights of the last two values, and the share of the step that is implicit."""

    last: float
    before_last: float
    implicit: float


@scalar
def backward_formula(step: Step) -> Formula:
    """Return the formula of a step; `step.behind` of 0 makes it backward Euler."""
    w = step.behind
    scale = 1 / (1 + 2 * w)
    return Formula((1 + w) * (1 + w) * scale, w * w * scale, step.length * (1 + w) * scale)


@scalar
def known_side(block: ndarray, at: int, rows: Rows, formula: Formula) -> float:
    """Return what is known of a signal before the implicit solve; keep the present value as the one before."""
    value = block[at]
    known = formula.last * value - formula.before_last * block[rows.before + at]
    block[rows.before + at] = value
    return known + formula.implicit * block[rows.production + at]


@scalar
def first_pivot(loss: float, right: float, implicit: float) -> float:
    """Return the reciprocal pivot of the first cell."""
    return 1 / (1 + implicit * loss + right)


@scalar
def next_pivot(loss: float, left: float, right: float, carry: float, implicit: float) -> float:
    """Return the reciprocal pivot of a cell, given the carry of its left neighbour."""
    return 1 / (1 + implicit * loss + right + left * (1 - carry))


@scalar
def settle(block: ndarray, at: int, rows: Rows, value: float, step: Step) -> None:
    """Keep a solved signal, not below 0, and extrapolate it over the next step."""
    positive = max(value, 0.0)
    block[at] = positive
    block[rows.trial + at] = max(positive + step.ahead * (positive - block[rows.before + at]), 0.0)


@part
def solve_signal(
    block: ndarray, field: int, rows: Rows, carry: int, diffusivity: int, coupling: ndarray, step: Step, lanes: int
) -> None:
    """Solve one signal implicitly along the axis; no flux at the ends.

    `field` is the offset of its row, `carry` that of a row to work in, `diffusivity` that of one number a patient.
    """
    formula = backward_formula(step)
    spread = formula.implicit * coupling[1, 0]
    for lane in range(min(lanes, LANES)):
        i = field + lane
        right = spread * block[diffusivity + lane]
        pivot = first_pivot(block[rows.loss + i], right, formula.implicit)
        block[i] = known_side(block, i, rows, formula) * pivot
        block[carry + lane] = right * pivot
    for cell in range(1, rows.cells):
        from_left, to_right = formula.implicit * coupling[0, cell], formula.implicit * coupling[1, cell]
        first = cell * LANES
        for lane in range(min(lanes, LANES)):
            i, j = field + first + lane, carry + first + lane
            left, right = from_left * block[diffusivity + lane], to_right * block[diffusivity + lane]
            pivot = next_pivot(block[rows.loss + i], left, right, block[j - LANES], formula.implicit)
            block[i] = (known_side(block, i, rows, formula) + left * block[i - LANES]) * pivot
            block[j] = right * pivot
    last = field + (rows.cells - 1) * LANES
    for lane in range(min(lanes, LANES)):
        settle(block, last + lane, rows, block[last + lane], step)
    for back in range(1, rows.cells):
        first = (rows.cells - 1 - back) * LANES
        for lane in range(min(lanes, LANES)):
            i = field + first + lane
            settle(block, i, rows, block[i] + block[carry + first + lane] * block[i + LANES], step)
