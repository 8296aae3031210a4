"""What happens in which step: lengths, restarts, jumps, segments and visits, as arrays that the compiled loop reads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


@dataclass(frozen=True, slots=True)
class Timetable:
    """The steps of a batch.

    A step of length 0 only evaluates the rates: the first one, and one on every day on which something restarts.
    `lengths` holds length, next length, next over this, and this over last (`scheme.Step`); `jump`, `segment` and
    `visit` hold the number of what a step starts with, lies in and ends on, -1 for none.
    """

    ends: Float[ndarray, " step"]
    lengths: Float[ndarray, "step 4"]
    jump: Int[ndarray, " step"]
    segment: Int[ndarray, " step"]
    visit: Int[ndarray, " step"]


def timetable(
    days: Float[ndarray, " day"],
    visits: Float[ndarray, " time"],
    *,
    restarts: Iterable[float] = (),
    jumps: Iterable[float] = (),
    segments: Iterable[float] = (),
) -> Timetable:
    """Return the steps between `days`, with an empty step at the start and on every restart.

    `jumps` are the days of the jumps in rising order, `segments` those on which a new segment begins, the first on 0.
    """
    jump_days, segment_days = list(jumps), list(segments) or [0.0]
    bare = np.setdiff1d(np.intersect1d(days[:-1], [*restarts, *segment_days]), [0.0, *jump_days])
    again = np.concatenate([[0.0], jump_days, bare])
    starts = np.sort(np.concatenate([again, days[:-1]]))
    ends = np.sort(np.concatenate([again, days[1:]]))
    lengths = ends - starts
    jump = np.full(ends.size, -1)
    for number, day in enumerate(jump_days):
        free = (lengths == 0) & (ends == day) & (jump < 0) & (np.arange(ends.size) > 0)
        jump[free.argmax()] = number
    segment = np.searchsorted(segment_days, starts, side="right") - 1
    return Timetable(ends, _steps(lengths), jump, segment, _visits(ends, visits))


def with_visits(table: Timetable, visits: Float[ndarray, " time"]) -> Timetable:
    """Return the same steps, read on other days, which are ends of steps."""
    return replace(table, visit=_visits(table.ends, visits))


def _visits(ends: Float[ndarray, " step"], visits: Float[ndarray, " time"]) -> Int[ndarray, " step"]:
    visit = np.full(ends.size, -1)
    visit[np.searchsorted(ends, visits)] = np.arange(visits.size)
    return visit


def _steps(lengths: Float[ndarray, " step"]) -> Float[ndarray, "step 4"]:
    following = np.append(lengths[1:], 0.0)
    ahead = np.divide(following, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    behind = np.append(0.0, ahead[:-1])
    return np.stack([lengths, following, ahead, behind], axis=1)
