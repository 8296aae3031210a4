"""The tissue model as the engine wants it: functions on blocks of 16 patients (layout in `engine/lanes.py`).

A block holds the right half of the axis; the left is its mirror image.
"""

from collections.abc import Callable
from pathlib import Path

from numpy import ndarray

from cordwise.cord.barrier import oedema_diffusivity
from cordwise.cord.engine.compiled import part, scalar, sources_digest
from cordwise.cord.engine.lanes import LANES
from cordwise.cord.engine.scheme import Rows, Step, advance, follow, keep, solve_signal
from cordwise.cord.engine.time_loop import MemoryLayout, Model
from cordwise.cord.fields import (
    ALARMIN,
    AXON,
    BORDER,
    BY_INFLAMMATION,
    BY_ISCHAEMIA,
    BY_LEUKOCYTES,
    DEBRIS,
    EXTRA_ROWS,
    FIELDS,
    GRAFT,
    GREY,
    INFLAMMATORY,
    INJURY,
    LEAK,
    MATRIX,
    MICROGLIA,
    MYELIN,
    NEUTROPHIL,
    NODES,
    OEDEMA,
    REPAIR,
    SIGNALS,
    VESSEL,
)
from cordwise.cord.forcing import COURSES_OVER_TIME, blood_left, exposure, monocytes_released, plastic_window, rejection
from cordwise.cord.impact import start
from cordwise.cord.inflammation import alarmin_diffusivity
from cordwise.cord.injury import injury_shape
from cordwise.cord.kinetics import kinetics
from cordwise.cord.nodes import open_channels
from cordwise.cord.patient_numbers import GAINS, INFUSIONS, INPUTS, NUMBERS
from cordwise.cord.views import forcing_at, parameters_at, site_at, state_at
from cordwise.cord.visit import integrate_growth, read, show


@scalar
def amount(block: ndarray, numbers: int, field: int, rates: tuple[float, float]) -> tuple[float, float]:
    """Return the rates of an amount with the changes that an experiment makes to its production."""
    made, lost = rates
    gain, infusion = block[numbers + (GAINS + field) * LANES], block[numbers + (INFUSIONS + field) * LANES]
    return made * gain + infusion, lost


@scalar
def share(block: ndarray, numbers: int, field: int, rates: tuple[float, float]) -> tuple[float, float]:
    """Return the same of a share of a whole: what is made fills up what is missing, so that it counts as loss too."""
    made, lost = rates
    gain, infusion = block[numbers + (GAINS + field) * LANES], block[numbers + (INFUSIONS + field) * LANES]
    changed = made * gain + infusion
    return changed, lost + (changed - made)


@part
def advance_tissue(
    block: ndarray, at: MemoryLayout, rows: Rows, step: Step, kinetics: Callable, coupling: ndarray, lanes: int
) -> None:
    """Take one step: tissue cell by cell, then the two signals along the axis."""
    for cell in range(at.cells):
        for lane in range(min(lanes, LANES)):
            i, n = cell * LANES + lane, at.numbers + lane
            f = forcing_at(block, at.drivers + lane, n + INPUTS * LANES)
            site = site_at(block, at.extra + i, at.stride)
            made = kinetics(state_at(block, at.trial + i, at.stride), site, f, parameters_at(block, n))
            keep(block, i + ALARMIN * at.stride, rows, amount(block, n, ALARMIN, made.alarmin))
            keep(block, i + OEDEMA * at.stride, rows, amount(block, n, OEDEMA, made.oedema))
            advance(block, i + DEBRIS * at.stride, rows, amount(block, n, DEBRIS, made.debris), step)
            advance(block, i + NEUTROPHIL * at.stride, rows, amount(block, n, NEUTROPHIL, made.neutrophil), step)
            advance(block, i + INFLAMMATORY * at.stride, rows, amount(block, n, INFLAMMATORY, made.inflammatory), step)
            advance(block, i + REPAIR * at.stride, rows, amount(block, n, REPAIR, made.repair), step)
            advance(block, i + MICROGLIA * at.stride, rows, amount(block, n, MICROGLIA, made.microglia), step)
            advance(block, i + LEAK * at.stride, rows, share(block, n, LEAK, made.leak), step)
            advance(block, i + BORDER * at.stride, rows, share(block, n, BORDER, made.border), step)
            advance(block, i + VESSEL * at.stride, rows, share(block, n, VESSEL, made.vessel_damage), step)
            advance(block, i + GREY * at.stride, rows, share(block, n, GREY, made.grey), step)
            advance(block, i + AXON * at.stride, rows, share(block, n, AXON, made.axon), step)
            advance(block, i + GRAFT * at.stride, rows, amount(block, n, GRAFT, made.graft), step)
            by_inflammation = amount(block, n, BY_INFLAMMATION, made.lost_to_inflammation)
            by_leukocytes = amount(block, n, BY_LEUKOCYTES, made.lost_to_leukocytes)
            follow(block, i + BY_INFLAMMATION * at.stride, rows, by_inflammation, step)
            follow(
                block, i + BY_ISCHAEMIA * at.stride, rows, amount(block, n, BY_ISCHAEMIA, made.lost_to_ischaemia), step
            )
            follow(block, i + BY_LEUKOCYTES * at.stride, rows, by_leukocytes, step)
            follow(block, i + NODES * at.stride, rows, amount(block, n, NODES, made.node_repair), step)
            follow(block, i + MYELIN * at.stride, rows, share(block, n, MYELIN, made.myelin), step)
            follow(block, i + MATRIX * at.stride, rows, share(block, n, MATRIX, made.matrix), step)
    spread(block, at, lanes)
    solve_signal(block, ALARMIN * at.stride, rows, at.carry, at.work, coupling, step, lanes)
    solve_signal(block, OEDEMA * at.stride, rows, at.carry, at.work + LANES, coupling, step, lanes)


