"""March blocks of patients through time: one compiled loop, made from the functions of a model.

The engine asks a model for five functions (`Model`) and otherwise knows only rows of numbers.  Rows are named by the
offset of their first entry in the block (see `lanes`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy import ndarray

from cordwise.cord.engine.compiled import ARITHMETIC, part
from cordwise.cord.engine.lanes import CELLS, LANES, STRIDE
from cordwise.cord.engine.scheme import correct, predict, solve_implicit, step_signal_twice


@dataclass(frozen=True, slots=True)
class Model:
    """What the engine must be told of a model; every function is a `part` and works on one block.

    Parameters
    ----------
    fields, extra_rows
        Number of fields, of which the first two are signals and diffuse; and number of rows that stay as they are.
    jump_field
        The field that grows by a given course along the axis on given days.
    start
        (block, state, extra, inputs, centres, widths, parameters): set all fields and extra rows at time 0.
    rates, signal_rates
        (block, state, production, loss, extra, forcing, parameters): production and loss of all fields; of signals.
    integrand
        (block, state, extra, forcing, parameters, out, work, lanes): one value for each patient, whose integral the
        engine keeps; `work` has room for two more values.
    read
        (block, state, extra, integral, integrand, widths, parameters, out): what is kept of a patient at a visit.
    digest
        Changes whenever the functions change.
    """

    fields: int
    extra_rows: int
    jump_field: int
    start: Callable[..., None]
    rates: Callable[..., None]
    signal_rates: Callable[..., None]
    integrand: Callable[..., None]
    read: Callable[..., None]
    digest: str


class Layout(NamedTuple):
    """Where the areas of a block start: the state is at 0, and each area has a row for every field."""

    trial: int
    production_0: int
    loss_0: int
    production_1: int
    loss_1: int
    carry: int
    work: int
    extra: int
    total: int
    rate_before: int
    rate_after: int
    spare: int
    size: int


def layout_of(model: Model) -> Layout:
    """Return the layout of the blocks of a model."""
    area = model.fields * STRIDE
    total = area * 8 + model.extra_rows * STRIDE
    return Layout(*(area * number for number in range(1, 9)), *(total + LANES * number for number in (0, 1, 2, 3, 5)))


def make_march(model: Model) -> Callable[..., None]:
    """Return the compiled loop over blocks, steps and visits of a model.

    The closure holds plain numbers, names of functions and a digest, by which the compile cache finds it again.
    """
    start, rates, signal_rates = model.start, model.rates, model.signal_rates
    integrand, read, digest = model.integrand, model.read, model.digest
    at, fields, area, jump_at = layout_of(model), model.fields, model.fields * STRIDE, model.jump_field * STRIDE

    @njit(parallel=True, cache=True, error_model="numpy", fastmath=set(ARITHMETIC))
    def march(inputs: ndarray, grid: tuple, days: ndarray, visit: ndarray, forcing: ndarray, jump: ndarray,
              jumps: ndarray, lanes: int, p: tuple, out: ndarray, full: ndarray) -> None:  # fmt: skip
        _ = digest
        centres, widths, coupling, diffusion = grid
        for b in prange(inputs.shape[0]):
            block = np.zeros(at.size)
            start(block, 0, at.extra, inputs[b], centres, widths, p)
            integrand(block, 0, at.extra, forcing[0, 0], p, at.rate_after, at.spare, lanes)
            for k in range(days.shape[0]):
                if visit[k] >= 0:
                    read(block, 0, at.extra, at.total, at.rate_after, widths, p, out[b, visit[k]])
                    if full.shape[0] > 0:
                        full[b, visit[k]] = block[:area].reshape(fields, CELLS + 1, LANES)[:, :CELLS]
                if k == days.shape[0] - 1:
                    break
                if jump[k] >= 0:
                    add_jump(block, jump_at, jumps[jump[k]], lanes)
                before, after, h = forcing[k, 0], forcing[k, 1], days[k + 1] - days[k]
                integrand(block, 0, at.extra, before, p, at.rate_before, at.spare, lanes)
                take_step(block, at, area, rates, signal_rates, before, after, h, diffusion, coupling, lanes, p)
                integrand(block, 0, at.extra, after, p, at.rate_after, at.spare, lanes)
                for i in range(LANES):
                    block[at.total + i] += h * (block[at.rate_before + i] + block[at.rate_after + i]) / 2

    return march


@part
def take_step(block: ndarray, at: Layout, area: int, rates: Callable[..., None], signal_rates: Callable[..., None],
              before: ndarray, after: ndarray, h: float, diffusion: ndarray, coupling: ndarray, lanes: int,
              p: tuple) -> None:  # fmt: skip
    """Take one block one step further; the signals are solved with the predicted, then with the corrected tissue."""
    p0, l0, p1, l1, trial, carry = at.production_0, at.loss_0, at.production_1, at.loss_1, at.trial, at.carry
    tissue = 2 * STRIDE
    rates(block, 0, p0, l0, at.extra, before, p)
    predict(block, p0, l0, trial, tissue, area, h)
    signal_rates(block, trial, p1, l1, at.extra, after, p)
    solve_implicit(block, 0, p1, l1, trial, carry, 0, diffusion[0], coupling, h, lanes)
    solve_implicit(block, 0, p1, l1, trial, carry, STRIDE, diffusion[1], coupling, h, lanes)
    rates(block, trial, p1, l1, at.extra, after, p)
    correct(block, p0, l0, p1, l1, trial, tissue, area, h)
    signal_rates(block, trial, p1, l1, at.extra, after, p)
    step_signal_twice(block, p0, l0, p1, l1, at.work, trial, carry, 0, diffusion[0], coupling, h, lanes)
    step_signal_twice(block, p0, l0, p1, l1, at.work, trial, carry, STRIDE, diffusion[1], coupling, h, lanes)
    for i in range(area):
        block[i] = max(block[trial + i], 0.0)


@part
def add_jump(block: ndarray, row: int, course: ndarray, lanes: int) -> None:
    """Add a course along the axis to one row, the same for every patient."""
    for cell in range(CELLS):
        for lane in range(min(lanes, LANES)):
            block[row + cell * LANES + lane] += course[cell]
