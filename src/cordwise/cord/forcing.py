"""What the tissue is driven by: courses over time of body and product, and inputs of drugs and devices."""

from typing import NamedTuple

import numpy as np

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


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
COURSES_OVER_TIME = len(Forcing._fields) - len(LEVERS)


@scalar
def monocytes_released(day: float, p: TissueParameters) -> float:
    """Return the share of the monocyte response that the body has made ready, after a delay of two stages."""
    stage = p.monocyte_release / p.clock * day
    return 1 - (1 + stage) * np.exp(-stage)


@scalar
def rejection(day: float, foreign: float, p: TissueParameters) -> float:
    """Return the host's response to foreign cells, 0 to 1, which rises around the second week after injury.

    `foreign` is 1 for cells that the host rejects, and 0 for its own.
    """
    steep = (day / p.rejection_day) ** p.rejection_power
    return foreign * steep / (1 + steep)


@scalar
def exposure(since: float, dose: float, cell_loss: float, product_loss: float) -> float:
    """Return the product in the cord some days after a dose outside it: made by dying cells, lost in turn."""
    slow = min(cell_loss, product_loss)
    apart = abs(product_loss - cell_loss) * since
    mean_decay = -np.expm1(-apart) / apart if apart > 0 else 1.0
    return dose * product_loss * since * np.exp(-slow * since) * mean_decay


@scalar
def plastic_window(day: float, p: TissueParameters) -> float:
    """Return the share of plastic growth that the closing window gives each day."""
    return np.exp(-day / p.plastic_days) / p.plastic_days
