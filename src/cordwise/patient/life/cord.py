"""What a picture of a patient's cord needs beside the fields: where the segments lie, and which fibres pass."""

from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit

from cordwise.cord.geometry import cord_geometry
from cordwise.isncsci import LEVELS, SIDES
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import TRACTS, VirtualPatients

_NAMED_SEGMENTS = (*LEVELS[: LEVELS.index("S4_5")], "S4", "S5")


def segments(patient: VirtualPatients, cord_length_mm: float) -> list[dict[str, Any]]:
    """Return the segments of the cord, C1 to S5, with their ends in mm below the centre of the lesion."""
    ends = cord_geometry(cord_length_mm).segment_end_mm - patient.centre_mm[0]
    starts = np.append(-patient.centre_mm[0], ends[:-1])
    return [
        {"name": name, "from_mm": round(float(start), 2), "to_mm": round(float(end), 2)}
        for name, start, end in zip(_NAMED_SEGMENTS, starts, ends, strict=True)
    ]


def surviving_shares(
    patient: VirtualPatients, days: Float[ndarray, " time"], parameters: PopulationParameters, world: Counterfactual
) -> dict[str, Any]:
    """Return by side of the body and tract the share of fibres that pass the lesion on each day, 0 to 1.

    These are the shares from which the examination is made, before any block of conduction.
    """
    shift = world.courses(patient, days[None, :], parameters).axon_log_odds[0]
    shares = expit(patient.tract_log_odds[0][:, :, None] + shift)
    return {
        side: {name: [float(f"{value:.4g}") for value in course] for name, course in zip(TRACTS, rows, strict=True)}
        for side, rows in zip(SIDES, shares, strict=True)
    }
