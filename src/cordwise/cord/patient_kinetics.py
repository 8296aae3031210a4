"""Kinetics of a patient's own: how much faster or slower than the typical cord inflames, clears, scars and mends.

A patient has one standard normal deviate for each of four groups of rates; all rates of a group are multiplied by the
exponential of the deviate times the group's spread (`data/patient_kinetics.csv`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.tables import packaged_values
from cordwise.cord.parameters import TissueParameters

RATES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "inflammation": ("cytokine_alarmin", "cytokine_neutrophil", "cytokine_macrophage", "monocyte_entry"),
        "clearance": ("alarmin_loss", "debris_clearance", "microglia_clearance"),
        "scarring": ("border_growth", "matrix_growth"),
        "repair": ("remyelination", "leak_closure", "vessel_healing"),
    }
)
KINETICS = tuple(RATES_OF)
FURTHEST = 2.5
"""Deviates beyond this count as this."""


def kinetic_spreads() -> Mapping[str, float]:
    """Return the log standard deviation between patients of each group of rates."""
    return packaged_values("cordwise.cord", "patient_kinetics")


def clipped(deviates: Float[ndarray, "*any group"]) -> Float[ndarray, "*any group"]:
    """Return deviates as they count: none beyond the furthest."""
    return np.clip(np.asarray(deviates, float), -FURTHEST, FURTHEST)


def with_kinetics(parameters: TissueParameters, deviates: Float[ndarray, "*patient group"]) -> TissueParameters:
    """Return the parameters of patients, or of one, whose rates differ from the typical ones by the given deviates."""
    spreads, own = kinetic_spreads(), clipped(deviates)
    changed: dict[str, Any] = {
        rate: getattr(parameters, rate) * np.exp(spreads[group] * own[..., number])
        for number, group in enumerate(KINETICS)
        for rate in RATES_OF[group]
    }
    return parameters._replace(**changed)
