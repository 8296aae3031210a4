"""The lesion by name or number: its severity, and the width that goes with it."""

import numpy as np

from cordwise.cord.parameters import Species, load_parameters
from cordwise.experiment.plan import Lesion
from cordwise.experiment.schema import LesionTable
from cordwise.experiment.tables import setting

_NAMED = ("mild", "moderate", "severe")
_COMPLETE = ("transection", "complete")


def lesion_of(table: LesionTable, species: Species) -> Lesion:
    """Return the lesion of a table; a width left out goes with the severity, in proportion to the animal's cord."""
    cut = setting("severity_transection", species)
    named = isinstance(table.severity, str)
    if table.kind == "transection" or table.severity in _COMPLETE or (not named and table.severity == cut):
        severity = cut
    else:
        severity = setting(f"severity_{table.severity}", species) if named else float(table.severity)
    width = usual_width_mm(severity, species) if table.width_mm is None else table.width_mm
    return Lesion(severity, width, transected=severity == cut)


def usual_width_mm(severity: float, species: Species) -> float:
    """Return the width of a lesion of a severity, in mm of the cord of a species."""
    severities = [setting(f"severity_{name}", species) for name in _NAMED]
    widths = [setting(f"width_{name}", species) for name in _NAMED]
    return float(np.interp(severity, severities, widths)) * load_parameters(species).length_scale
