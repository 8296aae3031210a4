"""The days of the steps: small after injury and doses, wide later; every visit and dose is one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy import ndarray

_SAMPLES = 513  # points at which the wanted step is sampled between two marks


@dataclass(frozen=True, slots=True)
class StepLaw:
    """Wanted step in days: `first + growth * t`, at most `acute`; from `late_from` on it may widen to `late`.

    After a dose the step is at most `after_dose + dose_growth * (time since the dose)`.  `scale` stretches every step.
    """

    first: float = 0.004
    growth: float = 0.012
    acute: float = 0.3
    late_from: float = 30.0
    late_power: float = 1.5
    late: float = 4.0
    after_dose: float = 0.008
    dose_growth: float = 0.1
    scale: float = 1.0

    def step(self, day: Float[ndarray, " sample"], last_dose: float | None) -> Float[ndarray, " sample"]:
        """Return the wanted step on each day, given the day of the last dose."""
        step = np.minimum(self.first + self.growth * day, self.acute)
        late = np.minimum(self.acute * (day / self.late_from) ** self.late_power, self.late)
        step = np.where(day > self.late_from, late, step)
        if last_dose is not None:
            step = np.minimum(step, self.after_dose + self.dose_growth * (day - last_dose))
        return self.scale * step


def step_grid(
    end: float, *, visits: Iterable[float] = (), doses: Iterable[float] = (), law: StepLaw | None = None
) -> Float[ndarray, " step"]:
    """Return the days 0 to `end` between which the steps are taken; steps restart small at doses, never at visits."""
    law = law or StepLaw()
    dose_days = sorted({float(day) for day in doses if 0 <= day < end})
    marks = sorted({0.0, float(end), *dose_days, *(float(day) for day in visits if 0 < day < end)})
    pieces = [np.zeros(1)]
    for start, stop in pairwise(marks):
        last_dose = max((day for day in dose_days if 0 < day <= start), default=None)
        pieces.append(_between(start, stop, law, last_dose))
    return np.concatenate(pieces)


def _between(start: float, stop: float, law: StepLaw, last_dose: float | None) -> Float[ndarray, " step"]:
    day = np.linspace(start, stop, _SAMPLES)
    per_day = 1 / law.step(day, last_dose)
    done = np.concatenate([[0.0], np.cumsum((per_day[1:] + per_day[:-1]) / 2 * np.diff(day))])
    count = max(1, int(np.ceil(done[-1])))
    days = np.interp(np.linspace(0, done[-1], count + 1), done, day)[1:]
    days[-1] = stop
    return days
