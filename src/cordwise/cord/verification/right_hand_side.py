"""The time derivative of one patient's state, compiled from the same kinetics as the engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from numba.np.unsafe.ndarray import to_fixed_tuple
from numpy import ndarray

from cordwise.cord.engine.compiled import ARITHMETIC, scalar, sources_digest
from cordwise.cord.forcing import Forcing
from cordwise.cord.graft import cell_effect
from cordwise.cord.injury import injury_shape, lesion_edge
from cordwise.cord.kinetics import State, kinetics
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.plasticity import growth_rate
from cordwise.cord.verification.equations import (
    GRAFT,
    MATRIX,
    NAMES,
    OF_STATE,
    TIMED_DRIVERS,
    alarmin_diffusivity,
    impact,
    oedema_diffusivity,
    share_in_lesion,
)

_FIELDS, _READ = len(NAMES), len(OF_STATE)
_DRIVERS, _PARAMETERS = len(Forcing._fields), len(TissueParameters._fields)
_ALARMIN, _OEDEMA = NAMES.index("alarmin"), NAMES.index("oedema")
_DEBRIS, _LEAK, _GREY, _AXON, _MYELIN = (NAMES.index(name) for name in ("debris", "leak", "grey", "axon", "myelin"))
_LEFT, _RIGHT, _EXPOSED, _NEAR = range(4)  # what stays as the impact left it
_as_tuple: Any = to_fixed_tuple  # a compiler intrinsic, whose signature outside compiled code is another
_OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "fastmath": set(ARITHMETIC)}


@scalar
def exposure(t: float, depots: ndarray) -> float:
    """Return the product that reaches the cord from outside; a row of `depots` is day, amount and the two losses."""
    total = 0.0
    for row in range(depots.shape[0]):
        day, amount, cell_loss, product_loss = depots[row]
        since = max(t - day, 0.0)
        faster = np.exp(-cell_loss * since) - np.exp(-product_loss * since)
        total += amount * product_loss * faster / (product_loss - cell_loss)
    return total


@scalar
def timed_drivers(
    t: float, depots: ndarray, foreign: float, plastic_days: float, p: TissueParameters
) -> tuple[float, float, float, float]:
    """Return the drivers that are courses over time: monocytes released, rejection, exposure, plastic window."""
    stage = p.monocyte_release / p.clock * t
    steep = (t / p.rejection_day) ** p.rejection_power
    window = np.exp(-t / plastic_days) / plastic_days
    return 1 - (1 + stage) * np.exp(-stage), foreign * steep / (1 + steep), exposure(t, depots), window


def _digest() -> str:
    here, cord = Path(__file__).parent, Path(__file__).parents[1]
    return sources_digest([*here.glob("*.py"), *cord.glob("*.py"), cord / "engine" / "compiled.py"])


def _make_right_hand_side(digest: str) -> Callable[..., ndarray]:
    """Return the compiled derivative; the digest makes the compile cache notice changed kinetics."""

    @njit(**_OPTIONS)
    def right_hand_side(
        t: float,
        state: ndarray,
        fixed: ndarray,
        depots: ndarray,
        foreign: float,
        plastic_days: float,
        levers: ndarray,
        numbers: ndarray,
    ) -> ndarray:
        _ = digest
        p = TissueParameters(*_as_tuple(numbers, _PARAMETERS))
        drivers = np.empty(_DRIVERS)
        drivers[:TIMED_DRIVERS] = timed_drivers(t, depots, foreign, plastic_days, p)
        drivers[TIMED_DRIVERS:] = levers
        forcing = Forcing(*_as_tuple(drivers, _DRIVERS))
        spread = (alarmin_diffusivity(p), oedema_diffusivity(p))
        change, here = np.empty_like(state), np.empty(_READ)
        cells = (state.size - 1) // _FIELDS
        trophic, matrix = 0.0, 0.0
        for cell in range(cells):
            first = cell * _FIELDS
            for i in range(_READ):
                here[i] = state[first + OF_STATE[i]]
            made = kinetics(State(*_as_tuple(here, _READ)), fixed[_EXPOSED, cell], forcing, p)
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
            trophic += fixed[_NEAR, cell] * cell_effect(state[first + GRAFT], forcing.exposure, p)
            matrix += fixed[_NEAR, cell] * state[first + MATRIX]
        change[-1] = growth_rate(forcing.window, p.cell_trophic * trophic, forcing.matrix * matrix, p)
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
        fixed, state = np.zeros((4, centres.size)), np.zeros(centres.size * _FIELDS + 1)
        edge = lesion_edge(width_mm, p)
        for cell in range(centres.size):
            left = impact(severity * injury_shape(centres[cell], width_mm), p)
            inner = abs(centres[cell]) - widths[cell] / 2
            fixed[_EXPOSED, cell] = left.exposed_axons
            fixed[_NEAR, cell] = share_in_lesion(edge, inner, widths[cell])
            here = state[cell * _FIELDS : (cell + 1) * _FIELDS]
            here[_ALARMIN], here[_DEBRIS], here[_LEAK] = left.alarmin, left.debris, left.leak
            here[_GREY], here[_AXON], here[_MYELIN] = left.grey, left.axon, left.myelin
        return fixed, state

    return after_impact


right_hand_side = _make_right_hand_side(_digest())
after_impact = _make_after_impact(_digest())
