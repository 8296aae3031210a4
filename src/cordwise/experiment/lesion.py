"""The lesion by name or number: its severity, and the width that goes with it."""

import numpy as np

from cordwise.cord.parameters import Species, load_parameters
from cordwise.experiment.cuts import Cut
from cordwise.experiment.plan import Lesion
from cordwise.experiment.schema import LesionTable
from cordwise.experiment.tables import setting

_HOURS_A_DAY = 24
_NAMED = ("mild", "moderate", "severe")
_COMPLETE = ("transection", "complete")
_USUAL_LEVEL = "C5"


def lesion_of(
    table: LesionTable, species: Species, cuts: tuple[Cut, ...] = (), *, decompressed: bool = False
) -> Lesion:
    """Return the lesion of a table, with its cuts.

    A width left out goes with the severity, in proportion to the animal's cord; a level left out is C5 in people.
    `decompressed` tells that some condition of the experiment decompresses the cord, so that something squeezes it.
    """
    cut = setting("severity_transection", species)
    named = isinstance(table.severity, str)
    if table.severity == "none":
        severity = 0.0
    elif table.kind == "transection" or table.severity in _COMPLETE or (not named and table.severity == cut):
        severity = cut
    else:
        severity = setting(f"severity_{table.severity}", species) if named else float(table.severity)
    width = usual_width_mm(severity, species) if table.width_mm is None else table.width_mm
    squeeze = squeeze_of(table, species, decompressed=decompressed) if severity else 0.0
    hours = table.compression_hours
    return Lesion(
        severity,
        width,
        transected=severity == cut,
        level=level_of(table, species),
        cuts=cuts,
        squeeze_mmhg=squeeze,
        squeeze_days=_squeeze_days(species, decompressed=decompressed) if hours is None else hours / _HOURS_A_DAY,
    )


def inherited(own: LesionTable, common: LesionTable) -> LesionTable:
    """Return the lesion of a condition, with what it leaves out taken from that of the experiment.

    A severity of its own is another blow: only where it strikes and what squeezes afterwards stay.
    """
    kept = set(common.model_fields_set - own.model_fields_set)
    if "severity" in own.model_fields_set:
        kept -= {"width_mm", "cuts", "device"} | ({"kind"} if common.kind == "transection" else set())
    return own.model_copy(update={name: getattr(common, name) for name in kept})


def level_of(table: LesionTable, species: Species) -> str:
    """Return the level of a lesion as it is compared with others: people without one are hurt at C5."""
    return (table.level or (_USUAL_LEVEL if species == Species.HUMAN else "")).strip().upper()


def squeeze_of(table: LesionTable, species: Species, *, decompressed: bool) -> float:
    """Return the pressure (mmHg) that squeezes a cord from outside after the blow.

    In people bone that is out of place is the rule.  In rodents nothing squeezes after the blow, unless the file says
    so, or some condition takes it away.
    """
    if table.kind == "transection":
        return 0.0
    said = table.compression_hours is not None or table.compression_mmhg is not None
    if species == Species.RODENT and not (said or decompressed):
        return 0.0
    kind = "compression" if said else table.kind
    return setting(f"squeeze_{kind}", species) if table.compression_mmhg is None else table.compression_mmhg


def _squeeze_days(species: Species, *, decompressed: bool) -> float:
    """Return how long a cord is squeezed that the file does not decompress.

    People are operated on as usual where no condition says anything of it; where one does, the others are not.
    """
    as_usual = species == Species.HUMAN and not decompressed
    return setting("squeeze_until_surgery" if as_usual else "squeeze_without_surgery", species)


def usual_width_mm(severity: float, species: Species) -> float:
    """Return the width of a lesion of a severity, in mm of the cord of a species."""
    severities = [setting(f"severity_{name}", species) for name in _NAMED]
    widths = [setting(f"width_{name}", species) for name in _NAMED]
    return float(np.interp(severity, severities, widths)) * load_parameters(species).length_scale
