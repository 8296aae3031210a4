"""The time loop over blocks of patients: one compiled loop, made from the functions of a model.

The engine asks a model for its functions (`Model`) and otherwise knows only rows of numbers.  Rows are named by the
offset of their first entry in the block (see `lanes`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from numpy import linspace, ndarray, zeros

from cordwise.base.compiling import njit
from cordwise.base.threads import in_threads, threads_of_compiled_code
from cordwise.cord.engine.compiled import OPTIONS, loop
from cordwise.cord.engine.lanes import LANES, stride_of
from cordwise.cord.engine.scheme import Rows, Step

_SHARES = 4  # of the blocks for each thread, so that one which is slowed down does not keep the others waiting


@dataclass(frozen=True, slots=True)
class Model:
    """What the engine must be told of a model; every function but `kinetics` is a `part` and works on one block.

    Parameters
    ----------
    fields, signals, extra_rows, numbers, drivers
        How many fields there are, of which the first few are signals and diffuse; rows that stay as they are; numbers
        that each patient has; and numbers that each patient has on each day.
    kinetics
        (state, what stays, drivers, parameters): production and loss of every field of one cell of one patient.
    start
        (block, at, inputs, centres, widths, lanes): set all fields and extra rows at time 0.
    drive
        (block, at, day, foreign, dose days, depots, lanes): set the drivers of a day.
    jump
        (block, at, change, graft, centres, lanes): change fields at once.
    advance
        (block, at, rows, step, kinetics, coupling, lanes): take one step.
    integrand
        (block, at, length, lanes): add the integral over a step of what is integrated.
    read, show
        (block, at, centres, widths, out, lanes), (block, at, out, lanes): what is kept of a patient at a visit; all
        that can be shown of one.
    digest
        Changes whenever the functions change.
    """

    fields: int
    signals: int
    extra_rows: int
    numbers: int
    drivers: int
    kinetics: Callable[..., tuple]
    start: Callable[..., None]
    drive: Callable[..., None]
    jump: Callable[..., None]
    advance: Callable[..., None]
    integrand: Callable[..., None]
    read: Callable[..., None]
    show: Callable[..., None]
    digest: str


class MemoryLayout(NamedTuple):
    """Where the areas of a block start; the state is at 0, and an area has a row for every field it is kept of."""

    trial: int
    production: int
    loss: int
    before: int
    carry: int
    extra: int
    numbers: int
    drivers: int
    total: int
    rate: int
    work: int
    size: int
    stride: int
    cells: int


def layout_of(model: Model, cells: int) -> MemoryLayout:
    """Return the layout of the blocks of a model on an axis of so many cells."""
    stride, spots = stride_of(cells), [0]
    for rows in (model.fields,) * 4 + (model.signals, model.signals, model.extra_rows):
        spots.append(spots[-1] + rows * stride)
    for lanes in (model.numbers, model.drivers, 1, 1, 2):
        spots.append(spots[-1] + lanes * LANES)
    return MemoryLayout(*spots[1:], stride, cells)


@cache
def loop_over_steps(model: Model, cells: int) -> Callable[..., None]:
    """Return the loop over steps and visits of one block, to be compiled for a processor or a graphics card.

    It takes the block, all zeros; its number; and the arrays of `make_time_loop`, of which `lanes` lanes are simulated.
    """
    start, drive, jump_fields, advance, kinetics = model.start, model.drive, model.jump, model.advance, model.kinetics
    integrand, read, show = model.integrand, model.read, model.show
    at, count = layout_of(model, cells), model.numbers
    rows = Rows(at.trial, at.production, at.loss, at.before, at.stride, at.cells)

    # Functions of their own: the loop over blocks would make variables of the constants that it closes over, and only
    # where the block comes in as an argument does the compiler see that its rows do not overlap.
    @loop
    def take_step(block: ndarray, h: ndarray, coupling: ndarray, lanes: int) -> None:
        step = Step(h[0], h[1], h[2], h[3])
        advance(block, at, rows, step, kinetics, coupling, lanes)
        integrand(block, at, step.length, lanes)

    @loop
    def step_block(block: ndarray, b: int, inputs: ndarray, numbers: ndarray, grid: tuple, time: tuple,
                    segments: ndarray, jumps: tuple, doses: tuple, lanes: int, out: ndarray,
                    full: ndarray) -> None:  # fmt: skip
        centres, widths, coupling = grid
        ends, lengths, jump, segment, visit = time
        foreign, dose_days, depots = doses
        for k in range(ends.shape[0]):
            if k == 0 or segment[k] != segment[k - 1]:
                factor, offset = segments[segment[k], 0], segments[segment[k], 1]
                for n in range(count):
                    for lane in range(min(lanes, LANES)):
                        block[at.numbers + n * LANES + lane] = numbers[b, n, lane] * factor[n] + offset[n]
            if k == 0:
                start(block, at, inputs[b], centres, widths, lanes)
            if jump[k] >= 0:
                jump_fields(block, at, jumps[0][jump[k]], jumps[1][b, jump[k]], centres, lanes)
            drive(block, at, ends[k], foreign, dose_days, depots[b], lanes)
            take_step(block, lengths[k], coupling, lanes)
            if visit[k] >= 0:
                read(block, at, centres, widths, out[b, visit[k]], lanes)
                if full.shape[0] > 0:
                    show(block, at, full[b, visit[k]], lanes)

    return step_block


@cache
def make_time_loop(model: Model, cells: int) -> Callable[..., None]:
    """Return the loop over blocks, steps and visits of a model on an axis of so many cells.

    The compiled part simulates some of the blocks; threads share them.  A loop that the compiler made parallel itself
    would be compiled several times over.  The closure holds plain numbers, names of functions and a digest, by which
    the compile cache finds it again.
    """
    step_block, size, digest = loop_over_steps(model, cells), layout_of(model, cells).size, model.digest

    @njit(nogil=True, cache=True, **OPTIONS)
    def run_some(first: int, beyond: int, inputs: ndarray, numbers: ndarray, grid: tuple, time: tuple, segments:
                   ndarray, jumps: tuple, doses: tuple, lanes: int, out: ndarray, full: ndarray) -> None:  # fmt: skip
        _ = digest
        block = zeros(size, inputs.dtype)
        for b in range(first, beyond):
            block[:] = 0
            step_block(block, b, inputs, numbers, grid, time, segments, jumps, doses, lanes, out, full)

    def run_time_loop(inputs: ndarray, *arrays: Any) -> None:  # noqa: ANN401 - arrays and tuples of arrays
        """Simulate all blocks, a few at a time in every thread."""
        blocks, threads = inputs.shape[0], threads_of_compiled_code()
        shares = 1 if threads == 1 else min(blocks, _SHARES * threads)
        cuts = linspace(0, blocks, shares + 1).astype(int).tolist()
        for _ in in_threads(lambda ends: run_some(*ends, inputs, *arrays), pairwise(cuts)):
            pass

    return run_time_loop
