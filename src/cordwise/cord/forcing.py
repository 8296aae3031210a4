"""What drives the tissue from outside, as courses over time: the body's cells, the product, and drugs or devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import TissueParameters
from cordwise.cord.product import PRODUCTS, Regimen, depots


class Forcing(NamedTuple):
    """The drivers at one moment; the factors are 1, `push` and `closure` 0, while no drug or device acts."""

    monocytes_released: float
    rejection: float
    exposure: float
    window: float
    cytokine: float = 1.0
    neutrophils: float = 1.0
    monocytes: float = 1.0
    swelling: float = 1.0
    border: float = 1.0
    remyelination: float = 1.0
    matrix: float = 1.0
    push: float = 0.0
    closure: float = 0.0


LEVERS = tuple(Forcing._field_defaults)


@dataclass(frozen=True, slots=True)
class Lever:
    """A drug or device that sets one driver to a value between two days."""

    driver: str
    from_day: float
    to_day: float
    value: float


def forcing_courses(
    steps: Float[ndarray, " step"],
    p: TissueParameters,
    *,
    regimen: Regimen | None = None,
    levers: Sequence[Lever] = (),
    plastic_days: float,
) -> Float[ndarray, "interval 2 driver"]:
    """Return the drivers at the start and the end of every step."""
    ends = np.stack([steps[:-1], steps[1:]], axis=1)
    courses = np.empty((*ends.shape, len(Forcing._fields)))
    courses[...] = Forcing(0.0, 0.0, 0.0, 0.0)
    drivers = (
        monocytes_released(ends, p),
        rejection(ends, p, regimen),
        sum((depot.exposure(ends) for depot in depots(regimen, p)), np.zeros_like(ends)),
        np.exp(-ends / plastic_days) / plastic_days,
    )
    courses[..., : len(drivers)] = np.stack(drivers, axis=-1)
    middle = ends.mean(axis=1)
    for lever in levers:
        pulled = (middle > lever.from_day) & (middle < lever.to_day)
        courses[pulled, :, Forcing._fields.index(lever.driver)] = lever.value
    return courses


def monocytes_released(days: Float[ndarray, "*time"], p: TissueParameters) -> Float[ndarray, "*time"]:
    """Return the share of the monocyte response that the body has made ready, after a delay of two stages."""
    stage = p.monocyte_release / p.clock * days
    return 1 - (1 + stage) * np.exp(-stage)


def rejection(days: Float[ndarray, "*time"], p: TissueParameters, regimen: Regimen | None) -> Float[ndarray, "*time"]:
    """Return the host's response to foreign cells, 0 to 1, which rises around the second week after injury."""
    if regimen is None or not PRODUCTS[regimen.product].foreign:
        return np.zeros_like(days)
    steep = (days / p.rejection_day) ** p.rejection_power
    return steep / (1 + steep)
