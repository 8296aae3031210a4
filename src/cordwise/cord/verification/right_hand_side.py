"""The time derivative of one patient's state, compiled from the same kinetics as the engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numba.np.unsafe.ndarray import to_fixed_tuple
from numpy import ndarray

from cordwise.base.compiling import njit
from cordwise.cord.barrier import oedema_diffusivity
from cordwise.cord.engine.compiled import ARITHMETIC, sources_digest
from cordwise.cord.equations import GRAFT, MATRIX, NAMES, OF_STATE
from cordwise.cord.forcing import (
    COURSES_OVER_TIME,
    Forcing,
    blood_left,
    exposure,
    monocytes_released,
    plastic_window,
    rejection,
)
from cordwise.cord.graft import cell_effect
from cordwise.cord.impact import share_of_lesion
from cordwise.cord.inflammation import alarmin_diffusivity
from cordwise.cord.injury import impact, injury_shape, lesion_edge
from cordwise.cord.kinetics import Site, State, kinetics
from cordwise.cord.nodes import open_channels
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.plasticity import growth_rate, training_dose

_FIELDS, _READ = len(NAMES), len(OF_STATE)
_DRIVERS, _PARAMETERS = len(Forcing._fields), len(TissueParameters._fields)
_ALARMIN, _OEDEMA = NAMES.index("alarmin"), NAMES.index("oedema")
_DEBRIS, _MICROGLIA, _LEAK, _VESSEL, _GREY, _AXON, _MYELIN = (
    NAMES.index(name) for name in ("debris", "microglia", "leak", "vessel_damage", "grey", "axon", "myelin")
)
_LEFT, _RIGHT, INJURY, SQUEEZED, EXPOSED, NEAR = range(6)  # what stays as the impact left it
_as_tuple: Any = to_fixed_tuple  # a compiler intrinsic, whose signature outside compiled code is another
_OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "fastmath": set(ARITHMETIC)}


@register_jitable
def drivers_at(
    t: float, depots: ndarray, foreign: float, levers: ndarray, p: TissueParameters, drivers: ndarray
) -> None:
    """Write all drivers of a moment; a row of `depots` is day, amount and the two losses of a dose."""
    drivers[0], drivers[1], drivers[2] = monocytes_released(t, p), rejection(t, foreign, p), 0.0
    drivers[3], drivers[4], drivers[5] = plastic_window(t, p), blood_left(t, p), open_channels(t, p)
    for dose in range(depots.shape[0]):
        day, amount, cell_loss, product_loss = depots[dose]
        if t > day:
            drivers[2] += exposure(t - day, amount, cell_loss, product_loss)
    drivers[COURSES_OVER_TIME:] = levers


def _digest() -> str:
    here, cord = Path(__file__).parent, Path(__file__).parents[1]
    return sources_digest([*here.glob("*.py"), *cord.glob("*.py"), *cord.glob("engine/*.py")])


def _make_right_hand_side(digest: str) -> Callable[..., ndarray]:
    """Return the compiled derivative; the digest makes the compile cache notice changed kinetics."""

    @njit(**_OPTIONS)
    def right_hand_side(
        t: float,
        state: ndarray,
        fixed: ndarray,
        depots: ndarray,
        foreign: float,
        levers: ndarray,
        numbers: ndarray,
    ) -> ndarray:
        _ = digest
        p = TissueParameters(*_as_tuple(numbers, _PARAMETERS))
        drivers = np.empty(_DRIVERS)
        drivers_at(t, depots, foreign, levers, p, drivers)
        forcing = Forcing(*_as_tuple(drivers, _DRIVERS))
        spread = (alarmin_diffusivity(p), oedema_diffusivity(p))
        change, here = np.empty_like(state), np.empty(_READ)
        cells = (state.size - 1) // _FIELDS
        trophic, matrix = 0.0, 0.0
        for cell in range(cells):
            first = cell * _FIELDS
            for i in range(_READ):
                here[i] = state[first + OF_STATE[i]]
            site = Site(fixed[INJURY, cell], fixed[SQUEEZED, cell], fixed[EXPOSED, cell])
            made = kinetics(State(*_as_tuple(here, _READ)), site, forcing, p)
            for i in range(_FIELDS):
                change[first + i] = made[i][0] - made[i][1] * state[first + i]
            for signal in range(2):
                at = first + (_ALARMIN, _OEDEMA)[signal]
                flow = 0.0
                if cell > 0:
                    flow += fixed[_LEFT, cell] * (state[at - _FIELDS] - state[at])
                if cell < cells - 1:
                    flow += fixed[_RIGHT, cell] * (state[at + _FIELDS] - state[at])
                change[at] += spread[signal] * flow
            trophic += fixed[NEAR, cell] * cell_effect(state[first + GRAFT], forcing.exposure, p)
            matrix += fixed[NEAR, cell] * state[first + MATRIX]
        by_cells, slowed = p.cell_trophic * trophic, forcing.matrix * matrix
        change[-1] = growth_rate(forcing.window, by_cells, slowed, training_dose(forcing.training, p), p)
        return change

    return right_hand_side


def _make_after_impact(digest: str) -> Callable[..., tuple[ndarray, ndarray]]:
    """Return the compiled start of one patient."""

    @njit(**_OPTIONS)
    def after_impact(
        severity: float, width_mm: float, centres: ndarray, widths: ndarray, numbers: ndarray
    ) -> tuple[ndarray, ndarray]:
        _ = digest
        p = TissueParameters(*_as_tuple(numbers, _PARAMETERS))
        fixed, state = np.zeros((6, centres.size)), np.zeros(centres.size * _FIELDS + 1)
        edge, sides = lesion_edge(width_mm, p), 1 if centres[0] > 0 else 2
        for cell in range(centres.size):
            shape = injury_shape(centres[cell], width_mm)
            left = impact(severity * shape, p)
            fixed[INJURY, cell], fixed[SQUEEZED, cell] = severity * shape, shape
            fixed[EXPOSED, cell] = left.exposed_axons
            fixed[NEAR, cell] = share_of_lesion(edge, abs(centres[cell]), widths[cell]) / sides
            here = state[cell * _FIELDS : (cell + 1) * _FIELDS]
            here[_ALARMIN], here[_DEBRIS], here[_LEAK] = left.alarmin, left.debris, left.leak
            here[_MICROGLIA], here[_VESSEL] = left.microglia, left.vessel_damage
            here[_GREY], here[_AXON], here[_MYELIN] = left.grey, left.axon, left.myelin
        return fixed, state

    return after_impact


right_hand_side = _make_right_hand_side(_digest())
after_impact = _make_after_impact(_digest())
