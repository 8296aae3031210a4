"""March blocks of patients through time: one compiled loop, made from a model's functions and kept in the compile cache.

The engine asks a model for five functions (`Model`) and otherwise knows only rows of numbers.  Rows are named by the
offset of their first entry in the block (see `lanes`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit, prange

from cordwise.cord.engine.compiled import ARITHMETIC, part
from cordwise.cord.engine.lanes import CELLS, LANES, ROW
from cordwise.cord.engine.scheme import GAMMA, corrected, mix, predicted, solve_implicit


@dataclass(frozen=True, slots=True)
class Model:
    """What the engine must be told of a model; every function is a `part` and works on one block.

    Parameters
    ----------
    fields, extra_rows
        Number of fields, and of rows that stay as they are (what the kinetics need of the patient).
    tissue, signals
        Which fields are local, and which diffuse.
    jump_field
        The field that grows by a given course along the axis on given days.
    start
        (block, state, extra, inputs, centres, widths, parameters): set all fields and extra rows at time 0.
    rates, signal_rates
        (block, state, production, loss, extra, forcing, parameters): production and loss of all fields; of signals only.
    integrand
        (block, state, extra, forcing, parameters, out, work, lanes): one value for each patient, of which the engine keeps
        the integral; `work` has room for two more values.
    read
        (block, state, extra, integral, integrand, widths, parameters, out): what is kept of a patient at a visit.
    digest
        Changes whenever the functions change.
    """

    fields: int
    extra_rows: int
    tissue: tuple[int, ...]
    signals: tuple[int, ...]
    jump_field: int
    start: Callable[..., None]
    rates: Callable[..., None]
    signal_rates: Callable[..., None]
    integrand: Callable[..., None]
    read: Callable[..., None]
    digest: str


def make_step(model: Model) -> Callable[..., None]:
    """Return the function that takes one block one step further."""
    rates, signal_rates, tissue, signals, fields = (
        model.rates,
        model.signal_rates,
        model.tissue,
        model.signals,
        model.fields,
    )
    size = fields * ROW
    trial, production_0, loss_0, production_1, loss_1, work = size, 2 * size, 3 * size, 4 * size, 5 * size, 6 * size
    carry, mixed_production, mixed_loss, stage = work, work + ROW, work + 2 * ROW, work + 3 * ROW
    extra = work + 4 * ROW

    def step(block, before, after, h, diffusion, coupling, lanes, parameters):  # noqa: ANN001, ANN202
        rates(block, 0, production_0, loss_0, extra, before, parameters)
        for field in tissue:
            for i in range(field * ROW, (field + 1) * ROW):
                block[trial + i] = predicted(block[i], block[production_0 + i], block[loss_0 + i], h)
        for field in signals:
            for i in range(field * ROW, (field + 1) * ROW):
                block[trial + i] = block[i]
        signal_rates(block, trial, production_1, loss_1, extra, after, parameters)
        for field in signals:
            at = field * ROW
            solve_implicit(
                block, at, production_1 + at, loss_1 + at, diffusion[field], coupling, h, lanes, trial + at, carry
            )
        rates(block, trial, production_1, loss_1, extra, after, parameters)
        for field in tissue:
            for i in range(field * ROW, (field + 1) * ROW):
                block[trial + i] = corrected(
                    block[i],
                    block[production_0 + i],
                    block[loss_0 + i],
                    block[production_1 + i],
                    block[loss_1 + i],
                    h,
                )
        signal_rates(block, trial, production_1, loss_1, extra, after, parameters)
        for field in signals:
            at = field * ROW
            mix(block, production_0 + at, production_1 + at, GAMMA, mixed_production)
            mix(block, loss_0 + at, loss_1 + at, GAMMA, mixed_loss)
            solve_implicit(
                block, at, mixed_production, mixed_loss, diffusion[field], coupling, GAMMA * h, lanes, stage, carry
            )
            for i in range(ROW):
                block[stage + i] = block[at + i] + (1 - GAMMA) / GAMMA * (block[stage + i] - block[at + i])
            solve_implicit(
                block,
                stage,
                production_1 + at,
                loss_1 + at,
                diffusion[field],
                coupling,
                GAMMA * h,
                lanes,
                trial + at,
                carry,
            )
        for i in range(size):
            block[i] = max(block[trial + i], 0.0)

    return part(step)


def make_march(model: Model) -> Callable[..., None]:
    """Return the compiled loop over blocks, steps and visits of a model."""
    start, integrand, read, digest = model.start, model.integrand, model.read, model.digest
    jump_at, fields = model.jump_field * ROW, model.fields
    extra = (6 * fields + 4) * ROW
    sums = extra + model.extra_rows * ROW
    size = sums + 5 * LANES
    step = make_step(model)

    @njit(parallel=True, cache=True, error_model="numpy", fastmath=set(ARITHMETIC))
    def march(  # noqa: ANN202
        inputs, centres, widths, coupling, diffusion, days, visit, forcing, jump, jumps, lanes, parameters, out, full  # noqa: ANN001
    ):
        _ = digest
        for b in prange(inputs.shape[0]):
            block = np.zeros(size)
            total, rate_before, rate_after, spare = sums, sums + LANES, sums + 2 * LANES, sums + 3 * LANES
            start(block, 0, extra, inputs[b], centres, widths, parameters)
            integrand(block, 0, extra, forcing[0, 0], parameters, rate_after, spare, lanes)
            for k in range(days.shape[0]):
                if visit[k] >= 0:
                    read(block, 0, extra, total, rate_after, widths, parameters, out[b, visit[k]])
                    if full.shape[0] > 0:
                        full[b, visit[k]] = block[: fields * ROW].reshape(fields, CELLS, LANES)
                if k == days.shape[0] - 1:
                    break
                if jump[k] >= 0:
                    for cell in range(CELLS):
                        for lane in range(min(lanes, LANES)):
                            block[jump_at + cell * LANES + lane] += jumps[jump[k], cell]
                h = days[k + 1] - days[k]
                integrand(block, 0, extra, forcing[k, 0], parameters, rate_before, spare, lanes)
                step(block, forcing[k, 0], forcing[k, 1], h, diffusion, coupling, lanes, parameters)
                integrand(block, 0, extra, forcing[k, 1], parameters, rate_after, spare, lanes)
                for lane in range(LANES):
                    block[total + lane] += h * (block[rate_before + lane] + block[rate_after + lane]) / 2

    return march
