"""How exactly the tissue of a batch was solved: some of its patients once more, in steps of half the length.

The scheme is of second order, so that half the step leaves a quarter of the error: what a patient's results change by
is three quarters of their error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int8
from numpy import ndarray

from cordwise.cord.atlas import REFERENCE_DAY, WIDTH_RANGE_MM
from cordwise.cord.batch import run_course
from cordwise.cord.course import TissueSchedule, halved, plan_course, with_visits
from cordwise.cord.faults import MOST_SEVERE
from cordwise.cord.parameters import TissueParameters, load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.tissue import PatientStatus, TissueVisits, visits_of

READOUTS = (
    "spared_share",
    "axons_kept",
    "least_myelin",
    "node_repair_days",
    "conduction",
    "share_conducting",
    "growth",
    "grey_lost_mm",
)
CHECKED = 64
"""Patients that a self-check solves twice, at most."""
_PEAK_SHARE = 0.05  # values below this share of the peak count as if they were that large
_NOTHING = 1e-9  # a quantity that stays below this is absent, and has no relative error
_ERROR_BY_CHANGE = 4 / 3  # error of a scheme of second order over the change when its steps are halved
_GOLDEN = (5**0.5 - 1) / 2  # multiples of it, without their whole parts, fill a range evenly
_CHECKED_VISITS = (1.0, 7.0, 28.0, 84.0, 182.0, REFERENCE_DAY)


@dataclass(frozen=True, slots=True)
class StepError:
    """Estimated errors of all that is read out of some patients, and how each of them ended."""

    preset: str
    steps: int
    errors: Float[ndarray, "patient quantity time"]
    status: Int8[ndarray, " patient"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerics:
    """How exactly a result's tissue was solved.

    Attributes
    ----------
    preset, steps
        The step grid, and the most steps that a simulation took.
    simulations_checked
        How many were solved once more, in half steps.
    error_p99, error_max
        Estimated relative error of the values read out; None where no checked simulation has a finite solution.
    status
        How many simulations ended in which `PatientStatus`.
    words
        The same in a sentence.
    """

    preset: str
    steps: int
    simulations_checked: int
    error_p99: float | None
    error_max: float | None
    status: Mapping[str, int]
    words: str


def relative_error(
    found: Float[ndarray, "..."], reference: Float[ndarray, "..."], over: int | tuple[int, ...] | None
) -> Float[ndarray, "..."]:
    """Return the error relative to the value, or to 5% of its peak `over` some axes where the value is smaller."""
    peak = np.abs(reference).max(axis=over, keepdims=True)
    return np.abs(found - reference) / np.maximum(np.abs(reference), np.maximum(_PEAK_SHARE * peak, _NOTHING))


def step_error(
    course: TissueSchedule, severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"]
) -> StepError:
    """Solve the first 64 patients of a batch at most, once in the steps of the course and once in half of them."""
    # The first step is read too, so that the peak of what later vanishes is known.
    read = _of_first(with_visits(course, np.union1d(course.steps[1:2], course.visits)))
    some = severity[:CHECKED], width_mm[:CHECKED]
    coarse, fine = (visits_of(each, run_course(each, *some)[0]) for each in (read, halved(read)))
    change = relative_error(_stacked(coarse), _stacked(fine), -1)[..., -course.visits.size :]
    errors = _ERROR_BY_CHANGE * change[coarse.solved & fine.solved]
    return StepError(course.preset, course.steps.size - 1, errors, coarse.status)


def population_step_errors(regimens: Iterable[Regimen | None]) -> list[StepError]:
    """Return the errors of each regimen for 64 patients, spread over all severities and widths that the atlas holds."""
    number = np.arange(1, CHECKED + 1)
    severity = MOST_SEVERE * (number - 1 / 2) / CHECKED
    narrow, wide = WIDTH_RANGE_MM
    width_mm = narrow * (wide / narrow) ** (number * _GOLDEN % 1)
    courses = (
        plan_course(_CHECKED_VISITS, regimen=regimen, parameters=load_parameters(), plastic_days=None)
        for regimen in regimens
    )
    return [step_error(course, severity, width_mm) for course in courses]


def numerics(found: Sequence[StepError], status: Int8[ndarray, "..."] | None = None) -> Numerics:
    """Return what a result says of its numerics; `status` is of all its patients, where more than were checked."""
    errors = np.concatenate([each.errors.ravel() for each in found])
    ended = np.concatenate([each.status for each in found]) if status is None else status
    counts = Counter(PatientStatus(code).name.lower() for code in np.ravel(ended).tolist())
    checked = sum(each.status.size for each in found)
    p99 = _rounded(np.quantile(errors, 0.99)) if errors.size else None
    largest = _rounded(errors.max()) if errors.size else None
    return Numerics(
        preset=found[0].preset,
        steps=max(each.steps for each in found),
        simulations_checked=checked,
        error_p99=p99,
        error_max=largest,
        status={kind.name.lower(): counts[kind.name.lower()] for kind in PatientStatus},
        words=_words(checked, p99, largest),
    )


def _words(checked: int, p99: float | None, largest: float | None) -> str:
    if p99 is None or largest is None:
        return "How exactly the tissue was solved is not known: none of the simulations checked has a finite solution."
    return (
        f"The tissue was solved to within {_per_cent(p99)} in 99 of 100 values read out "
        f"(largest error {_per_cent(largest)}), as {checked} simulations repeated in half steps show."
    )


def _of_first(course: TissueSchedule) -> TissueSchedule:
    """Return the course with the numbers of the patients that are checked."""
    own: dict[str, Any] = {
        name: value[:CHECKED] if np.ndim(value) else value for name, value in course.parameters._asdict().items()
    }
    return replace(course, parameters=TissueParameters(**own))


def _stacked(visits: TissueVisits) -> Float[ndarray, "patient quantity time"]:
    return np.stack([getattr(visits, name) for name in READOUTS], axis=1)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _per_cent(share: float) -> str:
    return f"{100 * share:.2g} %"
