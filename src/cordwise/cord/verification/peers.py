"""Other solvers on the same patients and in the same run: SciPy's LSODA, and libRoadRunner on the exported model."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Protocol, runtime_checkable

import numpy as np

from cordwise.cord.engine.axis import mirrored
from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.equations import NAMES, SolverCase, SolverSetting, in_order_of_fields, on_half_the_axis, setting_of
from cordwise.cord.parameters import load_parameters
from cordwise.cord.verification.lsoda import ABSOLUTE_SHARE, Solution, solve_in
from cordwise.cord.verification.patients import VISITS, Group
from cordwise.cord.verification.right_hand_side import EXPOSED, INJURY, NEAR, SQUEEZED, after_impact


@runtime_checkable  # so that the annotation can be checked at run time
class Peer(Protocol):
    """A solver that was prepared for the patients of one group."""

    def solve(self, case: SolverCase, rtol: float) -> Solution:
        """Return the tissue of one patient at the visits."""
        ...


@dataclass(frozen=True, slots=True)
class Lsoda:
    """SciPy's LSODA with a banded Jacobian and a compiled right-hand side."""

    setting: SolverSetting
    is_half: bool = False

    def solve(self, case: SolverCase, rtol: float) -> Solution:
        """Return the tissue of one patient at the visits."""
        found = solve_in(self.setting, case, VISITS, rtol=rtol)
        return replace(found, fields=mirrored(found.fields)) if self.is_half else found


@dataclass(frozen=True, slots=True)
class RoadRunner:
    """libRoadRunner (CVODE) on the exported model, translated and compiled once for all patients of a group."""

    setting: SolverSetting
    runner: Any

    def solve(self, case: SolverCase, rtol: float) -> Solution:
        """Return the tissue of one patient at the visits."""
        self._set_patient(case)
        self.runner.integrator.relative_tolerance = rtol
        self.runner.integrator.absolute_tolerance = ABSOLUTE_SHARE * rtol
        course = np.asarray(self.runner.simulate(times=[0.0, *VISITS]))[1:]
        fields = course[:, 1:-1].reshape(len(VISITS), len(NAMES), CELLS)
        return Solution(course[:, 0], in_order_of_fields(fields), course[:, -1])

    def _set_patient(self, case: SolverCase) -> None:
        """Set severity and width, and the constants that follow from them, which a reset does not compute again."""
        self.runner["severity"], self.runner["lesion_width"] = case.severity, case.width_mm
        self.runner.reset()
        axis = self.setting.axis
        numbers = np.array(self.setting.parameters)
        fixed, _ = after_impact(case.severity, case.width_mm, axis.centres, axis.widths, numbers)
        for cell in range(CELLS):
            self.runner[f"squeezed_{cell + 1}"] = fixed[SQUEEZED, cell]
            self.runner[f"injury_{cell + 1}"] = fixed[INJURY, cell]
            self.runner[f"exposed_axons_{cell + 1}"] = fixed[EXPOSED, cell]
            self.runner[f"share_in_lesion_{cell + 1}"] = fixed[NEAR, cell]


def prepared_lsoda(group: Group) -> Peer:
    """Return LSODA for one group."""
    return Lsoda(setting_of(group.regimen, load_parameters()))


def prepared_lsoda_on_half(group: Group) -> Peer:
    """Return LSODA for one group, told that both sides of the lesion are the same, as the engine is."""
    return Lsoda(on_half_the_axis(setting_of(group.regimen, load_parameters())), is_half=True)


def prepared_roadrunner(group: Group) -> Peer:
    """Return libRoadRunner for one group, with the exported model loaded."""
    import roadrunner

    from cordwise.cord.sbml.document import export_sbml

    runner = roadrunner.RoadRunner(export_sbml(group.cases()[0]))
    fields = (f"{name}_{cell}" for name in NAMES for cell in range(1, CELLS + 1))
    runner.timeCourseSelections = ["time", *fields, "growth"]
    return RoadRunner(setting_of(group.regimen, load_parameters()), runner)


PEERS: dict[str, Callable[[Group], Peer]] = {
    "scipy_lsoda": prepared_lsoda,
    "scipy_lsoda_half_axis": prepared_lsoda_on_half,
    "libroadrunner": prepared_roadrunner,
}
_NEEDED = {"libroadrunner": ("roadrunner", "libsbml")}


def missing_packages(peer: str) -> list[str]:
    """Return the packages that a peer needs and that are not installed."""
    return [package for package in _NEEDED.get(peer, ()) if find_spec(package) is None]
