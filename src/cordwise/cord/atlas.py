"""The tissue tabulated over severity and width, so that a population costs an interpolation and not a simulation.

Kinetic parameters are common to all patients, so that a patient's course is a smooth function of two numbers: the
severity of the impact and the width of the lesion.  Between nodes the atlas interpolates linearly in severity, in the
logarithm of the width and in time.  The plastic window acts on nothing but growth, so that one simulation serves every
time constant of it: `with_plastic_days` integrates growth anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numba import njit, prange
from numpy import ndarray

from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.cord.batch import run_course
from cordwise.cord.course import TissueSchedule, plan_course, with_visits
from cordwise.cord.courses import COURSES, TissueCourses, relative_courses, visit_on
from cordwise.cord.parameters import Species, TissueParameters, load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.tissue import PatientStatus, TissueVisits, visits_of

WIDTH_RANGE_MM = (5.0, 30.0)
REFERENCE_DAY = 365.0

# Denser where courses bend most, as measured: where a mild impact turns into a lesion that spreads, and where an impact
# leaves next to no fibre.
SEVERITY_NODES = np.concatenate(
    [
        [0.0, 0.01, 0.02, 0.035, 0.05, 0.07, 0.09],
        np.linspace(0.1, 0.3, 18),
        np.linspace(0.306, 0.36, 10),
        np.linspace(0.38, 1.0, 18),
        np.linspace(1.02, 1.1, 6),
        np.linspace(1.11, 1.3, 32),
        np.linspace(1.35, 2.0, 14),
    ]
)
WIDTH_NODES = np.geomspace(*WIDTH_RANGE_MM, 20)
_KEEP_EVERY, _KEEP_EVERY_LATER = 2, 8  # of the steps in the first year, and of those after it, when little moves


@dataclass(frozen=True, slots=True)
class TissueAtlas:
    """Courses of one regimen at the nodes of severity and width; make one with `TissueAtlas.build`.

    Widths are clipped to 5 to 30 mm, severities to 0 to 2.  `growth_speed` is the rate of growth that a window which
    never closes would give, with the regimen; `natural_growth_speed` the same without cells, up to one year.
    """

    days: Float[ndarray, " day"]
    courses_at_nodes: Float[ndarray, "severity width day 4"]
    spared_at_one_year: Float[ndarray, "severity width"]
    growth_speed: Float[ndarray, "severity width day"]
    natural_days: Float[ndarray, " natural_day"]
    natural_growth_speed: Float[ndarray, "severity width natural_day"]

    @classmethod
    def build(
        cls,
        days: float | Sequence[float] | Float[ndarray, "..."],
        regimen: Regimen | None = None,
        parameters: TissueParameters | None = None,
        plastic_days: float | None = None,
    ) -> "TissueAtlas":
        """Simulate all nodes up to the last of `days` with the regimen and, as reference, a year without cells.

        Both runs take the same steps, so that the contrast between them carries no error of the steps.
        """
        last = float(np.max(days))
        chosen = load_parameters(Species.HUMAN) if parameters is None else parameters
        landings = np.union1d(last, REFERENCE_DAY)
        course = plan_course(landings, regimen=regimen, parameters=chosen, plastic_days=plastic_days)
        doses = [day for day in (regimen.days if regimen else ()) if day < last]
        kept = np.union1d(_kept_steps(course), [*landings, *doses])
        natural = course
        if regimen is not None:
            natural = plan_course(
                landings, regimen=None, parameters=chosen, plastic_days=plastic_days, restarts=regimen.days
            )
        untreated = _at_nodes(with_visits(natural, kept))
        treated = untreated if regimen is None else _at_nodes(with_visits(course, kept))
        courses = relative_courses(treated, visit_on(untreated, REFERENCE_DAY))
        asked, first_year = kept <= last, kept <= REFERENCE_DAY
        stacked = np.stack([getattr(courses, name)[:, asked] for name in COURSES], axis=-1)
        return cls(
            days=kept[asked],
            courses_at_nodes=_on_nodes(np.ascontiguousarray(stacked)),
            spared_at_one_year=_on_nodes(visit_on(untreated, REFERENCE_DAY).spared_share)[..., 0],
            growth_speed=_on_nodes(_growth_speed(treated, course.parameters.plastic_days)[:, asked]),
            natural_days=kept[first_year],
            natural_growth_speed=_on_nodes(_growth_speed(untreated, course.parameters.plastic_days)[:, first_year]),
        )

    def with_plastic_days(self, plastic_days: float) -> "TissueAtlas":
        """Return the same tissue with another time constant of the plastic window, in days."""
        natural = grown(self.natural_growth_speed, self.natural_days, plastic_days)[..., -1:]
        final = natural + self.natural_growth_speed[..., -1:] * np.exp(-self.natural_days[-1] / plastic_days)
        courses = self.courses_at_nodes.copy()
        courses[..., COURSES.index("growth")] = grown(self.growth_speed, self.days, plastic_days) / final
        return replace(self, courses_at_nodes=courses)

    def courses(
        self,
        severity: Float[ndarray, " patient"],
        width_mm: Float[ndarray, " patient"],
        days: Float[ndarray, "patient time"] | Float[ndarray, " time"],
    ) -> TissueCourses:
        """Return each patient's courses on that patient's own days; a day that is NaN gives NaN."""
        severity, width_mm = np.asarray(severity, float), np.asarray(width_mm, float)
        asked = np.asarray(days, float)
        if (asked < 0).any() or (asked > self.days[-1]).any():
            raise InputError(
                [Fault("days", f"days from 0 to {self.days[-1]:g}", f"{asked.min():g} to {asked.max():g}")]
            )
        asked = np.array(np.broadcast_to(asked, (severity.size, asked.shape[-1])), order="C")
        out = np.empty((*asked.shape, len(COURSES)))
        _interpolate(severity, _log_width(width_mm), asked, *_nodes(), self.days,
                     self.courses_at_nodes, out)  # fmt: skip
        return TissueCourses(*(np.ascontiguousarray(out[..., number]) for number in range(len(COURSES))))

    def severity_for(
        self, spared_share: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"]
    ) -> Float[ndarray, " patient"]:
        """Return the severity that leaves, one year later and without cells, the share that a patient's tracts have.

        Clipped to 0 to 2, where an impact leaves nothing.
        """
        share, width = np.asarray(spared_share, float), _log_width(np.asarray(width_mm, float))
        out = np.empty(share.size)
        _invert(share, width, *_nodes(), self.spared_at_one_year, out)
        return out


def grown(
    speed: Float[ndarray, "*node day"], days: Float[ndarray, " day"], plastic_days: float
) -> Float[ndarray, "*node day"]:
    """Return the growth up to each day in a window closing with `plastic_days`; exact for a speed linear in time."""
    open_still = np.exp(-days / plastic_days)
    closed, length = -np.diff(open_still), np.diff(days)
    late = plastic_days * closed / length - open_still[1:]
    pieces = speed[..., :-1] * (closed - late) + speed[..., 1:] * late
    return np.concatenate([np.zeros_like(speed[..., :1]), np.cumsum(pieces, axis=-1)], axis=-1)


def _growth_speed(visits: TissueVisits, plastic_days: float) -> Float[ndarray, "patient time"]:
    return visits.growth_to_come * np.exp(visits.days / plastic_days)


def _on_nodes(values: Float[ndarray, "node ..."]) -> Float[ndarray, "severity width ..."]:
    return values.reshape(SEVERITY_NODES.size, WIDTH_NODES.size, *values.shape[1:])


def _nodes() -> tuple[Float[ndarray, " severity"], Float[ndarray, " width"]]:
    return SEVERITY_NODES, np.log(WIDTH_NODES)


def _log_width(width_mm: Float[ndarray, " patient"]) -> Float[ndarray, " patient"]:
    return np.log(np.clip(width_mm, *WIDTH_RANGE_MM))


def _kept_steps(course: TissueSchedule) -> Float[ndarray, " day"]:
    early = course.steps <= REFERENCE_DAY
    return np.concatenate([course.steps[early][::_KEEP_EVERY], course.steps[~early][::_KEEP_EVERY_LATER]])


def _at_nodes(course: TissueSchedule) -> TissueVisits:
    severity, width = np.meshgrid(SEVERITY_NODES, WIDTH_NODES, indexing="ij")
    out, _ = run_course(course, severity.ravel(), width.ravel())
    visits = visits_of(course, out)
    if not visits.solved.all():
        worst = int(np.argmin(visits.solved))
        place = f"severity {severity.ravel()[worst]:g}, width {width.ravel()[worst]:g} mm"
        front = visits.status[worst] == PatientStatus.FRONT
        what = "a lesion that spreads along the whole cord" if front else "no finite solution"
        raise ModelError(f"the tissue model has {what} at {place}; check the parameters")
    return visits


@njit(cache=True, error_model="numpy")
def _place(value: float, nodes: ndarray) -> tuple[int, float]:
    """Return the node below a value and how far, 0 to 1, the value lies towards the next one; clipped to the ends."""
    below = min(max(np.searchsorted(nodes, value, side="right") - 1, 0), nodes.size - 2)
    share = (value - nodes[below]) / (nodes[below + 1] - nodes[below])
    return int(below), min(max(share, 0.0), 1.0)


@njit(cache=True, parallel=True, error_model="numpy")
def _interpolate(
    severity: ndarray,
    width: ndarray,
    days: ndarray,
    severity_nodes: ndarray,
    width_nodes: ndarray,
    day_nodes: ndarray,
    table: ndarray,
    out: ndarray,
) -> None:
    for patient in prange(severity.size):
        i, s = _place(severity[patient], severity_nodes)
        j, w = _place(width[patient], width_nodes)
        for visit in range(days.shape[1]):
            day = days[patient, visit]
            if np.isnan(day):
                out[patient, visit] = np.nan
                continue
            k, t = _place(day, day_nodes)
            for course in range(table.shape[3]):
                total = 0.0
                for a in range(2):
                    for b in range(2):
                        weight = (s if a else 1 - s) * (w if b else 1 - w)
                        at = table[i + a, j + b, :, course]
                        total += weight * ((1 - t) * at[k] + t * at[k + 1])
                out[patient, visit, course] = total


@njit(cache=True, parallel=True, error_model="numpy")
def _invert(
    share: ndarray, width: ndarray, severity_nodes: ndarray, width_nodes: ndarray, spared: ndarray, out: ndarray
) -> None:
    for patient in prange(share.size):
        j, w = _place(width[patient], width_nodes)
        low, high = 0, severity_nodes.size - 1
        while high - low > 1:
            middle = (low + high) // 2
            here = (1 - w) * spared[middle, j] + w * spared[middle, j + 1]
            low, high = (middle, high) if here > share[patient] else (low, middle)
        above = (1 - w) * spared[low, j] + w * spared[low, j + 1]
        below = (1 - w) * spared[high, j] + w * spared[high, j + 1]
        part = min(max((above - share[patient]) / (above - below), 0.0), 1.0) if above > below else 0.0
        out[patient] = severity_nodes[low] + part * (severity_nodes[high] - severity_nodes[low])
