"""What a picture of a person's cord needs: the fields, where the segments lie, and which fibres pass the lesion."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit

from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci import LEVELS, SIDES
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.life.result import CordSegment, Course, Fibres, Grid
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import TRACTS, VirtualPatients

FIELDS = ("inflammation", "leak", "oedema", "border", "matrix", "grey", "axon", "myelin", "graft")
_NAMED_SEGMENTS = (*LEVELS[: LEVELS.index("S4_5")], "S4", "S5")


def course(values: Float[ndarray, " time"]) -> Course:
    """Return values with the four digits that are kept of them."""
    return tuple(float(f"{value:.4g}") for value in values)


def kept_fields(fields: Mapping[str, Float[ndarray, "time cell"]]) -> dict[str, Grid]:
    """Return the fields of the tissue model that a life keeps."""
    return {name: tuple(course(row) for row in fields[name]) for name in FIELDS}


def segments(patient: VirtualPatients, cord_length_mm: float) -> tuple[CordSegment, ...]:
    """Return the segments of one patient's cord, C1 to S5."""
    ends = cord_geometry(cord_length_mm).segment_end_mm - patient.centre_mm[0]
    starts = np.append(-patient.centre_mm[0], ends[:-1])
    return tuple(
        CordSegment(name, round(float(start), 2), round(float(end), 2))
        for name, start, end in zip(_NAMED_SEGMENTS, starts, ends, strict=True)
    )


def surviving_shares(
    patient: VirtualPatients, days: Float[ndarray, " time"], parameters: PopulationParameters, world: Counterfactual
) -> Fibres:
    """Return by side of the body and tract the share of fibres that pass the lesion on each day, 0 to 1.

    These are the shares from which the examination is made, before any block of conduction.
    """
    shift = world.courses(patient, days[None, :], parameters).axon_log_odds[0]
    shares = expit(patient.tract_log_odds[0][:, :, None] + shift)
    return {
        side: {name: course(values) for name, values in zip(TRACTS, rows, strict=True)}
        for side, rows in zip(SIDES, shares, strict=True)
    }
