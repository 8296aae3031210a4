"""Faults of what a caller asks of the tissue model: patients, days, choices."""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.errors import Fault

MOST_SEVERE = 2.0  # nothing is left of the cord there


def patient_faults(severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"]) -> Iterator[Fault]:
    """Yield a fault for each kind of bad severity or width, naming the first patient that has it."""
    if severity.shape != width_mm.shape or severity.ndim != 1 or severity.size == 0:
        yield Fault("severity, width_mm", "one number a patient each", f"shapes {severity.shape} and {width_mm.shape}")
        return
    wrong = ~((severity >= 0) & (severity <= MOST_SEVERE))
    if wrong.any():
        worst = wrong.argmax()
        yield Fault(f"severity[{worst}]", f"a number from 0 to {MOST_SEVERE:g}", str(severity[worst]))
    wrong = ~((width_mm > 0) & np.isfinite(width_mm))
    if wrong.any():
        yield Fault(f"width_mm[{wrong.argmax()}]", "a width above 0 mm", str(width_mm[wrong.argmax()]))


def day_faults(days: Float[ndarray, " time"]) -> Iterator[Fault]:
    """Yield a fault when the days of the visits cannot be simulated."""
    if days.ndim != 1 or days.size == 0 or not np.isfinite(days).all() or days.min() < 0 or (np.diff(days) <= 0).any():
        yield Fault("days", "rising days on or after the injury (day 0), at least one", str(days.tolist()))
    elif days[-1] == 0:
        yield Fault("days", "a last day after the injury", "0")


def choice_faults(**choices: tuple[str, type[StrEnum]]) -> Iterator[Fault]:
    """Yield a fault for every choice that is none of its kind."""
    for name, (chosen, kind) in choices.items():
        if chosen not in tuple(kind):
            yield Fault(name, f"one of {', '.join(kind)}", repr(str(chosen)))
