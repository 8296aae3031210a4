"""The days of the steps: small after injury and doses, wide later; every visit and dose is one of them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

_SAMPLES = 513  # points at which the wanted step is sampled between two marks
_SAME = 1e-3  # share of the step there within which two marks are one: a sliver of a step would magnify rounding


@dataclass(frozen=True, slots=True)
class StepLaw:
    """Wanted step in days: read off between `days` and `steps`, and at most so much after a restart.

    After a restart (dose, change) the step is at most `after_restart + growth * (time since)`.  `scale` stretches every
    step.  The steps were set so that each stretch of the year adds to the error as much as its steps cost.
    """

    days: tuple[float, ...] = (0.0, 0.05, 0.2, 0.5, 1.0, 3.0, 6.0, 12.0, 30.0, 60.0, 200.0)
    steps: tuple[float, ...] = (0.0038, 0.005, 0.0074, 0.011, 0.019, 0.05, 0.13, 0.48, 1.3, 2.6, 6.0)
    after_restart: float = 0.008
    growth: float = 0.14
    scale: float = 1.0

    def step(self, day: Float[ndarray, "*sample"] | float, last_restart: float | None) -> Float[ndarray, "*sample"]:
        """Return the wanted step on each day, given the day of the last restart."""
        step = np.asarray(np.interp(day, self.days, self.steps))
        if last_restart is not None:
            step = np.minimum(step, self.after_restart + self.growth * (day - last_restart))
        return np.asarray(self.scale * step)


class Preset(StrEnum):
    """How finely time is resolved; the measured error of each stands in the package README."""

    FAST = "fast"
    STANDARD = "standard"
    FINE = "fine"
    REFERENCE = "reference"


_SCALES = {Preset.FAST: 1.5, Preset.STANDARD: 0.6, Preset.FINE: 0.3, Preset.REFERENCE: 0.125}


def law_of(preset: Preset) -> StepLaw:
    """Return the step law of a preset."""
    return StepLaw(scale=_SCALES[preset])


def step_grid(
    end: float, *, visits: Iterable[float] = (), restarts: Iterable[float] = (), law: StepLaw | None = None
) -> Float[ndarray, " step"]:
    """Return the days 0 to `end` between which the steps are taken; steps begin small at restarts, never at visits.

    Every visit and restart is one of the days, unless it lies within a thousandth of a step of another one, 0 or `end`;
    then that one stands for both (see `nearest_step`).
    """
    law = law or StepLaw()
    starts: list[float] = []
    for day in sorted({float(day) for day in restarts if 0 <= day < end}):
        if _lies_apart(day, [*starts[-1:], end], law, starts):
            starts.append(day)
    marks = sorted({0.0, float(end), *starts})
    for day in sorted({float(day) for day in visits if 0 < day < end}):
        place = bisect_left(marks, day)
        if _lies_apart(day, marks[place - 1 : place + 1], law, starts):
            marks.insert(place, day)
    pieces = [np.zeros(1)]
    for start, stop in pairwise(marks):
        pieces.append(_between(start, stop, law, _last_restart(starts, start)))
    return np.concatenate(pieces)


def nearest_step(
    steps: Float[ndarray, " step"], days: Sequence[float] | Float[ndarray, " day"]
) -> Int[ndarray, " day"]:
    """Return the number of the step day that lies closest to each of the given days."""
    asked = np.asarray(days, float)
    after = np.clip(np.searchsorted(steps, asked), 1, steps.size - 1)
    return np.where(asked - steps[after - 1] < steps[after] - asked, after - 1, after)


def _lies_apart(day: float, marks: Sequence[float], law: StepLaw, starts: Sequence[float]) -> bool:
    same = _SAME * float(law.step(np.array(day), _last_restart(starts, day)))
    return all(abs(day - mark) > same for mark in marks)


def _last_restart(starts: Sequence[float], day: float) -> float | None:
    return max((start for start in starts if 0 < start <= day), default=None)


def _between(start: float, stop: float, law: StepLaw, last_restart: float | None) -> Float[ndarray, " step"]:
    day = np.linspace(start, stop, _SAMPLES)
    per_day = 1 / law.step(day, last_restart)
    done = np.concatenate([[0.0], np.cumsum((per_day[1:] + per_day[:-1]) / 2 * np.diff(day))])
    count = max(1, int(np.ceil(done[-1])))
    days = np.interp(np.linspace(0, done[-1], count + 1), done, day)[1:]
    days[-1] = stop
    return days
