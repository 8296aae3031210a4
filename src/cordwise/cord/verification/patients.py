"""The varied patients on whom engine and peers are compared: all kinds of injury, with and without a product."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.equations import SolverCase
from cordwise.cord.product import Dose, Regimen, Route

VISITS = (1.0, 3.0, 7.0, 16.0, 28.0, 84.0, 182.0, 365.0)  # no dose falls on one of them
REGIMENS = (
    None,
    Regimen((Dose(2.0, 1e8, Route.INTRAVENOUS), Dose(40.0, 1e8, Route.INTRAVENOUS)), "autologous_msc"),
    Regimen((Dose(14.0, 1e7, Route.INTRATHECAL), Dose(42.0, 1e7, Route.INTRATHECAL)), "allogeneic_msc", 0.5),
    Regimen((Dose(10.0, 2.5e6, Route.INTRALESIONAL),), "neural_progenitors"),
)
_SEVERITY = (0.05, 2.0)
_WIDTH_MM = (4.0, 40.0)


@dataclass(frozen=True, slots=True)
class Group:
    """Patients who are given the same product: severity and width of each."""

    regimen: Regimen | None
    severity: Float[ndarray, " patient"]
    width_mm: Float[ndarray, " patient"]

    def cases(self) -> list[SolverCase]:
        """Return the patients one by one."""
        pairs = zip(self.severity.tolist(), self.width_mm.tolist(), strict=True)
        return [SolverCase(severity, width, self.regimen) for severity, width in pairs]

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.severity)


def varied_groups(count: int, streams: Streams) -> tuple[Group, ...]:
    """Return `count` patients, spread evenly over no product and three products."""
    ids = np.arange(count)
    along, across = streams("verification patients").uniforms(2, ids).T
    severity = _SEVERITY[0] + (_SEVERITY[1] - _SEVERITY[0]) * along
    width = _WIDTH_MM[0] * (_WIDTH_MM[1] / _WIDTH_MM[0]) ** across
    chosen = [ids % len(REGIMENS) == number for number in range(len(REGIMENS))]
    return tuple(
        Group(regimen, severity[given], width[given])
        for regimen, given in zip(REGIMENS, chosen, strict=True)
        if given.any()
    )
