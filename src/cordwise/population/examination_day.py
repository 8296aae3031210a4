"""On which day each patient is examined, within the window that a study allows."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.base.randomness import Streams


def uniform_days(
    streams: Streams, window: tuple[float, float], ids: Int[ndarray, " patient"]
) -> Float[ndarray, " patient"]:
    """Return each patient's day of baseline examination, even over the window."""
    shares = streams("baseline-day").uniforms(1, ids)[:, 0]
    return window[0] + (window[1] - window[0]) * shares


def visit_label(day: float) -> str:
    """Return the name of the visit planned for a day; it names the visit's random streams."""
    return f"day-{day:g}"


def second_label(label: str) -> str:
    """Return the name of a second examination on the day of another, which is to confirm its grade."""
    return f"{label}/confirm"


def visit_days(
    streams: Streams, day: float, half_width: float, ids: Int[ndarray, " patient"]
) -> Float[ndarray, " patient"]:
    """Return the day of each patient's visit, even over `half_width` days on either side of the planned one."""
    if not half_width:
        return np.full(len(ids), float(day))
    shares = streams(f"visit-day/{visit_label(day)}").uniforms(1, ids)[:, 0]
    return day + half_width * (2 * shares - 1)
