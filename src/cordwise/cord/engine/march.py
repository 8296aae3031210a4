"""March blocks of patients through time: one compiled loop, made from the functions of a model.

The engine asks a model for five functions (`Model`) and otherwise knows only rows of numbers.  Rows are named by the
offset of their first entry in the block (see `lanes`).
"""

from collections.abc import Callable
from dataclasses import dataclass

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


def make_march(model: Model) -> Callable[..., None]:
    """Return the compiled loop over blocks, steps and visits of a model.

    The closure holds plain numbers, names of functions and a digest, by which the compile cache finds it again.
    """
    start, rates, signal_rates, integrand, read = (
        model.start,
        model.rates,
        model.signal_rates,
        model.integrand,
        model.read,
    )
    fields, digest = model.fields, model.digest
    area, jump_at, tissue = fields * STRIDE, model.jump_field * STRIDE, 2 * STRIDE
    trial, p0, l0, p1, l1, carry, work, extra = (area * number for number in range(1, 9))
    total = extra + model.extra_rows * STRIDE
    rate_before, rate_after, spare = (total + LANES * number for number in range(1, 4))
    size = spare + 2 * LANES

    @njit(parallel=True, cache=True, error_model="numpy", fastmath=set(ARITHMETIC))
    def march(
        inputs: ndarray,
        centres: ndarray,
        widths: ndarray,
        coupling: ndarray,
        diffusion: ndarray,
        days: ndarray,
        visit: ndarray,
        forcing: ndarray,
        jump: ndarray,
        jumps: ndarray,
        lanes: int,
        p: tuple,
        out: ndarray,
        full: ndarray,
    ) -> None:
        _ = digest
        for b in prange(inputs.shape[0]):
            block = np.zeros(size)
            start(block, 0, extra, inputs[b], centres, widths, p)
            integrand(block, 0, extra, forcing[0, 0], p, rate_after, spare, lanes)
            for k in range(days.shape[0]):
                if visit[k] >= 0:
                    read(block, 0, extra, total, rate_after, widths, p, out[b, visit[k]])
                    if full.shape[0] > 0:
                        full[b, visit[k]] = block[:area].reshape(fields, CELLS + 1, LANES)[:, :CELLS]
                if k == days.shape[0] - 1:
                    break
                if jump[k] >= 0:
                    add_jump(block, jump_at, jumps[jump[k]], lanes)
                before, after, h = forcing[k, 0], forcing[k, 1], days[k + 1] - days[k]
                integrand(block, 0, extra, before, p, rate_before, spare, lanes)

                rates(block, 0, p0, l0, extra, before, p)
                predict(block, p0, l0, trial, tissue, area, h)
                signal_rates(block, trial, p1, l1, extra, after, p)
                solve_implicit(block, 0, p1, l1, trial, carry, 0, diffusion[0], coupling, h, lanes)
                solve_implicit(block, 0, p1, l1, trial, carry, STRIDE, diffusion[1], coupling, h, lanes)
                rates(block, trial, p1, l1, extra, after, p)
                correct(block, p0, l0, p1, l1, trial, tissue, area, h)
                signal_rates(block, trial, p1, l1, extra, after, p)
                step_signal_twice(block, p0, l0, p1, l1, work, trial, carry, 0, diffusion[0], coupling, h, lanes)
                step_signal_twice(block, p0, l0, p1, l1, work, trial, carry, STRIDE, diffusion[1], coupling, h, lanes)
                for i in range(area):
                    block[i] = max(block[trial + i], 0.0)

                integrand(block, 0, extra, after, p, rate_after, spare, lanes)
                for i in range(LANES):
                    block[total + i] += h * (block[rate_before + i] + block[rate_after + i]) / 2

    return march


@part
def add_jump(block: ndarray, row: int, course: ndarray, lanes: int) -> None:
    """Add a course along the axis to one row, the same for every patient."""
    for cell in range(CELLS):
        for lane in range(min(lanes, LANES)):
            block[row + cell * LANES + lane] += course[cell]
