"""The time loop on an NVIDIA GPU: the same loop and the same functions, one thread for each patient.

A block of 16 patients lies in the card's memory as it lies in a processor's (`lanes`).  A thread is given the block
from its own lane on and told that there is one lane, so that neighbouring threads read neighbouring numbers.  Threads
share nothing: a patient's numbers depend neither on the others nor on where the patient stands.

Imported only where numba-cuda is installed.
"""

import math
import warnings
from collections.abc import Callable
from dis import get_instructions
from functools import cache
from types import CellType, FunctionType
from typing import Any

import numpy as np
from numba import cuda
from numpy import ndarray

from cordwise.cord.engine.compiled import rewritten
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.engine.source_code import marks
from cordwise.cord.engine.time_loop import Model, layout_of, loop_over_steps

THREADS = 128
"""Threads of one block of the card: four warps, or eight blocks of patients."""


@cache
def make_cuda_time_loop(model: Model, cells: int) -> Callable[..., None]:
    """Return the time loop on the first GPU, which takes the same arrays as that of `time_loop.make_time_loop`."""

    def run_time_loop(inputs: ndarray, numbers: ndarray, grid: tuple, time: tuple, segments: ndarray, jumps: tuple,
              doses: tuple, lanes: int, out: ndarray, full: ndarray) -> None:  # fmt: skip
        foreign, dose_days, depots = doses
        given = (inputs, numbers, *grid, *time, segments, *jumps, dose_days, depots)
        found = [cuda.device_array(values.shape, values.dtype) for values in (out, full)]
        scratch = cuda.device_array((inputs.shape[0], layout_of(model, cells).size), inputs.dtype)
        there = [cuda.to_device(np.ascontiguousarray(values)) for values in given]
        card_blocks = -(-inputs.shape[0] * lanes // THREADS)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*under-utilization.*")  # a small batch is no mistake
            make_kernel(model, cells, inputs.dtype.type)[card_blocks, THREADS](*there, foreign, lanes, scratch, *found)
        for values, on_card in zip((out, full), found, strict=True):
            if values.size:
                on_card.copy_to_host(values)

    return run_time_loop


@cache
def make_kernel(model: Model, cells: int, kind: type) -> Any:  # noqa: ANN401 - a compiler's own type
    """Return the kernel of a model on an axis of so many cells, with floating-point numbers of one kind.

    The first number of every array but the tables of the batch is that of a block of 16 patients, the last a lane.
    """
    step_block, size = _on_card(loop_over_steps(model, cells), kind), layout_of(model, cells).size

    def step_lane(inputs: ndarray, numbers: ndarray, centres: ndarray, widths: ndarray, coupling: ndarray,
                   ends: ndarray, lengths: ndarray, jump: ndarray, segment: ndarray, visit: ndarray, segments: ndarray,
                   jumps: ndarray, grafts: ndarray, dose_days: ndarray, depots: ndarray, foreign: float,
                   lanes: int, scratch: ndarray, out: ndarray, full: ndarray) -> None:  # fmt: skip
        thread = cuda.grid(1)  # ty: ignore[missing-argument]
        b, lane = thread // lanes, thread % lanes
        if b < inputs.shape[0]:
            end = lane + 1
            block = scratch[b, lane:]
            for place in range(0, size, LANES):
                block[place] = 0.0
            step_block(
                block, b, inputs[:, :, lane:end], numbers[:, :, lane:end], (centres, widths, coupling),
                (ends, lengths, jump, segment, visit), segments, (jumps, grafts[:, :, :, lane:end]),
                (foreign, dose_days, depots[:, :, :, lane:end]), 1, out[:, :, :, lane:end], full[:, :, :, :, lane:end],
            )  # fmt: skip

    return cuda.jit(step_lane)


@cache
def _on_card(function: Callable[..., Any], kind: type) -> Any:  # noqa: ANN401
    """Return a function of a model, and with it all that it calls, as a function of the card."""
    plain = rewritten(function)
    if plain is None:
        raise TypeError(f"{function} is no function of a model")
    used = {each.argval for each in get_instructions(plain) if each.opname == "LOAD_GLOBAL"} | {"__name__"}
    known = plain.__globals__ | _marks(kind)
    names = {name: _there(known[name], kind) for name in used if name in known}
    held = tuple(CellType(_there(cell.cell_contents, kind)) for cell in plain.__closure__ or ())
    return cuda.jit(device=True)(FunctionType(plain.__code__, names, plain.__name__, None, held))


@cache
def _marks(kind: type) -> dict[str, Any]:
    """Return what is marked in a function: every number is of one kind, and no place is counted from the end."""
    in_precision_of = cuda.jit(device=True)(lambda _example, number: kind(number))
    return marks(in_precision_of, cuda.jit(device=True)(lambda index: np.uintp(index)))


def _there(value: object, kind: type) -> object:
    """Return what a name stands for on the card, whose compiler knows fewer functions of numpy than of `math`."""
    if value is np:
        return math
    return _on_card(value, kind) if isinstance(value, FunctionType) and rewritten(value) else value
