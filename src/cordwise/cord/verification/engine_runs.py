"""The engine's answer on the patients of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.course import Precision
from cordwise.cord.devices import Device
from cordwise.cord.engine.step_grid import StepLaw, step_grid
from cordwise.cord.equations import SolverCase
from cordwise.cord.fields import FIELDS
from cordwise.cord.self_check import READOUTS
from cordwise.cord.tissue import simulate_tissue, tissue_history
from cordwise.cord.verification.comparison import Quantities
from cordwise.cord.verification.patients import VISITS, Group


@dataclass(frozen=True, slots=True)
class Run:
    """How the engine is run: step lengths, precision and device."""

    law: StepLaw
    precision: Precision
    device: Device | str = Device.CPU


def engine_quantities(group: Group, run: Run) -> list[Quantities]:
    """Return what is read out of each patient of a group at the visits."""
    found = simulate_tissue(group.severity, group.width_mm, VISITS, regimen=group.regimen, **_options(run))
    return [{name: getattr(found, name)[patient] for name in READOUTS} for patient in range(len(group))]


def engine_fields(case: SolverCase, run: Run) -> Float[ndarray, "time field cell"]:
    """Return all fields of one patient at the visits."""
    history = tissue_history(case.severity, case.width_mm, VISITS, regimen=case.regimen, **_options(run))
    return np.stack([history.fields[name] for name in FIELDS], axis=1)


def steps_a_year(law: StepLaw, doses: Sequence[float] = ()) -> int:
    """Return the number of steps that a law takes to the last visit."""
    return step_grid(VISITS[-1], visits=VISITS, restarts=doses, law=law).size - 1


def _options(run: Run) -> dict[str, Any]:
    return {"law": run.law, "precision": run.precision, "device": run.device}
