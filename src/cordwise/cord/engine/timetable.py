"""What happens in which step: lengths, restarts, jumps, segments, readings, as arrays that the compiled loop takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from cordwise.cord.engine.step_grid import nearest_step


@dataclass(frozen=True, slots=True)
class Timetable:
    """The steps of a batch.

    A step of length 0 only evaluates the rates: the first one, and one on every day on which something restarts.
    `lengths` holds length, next length, next over this, and this over last (`scheme.Step`); `jump`, `segment` and
    `reading` hold the number of what a step starts with, lies in and is followed by, -1 for none; `reading_of_visit`
    tells which reading is that of a visit, because visits within a sliver of a step share one.
    """

    ends: Float[ndarray, " step"]
    lengths: Float[ndarray, "step 4"]
    jump: Int[ndarray, " step"]
    segment: Int[ndarray, " step"]
    reading: Int[ndarray, " step"]
    reading_of_visit: Int[ndarray, " time"]


def timetable(
    days: Float[ndarray, " day"],
    visits: Float[ndarray, " time"],
    *,
    restarts: Sequence[float] = (),
    jumps: Sequence[float] = (),
    segments: Sequence[float] = (),
) -> Timetable:
    """Return the steps between `days`, with an empty step at the start and on every restart.

    `jumps` are the days of the jumps in rising order, `segments` those on which a new segment begins, the first on 0.
    Everything happens on the nearest of `days`; what would happen on the last does not.
    """
    jump_days, segment_days, restart_days = (_on(days, asked) for asked in (jumps, segments or (0.0,), restarts))
    bare = np.setdiff1d(np.concatenate([restart_days, segment_days]), [0.0, days[-1], *jump_days])
    again = np.concatenate([[0.0], jump_days[jump_days < days[-1]], bare])
    starts = np.sort(np.concatenate([again, days[:-1]]))
    ends = np.sort(np.concatenate([again, days[1:]]))
    lengths = ends - starts
    jump = np.full(ends.size, -1)
    for number, day in enumerate(jump_days):
        if day < days[-1]:
            free = (lengths == 0) & (ends == day) & (jump < 0) & (np.arange(ends.size) > 0)
            jump[free.argmax()] = number
    segment = np.searchsorted(segment_days, starts, side="right") - 1
    return Timetable(ends, _steps(lengths), jump, segment, *_readings(ends, visits))


def with_visits(table: Timetable, visits: Float[ndarray, " time"]) -> Timetable:
    """Return the same steps, read on other days, which are ends of steps."""
    reading, of_visit = _readings(table.ends, visits)
    return replace(table, reading=reading, reading_of_visit=of_visit)


def halved(table: Timetable) -> Timetable:
    """Return the same course in steps of half the length; empty steps stay single."""
    twice = np.where(table.lengths[:, 0] > 0, 2, 1)
    step = np.repeat(np.arange(twice.size), twice)
    is_last = np.append(step[1:] != step[:-1], True)
    lengths = np.repeat(table.lengths[:, 0] / twice, twice)
    ends = np.where(is_last, table.ends[step], table.ends[step] - lengths)
    is_first = np.append(True, is_last[:-1])
    return Timetable(
        ends,
        _steps(lengths),
        np.where(is_first, table.jump[step], -1),
        table.segment[step],
        np.where(is_last, table.reading[step], -1),
        table.reading_of_visit,
    )


def _on(days: Float[ndarray, " day"], asked: Sequence[float]) -> Float[ndarray, " asked"]:
    """Return the nearest of the days to each day asked for."""
    return days[nearest_step(days, asked)]


def _readings(
    ends: Float[ndarray, " step"], visits: Float[ndarray, " time"]
) -> tuple[Int[ndarray, " step"], Int[ndarray, " time"]]:
    """Return the number of the reading after each step, and which reading is that of each visit."""
    first = np.searchsorted(ends, ends[nearest_step(ends, visits)])  # before what happens on that day
    steps, of_visit = np.unique(first, return_inverse=True)
    reading = np.full(ends.size, -1)
    reading[steps] = np.arange(steps.size)
    return reading, of_visit


def _steps(lengths: Float[ndarray, " step"]) -> Float[ndarray, "step 4"]:
    following = np.append(lengths[1:], 0.0)
    ahead = np.divide(following, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    behind = np.append(0.0, ahead[:-1])
    return np.stack([lengths, following, ahead, behind], axis=1)