@part
def spread(block: ndarray, at: MemoryLayout, lanes: int) -> None:
    """Write the diffusivity of the two signals (mm2/d) of each patient."""
    for lane in range(min(lanes, LANES)):
        p = parameters_at(block, at.numbers + lane)
        block[at.work + lane] = alarmin_diffusivity(p)
        block[at.work + LANES + lane] = oedema_diffusivity(p)


@part
def drive(
    block: ndarray, at: MemoryLayout, day: float, foreign: float, dose_days: ndarray, depots: ndarray, lanes: int
) -> None:
    """Write the drivers of a day; a depot is a dose outside the cord, of so much, with the losses of its two stages."""
    for lane in range(min(lanes, LANES)):
        p = parameters_at(block, at.numbers + lane)
        block[at.drivers + lane] = monocytes_released(day, p)
        block[at.drivers + LANES + lane] = rejection(day, foreign, p)
        block[at.drivers + 2 * LANES + lane] = 0.0
        block[at.drivers + 3 * LANES + lane] = plastic_window(day, p)
        block[at.drivers + 4 * LANES + lane] = blood_left(day, p)
        block[at.drivers + 5 * LANES + lane] = open_channels(day, p)
    for dose in range(dose_days.shape[0]):
        since = day - dose_days[dose]
        if since > 0:
            for lane in range(min(lanes, LANES)):
                depot = depots[dose]
                arrived = exposure(since, depot[0, lane], depot[1, lane], depot[2, lane])
                block[at.drivers + 2 * LANES + lane] += arrived


@part
def jump(block: ndarray, at: MemoryLayout, change: ndarray, graft: ndarray, centres: ndarray, lanes: int) -> None:
    """Change the fields at once.

    Each field keeps a share of itself, is raised in proportion to the injury, and stays below a ceiling; `change` holds
    these three numbers of each field.  Cells settle in a bell around the centre: `graft` holds how many of each
    patient's, and the standard deviation of their spread (mm).
    """
    for field in range(len(FIELDS)):
        for cell in range(at.cells):
            for lane in range(min(lanes, LANES)):
                i = field * at.stride + cell * LANES + lane
                added = change[field, 1] * block[at.extra + INJURY * at.stride + cell * LANES + lane]
                if field == GRAFT:
                    added += graft[0, lane] * injury_shape(centres[cell], graft[1, lane])
                block[i] = min(change[field, 0] * block[i] + added, change[field, 2])
                block[at.trial + i] = block[i]


_MECHANISMS = (
    "injury response inflammation microglia barrier perfusion scar tracts nodes myelin plasticity graft kinetics"
)
_INTERFACE = "parameters forcing fields patient_numbers views impact visit blocks"
_ENGINE = "lanes compiled source_code scheme time_loop"


def _digest() -> str:
    here = Path(__file__).parent
    names = (*_MECHANISMS.split(), *_INTERFACE.split(), *(f"engine/{name}" for name in _ENGINE.split()))
    return sources_digest(here / f"{name}.py" for name in names)


TISSUE = Model(
    fields=len(FIELDS),
    signals=SIGNALS,
    extra_rows=EXTRA_ROWS,
    numbers=NUMBERS,
    drivers=COURSES_OVER_TIME,
    kinetics=kinetics,
    start=start,
    drive=drive,
    jump=jump,
    advance=advance_tissue,
    integrand=integrate_growth,
    read=read,
    show=show,
    digest=_digest(),
)
