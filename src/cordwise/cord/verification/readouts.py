"""What the examination and pictures use of the tissue, computed from a solution in plain arithmetic."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.equations import SolverCase, SolverSetting
from cordwise.cord.fields import AXON, BY_INFLAMMATION, BY_ISCHAEMIA, BY_LEUKOCYTES, GREY, MYELIN, NODES
from cordwise.cord.injury import axons_at_risk, fibres_left, injury_shape
from cordwise.cord.myelin import conduction
from cordwise.cord.nodes import broken_left, share_conducting
from cordwise.cord.plain_arithmetic import plain
from cordwise.cord.tracts import axons_kept, corticospinal_axons
from cordwise.cord.verification.lsoda import Solution


def _on_arrays(function: Callable[..., Any]) -> Callable[..., Any]:
    return plain(function, replaced={"min": np.minimum, "max": np.maximum})


def read_out(setting: SolverSetting, case: SolverCase, solution: Solution) -> Mapping[str, Float[ndarray, " time"]]:
    """Return each quantity that `simulate_tissue` keeps, by name, at the visits of a solution."""
    p, axis = setting.parameters, setting.axis
    injury = case.severity * _on_arrays(injury_shape)(axis.centres, case.width_mm)
    kept = _on_arrays(axons_kept)(solution.fields[:, AXON], _on_arrays(axons_at_risk)(injury, p))
    left = _on_arrays(fibres_left)
    causes = (solution.fields[:, field] for field in (AXON, BY_INFLAMMATION, BY_ISCHAEMIA, BY_LEUKOCYTES))
    of_cst = _on_arrays(axons_kept)(_on_arrays(corticospinal_axons)(*causes, p), _on_arrays(axons_at_risk)(injury, p))
    cst = (of_cst * left(injury, p.impact_cst_loss, p)).min(axis=1)
    other = (kept * left(injury, p.impact_other_loss, p)).min(axis=1)
    repair = solution.fields[:, NODES]
    conducting = _on_arrays(share_conducting)(
        injury, _on_arrays(broken_left)(repair, 0.0, p), p
    )  # nobody is given a drug
    myelin = np.minimum(solution.fields[:, MYELIN].min(axis=1), 1.0)
    return {
        "spared_share": p.cst_weight * cst + (1 - p.cst_weight) * other,
        "axons_kept": kept.min(axis=1),
        "least_myelin": myelin,
        "node_repair_days": repair.min(axis=1),
        "conduction": _on_arrays(conduction)(myelin, p),
        "share_conducting": conducting.min(axis=1),
        "growth": solution.growth,
        "grey_lost_mm": (1 - solution.fields[:, GREY]) @ axis.widths,
    }
