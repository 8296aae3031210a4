"""What the tissue is driven by: courses over time of body and product, and inputs of drugs and devices."""

from typing import NamedTuple

import numpy as np

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


class Forcing(NamedTuple):
    """The drivers at one moment; while no drug or device acts the factors are 1 and the amounts, from `push` on, 0.

    `squeeze` is outer pressure on the injured place and `arterial` a change of the mean arterial pressure, both in
    mmHg; `training` is in hours a day, `potassium_block` a share; `push` and `microglia_depletion` are rates (1/d).
    """

    monocytes_released: float
    rejection: float
    exposure: float
    window: float
    blood: float
    channels: float
    cytokine: float = 1.0
    neutrophils: float = 1.0
    adhesion: float = 1.0
    monocytes: float = 1.0
    protease: float = 1.0
    swelling: float = 1.0
    border: float = 1.0
    remyelination: float = 1.0
    matrix: float = 1.0
    ischaemia: float = 1.0
    nodes: float = 1.0
    dura: float = 1.0
    push: float = 0.0
    closure: float = 0.0
    microglia_depletion: float = 0.0
    squeeze: float = 0.0
    arterial: float = 0.0
    training: float = 0.0
    potassium_block: float = 0.0


LEVERS = tuple(Forcing._field_defaults)
COURSES_OVER_TIME = len(Forcing._fields) - len(LEVERS)


@scalar
def monocytes_released(day: float, p: TissueParameters) -> float:
    """Return the share of the monocyte response that the body has made ready, after a delay of two stages."""
    stage = p.monocyte_release / p.clock * day
    return 1 - (1 + stage) * np.exp(-stage)


@scalar
def blood_left(day: float, p: TissueParameters) -> float:
    """Return the share left of the blood that the blow let into the cord."""
    return np.exp(-day / p.blood_days)


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
