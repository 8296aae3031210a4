"""The tissue model with a pulse of alarmin away from the lesion, which no experiment file can ask for."""

from dataclasses import replace

from numpy import ndarray

from cordwise.cord.blocks import TISSUE
from cordwise.cord.engine.compiled import part, scalar
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.engine.time_loop import MemoryLayout
from cordwise.cord.fields import ALARMIN


@scalar
def pulse_at(centre_mm: float, amount: float, place_mm: float, length_mm: float) -> float:
    """Return the alarmin that a pulse adds to a cell: all of it where the centre of the cell lies within the pulse."""
    return amount if abs(centre_mm - place_mm) < length_mm / 2 else 0.0


@part
def jump_by_pulse(
    block: ndarray, at: MemoryLayout, change: ndarray, graft: ndarray, centres: ndarray, lanes: int
) -> None:
    """Add a pulse of alarmin; the first row of `change` holds its amount, its place and its length (mm)."""
    for cell in range(at.cells):
        for lane in range(min(lanes, LANES)):
            i = ALARMIN * at.stride + cell * LANES + lane
            block[i] += pulse_at(centres[cell], change[0, 0], change[0, 1], change[0, 2])
            block[at.trial + i] = block[i]


PULSED = replace(TISSUE, jump=jump_by_pulse, digest=f"{TISSUE.digest} with a pulse")
