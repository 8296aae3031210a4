"""The share of a tract's fibres that pass the whole lesion: at each place some are cut, and the worst place decides."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.experiment.simulate import SimulatedCords


def tract_share(
    cords: SimulatedCords, full_loss: float | Float[ndarray, "patient 1 1"]
) -> Float[ndarray, "patient time"]:
    """Return the share of a tract that passes, given the share that a full impact cuts; none in a cut cord."""
    p = cords.parameters
    injury = cords.injury[:, None, :]
    left = np.maximum(1 - full_loss * injury**p.impact_loss_power, 0.0)
    at_risk = np.minimum(p.impact_axons_at_risk * np.sqrt(injury), 1.0)
    passing = (left * (1 - at_risk + at_risk * cords.fields["axon"])).min(axis=-1)
    return np.where(cords.cut[None, :], 0.0, passing)
