"""Named patterns of incomplete injury: where the lesion lies, and which tracts it takes, on top of a patient's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.base.tables import RawTable, Row, packaged_table
from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci.anatomy import LEVELS, level_index
from cordwise.patient.patients import TRACTS, VirtualPatients

_CORTICOSPINAL, _SPINOTHALAMIC = TRACTS.index("corticospinal"), TRACTS.index("spinothalamic")


@dataclass(frozen=True, slots=True)
class Syndrome:
    """A pattern of loss; offsets are logits, added to what each patient has already.

    `shift` acts on both sides. `side_shift` is taken from the tracts of the lesion's half of the cord and given to
    those of the other half.
    """

    name: str
    first_segment: str
    last_segment: str
    shift: tuple[float, ...]  # by `TRACTS`
    side_shift: tuple[float, ...]
    grey_loss: float
    motor_lamination: float
    sensory_lamination: float


@cache
def syndromes() -> Mapping[str, Syndrome]:
    """Return the named syndromes of the tables."""
    offsets = {(row["syndrome"], row["quantity"]): float(row["value"]) for row in syndrome_rows("syndromes")}
    return {row["syndrome"]: _read(row, offsets) for row in syndrome_rows("syndrome_places")}


def syndrome_rows(table: str) -> RawTable:
    """Return the table `syndromes` or `syndrome_places`, as text."""
    return packaged_table("cordwise.patient", table)


def _read(place: Row, offsets: Mapping[tuple[str, str], float]) -> Syndrome:
    name = place["syndrome"]
    return Syndrome(
        name=name,
        first_segment=place["first_segment"],
        last_segment=place["last_segment"],
        shift=tuple(offsets.get((name, tract), 0.0) for tract in TRACTS),
        side_shift=tuple(offsets.get((name, f"{tract}_side"), 0.0) for tract in TRACTS),
        grey_loss=offsets.get((name, "grey_loss"), 0.0),
        motor_lamination=offsets.get((name, "motor_lamination"), 0.0),
        sensory_lamination=offsets.get((name, "sensory_lamination"), 0.0),
    )


def with_syndrome(patients: VirtualPatients, syndrome: Syndrome, cord_length_mm: float) -> VirtualPatients:
    """Return the patients whose lesion lies where the syndrome's do, with its pattern added to their own deviates.

    The lesion of a one-sided syndrome lies on the side on which the patient was weaker before.
    """
    there = patients[lies_in_reach(patients, syndrome, cord_length_mm)]
    return replace(
        there,
        tract_log_odds=there.tract_log_odds + np.array(syndrome.shift) + _one_sided(there, syndrome),
        grey_loss=expit(logit(there.grey_loss) + syndrome.grey_loss),
        motor_lamination=there.motor_lamination + syndrome.motor_lamination,
        sensory_lamination=there.sensory_lamination + syndrome.sensory_lamination,
    )


def lies_in_reach(patients: VirtualPatients, syndrome: Syndrome, cord_length_mm: float) -> Bool[ndarray, " patient"]:
    """Say whose lesion has its centre within the syndrome's segments."""
    cord = cord_geometry(cord_length_mm)
    above = LEVELS[level_index(syndrome.first_segment) - 1] if level_index(syndrome.first_segment) else None
    start = cord.segment_end(above) if above else 0.0
    return (patients.centre_mm > start) & (patients.centre_mm <= cord.segment_end(syndrome.last_segment))


def lesion_side(patients: VirtualPatients) -> Float[ndarray, "patient side"]:
    """Return -1 for the side of the cord with the greater corticospinal loss and 1 for the other."""
    right, left = patients.tract_log_odds[:, 0, _CORTICOSPINAL], patients.tract_log_odds[:, 1, _CORTICOSPINAL]
    is_right = np.where(right <= left, -1.0, 1.0)
    return np.stack([is_right, -is_right], axis=1)


def _one_sided(patients: VirtualPatients, syndrome: Syndrome) -> Float[ndarray, "patient side tract"]:
    """Return the offsets by side of the body; the spinothalamic fibres of a body's side run in the other half."""
    offsets = lesion_side(patients)[:, :, None] * np.array(syndrome.side_shift)
    offsets[:, :, _SPINOTHALAMIC] *= -1
    return offsets
