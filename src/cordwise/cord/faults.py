"""Faults of what a caller asks of the tissue model: patients, days, choices."""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.errors import Fault

MOST_SEVERE = 2.0  # nothing is left of the cord there
LATEST_DAY = 36525.0  # a hundred years after the injury
MOST_CELLS = 1e13  # of one dose; far beyond any that can be given, and far from where single precision overflows
WIDEST_MM = 1e6  # a kilometre, as good as an endless lesion, and far from where single precision overflows


def patient_faults(severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"]) -> Iterator[Fault]:
    """Yield a fault for each kind of bad severity or width, naming the first patient that has it."""
    if severity.shape != width_mm.shape or severity.ndim != 1 or severity.size == 0:
        yield Fault("severity, width_mm", "one number a patient each", f"shapes {severity.shape} and {width_mm.shape}")
        return
    wrong = ~((severity >= 0) & (severity <= MOST_SEVERE))
    if wrong.any():
        worst = wrong.argmax()
        yield Fault(f"severity[{worst}]", f"a number from 0 to {MOST_SEVERE:g}", str(severity[worst]))
    wrong = ~((width_mm > 0) & (width_mm <= WIDEST_MM))
    if wrong.any():
        worst = wrong.argmax()
        yield Fault(f"width_mm[{worst}]", f"a width above 0 mm, up to {WIDEST_MM:g}", str(width_mm[worst]))


def day_faults(days: Float[ndarray, " time"]) -> Iterator[Fault]:
    """Yield a fault when the days of the visits cannot be simulated."""
    if days.ndim != 1 or days.size == 0 or not np.isfinite(days).all() or days.min() < 0 or (np.diff(days) <= 0).any():
        yield Fault("days", "rising days on or after the injury (day 0), at least one", str(days.tolist()))
    elif days[-1] > LATEST_DAY:
        yield Fault("days", f"days up to {LATEST_DAY:g}", f"{days[-1]:g}")
    elif days[-1] == 0:
        yield Fault("days", "a last day after the injury", "0")


def choice_faults(**choices: tuple[str, type[StrEnum]]) -> Iterator[Fault]:
    """Yield a fault for every choice that is none of its kind."""
    for name, (chosen, kind) in choices.items():
        if chosen not in tuple(kind):
            yield Fault(name, f"one of {', '.join(kind)}", repr(str(chosen)))
