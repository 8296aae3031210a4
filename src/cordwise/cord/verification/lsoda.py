"""The model solved by SciPy's LSODA: adaptive steps, one patient at a time, with a compiled right-hand side.

The fields of a cell lie side by side, so that the Jacobian is a narrow band; the plastic growth, on which nothing
depends, comes last and outside that band.  The integration restarts at each dose, because a jump has no derivative.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.integrate import ODEintWarning, odeint

from cordwise.base.errors import ModelError
from cordwise.cord.equations import (
    GRAFT,
    NAMES,
    SolverCase,
    SolverSetting,
    in_order_of_fields,
    levers_at_rest,
    setting_of,
)
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.verification.right_hand_side import after_impact, right_hand_side

REFERENCE_RTOL = 1e-10
ABSOLUTE_SHARE = 1e-2  # absolute tolerance relative to the relative one; fields are of the order of 1
_MOST_STEPS = 1_000_000  # between two visits


@dataclass(frozen=True, slots=True)
class Solution:
    """One patient at each visit: the fields along the cord in the engine's order, and the plastic growth."""

    days: Float[ndarray, " time"]
    fields: Float[ndarray, "time field cell"]
    growth: Float[ndarray, " time"]


def solve(
    case: SolverCase, days: Sequence[float], parameters: TissueParameters, *, rtol: float = REFERENCE_RTOL
) -> Solution:
    """Return the tissue of one patient at the visits, as LSODA finds it to a relative tolerance."""
    return solve_in(setting_of(case.regimen, parameters), case, days, rtol=rtol)


def solve_in(setting: SolverSetting, case: SolverCase, days: Sequence[float], *, rtol: float) -> Solution:
    """Return the tissue of one patient in a setting that was prepared before."""
    numbers = np.array(setting.parameters)
    fixed, start = after_impact(case.severity, case.width_mm, setting.axis.centres, setting.axis.widths, numbers)
    fixed[:2] = setting.exchange
    depots = np.array([(d.day, d.amount, d.cell_loss, d.product_loss) for d in setting.depots]).reshape(-1, 4)
    given = (fixed, depots, float(setting.foreign), levers_at_rest(), numbers)
    found: dict[float, ndarray] = {0.0: start}
    state = start
    for begin, end in pairwise(_restarts(setting, days[-1])):
        state = _graft(state, setting, begin)
        stops = [begin, *(day for day in days if begin < day < end), end]
        course = _integrate(state, stops, given, rtol)
        found |= dict(zip(stops[1:], course[1:], strict=True))
        state = course[-1]
    visits = np.stack([found[day] for day in days])
    fields = visits[:, :-1].reshape(len(visits), -1, len(NAMES)).transpose(0, 2, 1)
    return Solution(np.asarray(days, float), in_order_of_fields(fields), visits[:, -1])


def _restarts(setting: SolverSetting, last: float) -> list[float]:
    doses = {given.day for given in (*setting.grafts, *setting.depots)}
    return sorted({0.0, last, *(day for day in doses if 0 < day < last)})


def _graft(state: Float[ndarray, " value"], setting: SolverSetting, day: float) -> Float[ndarray, " value"]:
    """Return the state with the cells that settle in the cord on a day."""
    state = state.copy()
    along = state[GRAFT : -1 : len(NAMES)]
    for graft in setting.grafts:
        if graft.day == day:
            along += graft.amount * np.exp(-((setting.axis.centres / graft.sd_mm) ** 2) / 2)
    return state


def _integrate(
    state: Float[ndarray, " value"], stops: Sequence[float], given: tuple, rtol: float
) -> Float[ndarray, "stop value"]:
    band = len(NAMES)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ODEintWarning)
        try:
            return odeint(
                right_hand_side, state, stops, args=given, tfirst=True, ml=band, mu=band,
                rtol=rtol, atol=ABSOLUTE_SHARE * rtol, mxstep=_MOST_STEPS,
            )  # fmt: skip
        except ODEintWarning as warning:
            raise ModelError(f"LSODA found no solution after day {stops[0]:g}: {warning}") from warning
