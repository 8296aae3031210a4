"""How far along the cord something reaches from the centre of the lesion."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray


def length_above_mm(
    seen: Float[ndarray, "patient time cell"], threshold: Float[ndarray, "*patient"], axis_mm: Float[ndarray, " cell"]
) -> Float[ndarray, "patient time"]:
    """Return the length, to both sides of the centre, over which what is seen does not fall below a threshold."""
    right = axis_mm > 0
    seen, where = seen[..., right], axis_mm[right]
    shows = seen >= threshold
    ends = np.where(shows.all(axis=-1), len(where), (~shows).argmax(axis=-1))
    inner, outer = np.clip(ends - 1, 0, None), np.clip(ends, 1, len(where) - 1)
    high, low = (np.take_along_axis(seen, at[..., None], axis=-1)[..., 0] for at in (inner, outer))
    part = np.clip((high - threshold[..., 0]) / np.maximum(high - low, np.finfo(np.float32).tiny), 0, 1)
    reach = where[inner] + part * (where[outer] - where[inner])
    return np.where(ends == 0, 0.0, 2 * reach)
