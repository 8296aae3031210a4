"""The tissue tabulated over severity and width, so that a population costs an interpolation and not a simulation.

A patient with the typical kinetics has a course that is a smooth function of two numbers: the severity of the impact
and the width of the lesion.  Between nodes the atlas interpolates linearly in severity, in the logarithm of the width
and in time.  The plastic window acts on nothing but growth, so that one simulation serves every time constant of it:
growth is integrated anew for each patient's own.  A share of what cells give to growth does not close with the window;
it is told apart by a second simulation without that share.

Patients whose kinetics are their own differ from the typical course by what each group of rates adds (`deviations`): a
parabola in the patient's deviate, from simulations at two deviates of each group on a coarser grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import expit

from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.cord.batch import run_course
from cordwise.cord.course import TissueSchedule, plan_course, with_visits
from cordwise.cord.courses import COURSES, TissueCourses, relative_courses, share_log_odds, visit_on
from cordwise.cord.deviations import (
    NODES_BETWEEN,
    WIDTHS_KEPT,
    Deviations,
    add_deviations,
    deviations_from,
    shifted_nodes,
    spared_shift,
)
from cordwise.cord.interpolation import find_severities, interpolate_courses
from cordwise.cord.parameters import Species, TissueParameters, load_parameters
from cordwise.cord.patient_kinetics import clipped
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
        np.linspace(0.38, 0.64, 8),
        np.linspace(0.655, 0.8, 13),
        np.linspace(0.82, 0.94, 6),
        np.linspace(0.95, 1.07, 21),
        np.linspace(1.08, 1.3, 12),
        np.linspace(1.35, 2.0, 10),
    ]
)
WIDTH_NODES = np.geomspace(*WIDTH_RANGE_MM, 20)
_LASTING = tuple(name for name in COURSES if name != "growth")
_ROUNDS = 4  # of finding a severity whose share is the patient's; each leaves a tenth of what was left before it
_KEEP_EVERY, _KEEP_EVERY_LATER = 2, 8  # of the steps in the first year, and of those after it, when little moves


@dataclass(frozen=True, slots=True)
class TissueAtlas:
    """Courses of one regimen at the nodes of severity and width; make one with `TissueAtlas.build`.

    Widths are clipped to 5 to 30 mm, severities to 0 to 2.  Tables are in single precision, as the tissue is solved.

    Attributes
    ----------
    days
        Days after injury at which courses are kept.
    lasting
        Courses that no plastic window changes: those of `COURSES` but growth.
    spared_at_one_year
        Share of fibres that pass the lesion a year after injury without cells.
    growth_speed
        Rate of growth that a window which never closes would give, with the regimen, of what closes with the window.
    lasting_speed
        The same of what cells give for good; no days where there are no cells.
    natural_days, natural_growth_speed
        The same without cells, up to one year.
    plastic_days
        Time constant of the plastic window of the species.
    deviations, spared_deviations
        What own kinetics add to the courses, and to the log odds of the share spared at one year (`deviations.py`).
    """

    days: Float[ndarray, " day"]
    lasting: Float[ndarray, "severity width day 4"]
    spared_at_one_year: Float[ndarray, "severity width"]
    growth_speed: Float[ndarray, "severity width day"]
    lasting_speed: Float[ndarray, "severity width lasting_day"]
    natural_days: Float[ndarray, " natural_day"]
    natural_growth_speed: Float[ndarray, "severity width natural_day"]
    plastic_days: float
    deviations: Float[ndarray, "group power severity width day 5"]
    spared_deviations: Float[ndarray, "group power severity width"]

    @classmethod
    def build(
        cls,
        days: float | Sequence[float] | Float[ndarray, "..."],
        regimen: Regimen | None = None,
        parameters: TissueParameters | None = None,
    ) -> "TissueAtlas":
        """Simulate all nodes up to the last of `days` with the regimen and, as reference, a year without cells.

        Both runs take the same steps, so that the contrast between them carries no error of the steps.
        """
        last = float(np.max(days))
        chosen = load_parameters(Species.HUMAN) if parameters is None else parameters
        landings = np.union1d(last, REFERENCE_DAY)
        course = plan_course(landings, regimen=regimen, parameters=chosen, plastic_days=None)
        doses = [day for day in (regimen.days if regimen else ()) if day < last]
        kept = np.union1d(_kept_steps(course), [*landings, *doses])
        untreated = _untreated(tuple(landings), regimen.days if regimen else (), parameters, kept.tobytes())
        treated = untreated if regimen is None else _at_nodes(with_visits(course, kept))
        courses = relative_courses(treated, visit_on(untreated, REFERENCE_DAY))
        asked, first_year = kept <= last, kept <= REFERENCE_DAY
        plastic_days = course.parameters.plastic_days
        lasting = [getattr(courses, name)[:, asked] for name in _LASTING]
        closing, for_good = _speeds_with_cells(treated, landings, regimen, chosen)
        own = _deviations(course, regimen, chosen, kept, courses, visit_on(untreated, REFERENCE_DAY))
        return cls(
            days=kept[asked],
            lasting=_on_nodes(np.stack(lasting, axis=-1)),
            spared_at_one_year=_on_nodes(visit_on(untreated, REFERENCE_DAY).spared_share)[..., 0],
            growth_speed=_on_nodes(closing[:, asked]),
            lasting_speed=_on_nodes(for_good[:, asked[: for_good.shape[1]]]),
            natural_days=kept[first_year],
            natural_growth_speed=_on_nodes(_growth_speed(untreated, plastic_days)[:, first_year]),
            plastic_days=float(plastic_days),
            deviations=np.ascontiguousarray(own.courses[..., asked, :]),
            spared_deviations=own.spared,
        )

    def courses(
        self,
        severity: Float[ndarray, " patient"],
        width_mm: Float[ndarray, " patient"],
        days: Float[ndarray, "patient time"] | Float[ndarray, " time"],
        plastic_days: Float[ndarray, " patient"] | float | None = None,
        kinetics: Float[ndarray, "patient group"] | None = None,
    ) -> TissueCourses:
        """Return each patient's courses on that patient's own days; a day that is NaN gives NaN.

        `kinetics` are the deviates of own rates (`patient_kinetics`), those of the typical cord when None.

        `plastic_days` is the time constant of the plastic window, for all or for each; that of the species when None.
        Growth is integrated for each patient, exactly for a speed that is linear between the kept days.
        """
        severity, width_mm = np.asarray(severity, float), np.asarray(width_mm, float)
        asked = np.asarray(days, float)
        if (asked < 0).any() or (asked > self.days[-1]).any():
            raise InputError(
                [Fault("days", f"days from 0 to {self.days[-1]:g}", f"{asked.min():g} to {asked.max():g}")]
            )
        asked = np.array(np.broadcast_to(asked, (severity.size, asked.shape[-1])), order="C")
        window = self.plastic_days if plastic_days is None else plastic_days
        windows, number = np.unique(np.broadcast_to(window, severity.shape), return_inverse=True)
        kept, natural = self.days.tobytes(), self.natural_days.tobytes()
        out = np.empty((*asked.shape, len(COURSES)))
        interpolate_courses(
            severity,
            _log_width(width_mm),
            asked,
            number.astype(np.int64),
            (*_nodes(), self.days),
            self.lasting,
            (self.growth_speed, _window_weights(kept, windows.tobytes())),
            (self.lasting_speed, _lasting_weights(kept, windows.tobytes())),
            (self.natural_growth_speed, _final_weights(natural, windows.tobytes())),
            out,
        )
        if kinetics is not None:
            nodes = (*_coarse_nodes(), self.days)
            add_deviations(severity, _log_width(width_mm), asked, clipped(kinetics), nodes, self.deviations, out)
        return TissueCourses(*(np.ascontiguousarray(out[..., number]) for number in range(len(COURSES))))

    def severity_for(
        self,
        spared_share: Float[ndarray, " patient"],
        width_mm: Float[ndarray, " patient"],
        kinetics: Float[ndarray, "patient group"] | None = None,
    ) -> Float[ndarray, " patient"]:
        """Return the severity that leaves, one year later and without cells, the share that a patient's tracts have.

        Clipped to 0 to 2, where an impact leaves nothing; `kinetics` as in `courses`.
        """
        share, width = np.asarray(spared_share, float), _log_width(np.asarray(width_mm, float))
        out = np.empty(share.size)
        find_severities(share, width, *_nodes(), self.spared_at_one_year, out)
        if kinetics is not None:
            for _ in range(_ROUNDS):
                shift = spared_shift(out, width, clipped(kinetics), _coarse_nodes(), self.spared_deviations)
                typical = expit(share_log_odds(share) - shift)
                find_severities(typical, width, *_nodes(), self.spared_at_one_year, out)
        return out


@lru_cache(maxsize=16)
def _window_weights(of_days: bytes, of_windows: bytes) -> Float[ndarray, "window 2 interval"]:
    """Return what the speeds at both ends of each interval add to growth; exact for a speed linear in time."""
    days, plastic_days = np.frombuffer(of_days), np.frombuffer(of_windows)[:, None]
    open_still = np.exp(-days / plastic_days)
    closed, length = -np.diff(open_still), np.diff(days)
    late = plastic_days * closed / length - open_still[:, 1:]
    return np.stack([closed - late, late], axis=1)


@lru_cache(maxsize=16)
def _lasting_weights(of_days: bytes, of_windows: bytes) -> Float[ndarray, "window 2 interval"]:
    """Return what the speeds at both ends of each interval add to growth that closes with no window."""
    by_interval = np.diff(np.frombuffer(of_days)) / (2 * np.frombuffer(of_windows)[:, None])
    return np.stack([by_interval, by_interval], axis=1)


@lru_cache(maxsize=16)
def _final_weights(of_days: bytes, of_windows: bytes) -> Float[ndarray, "window day"]:
    """Return what the natural speed on each day adds to the growth that a window gives in the end."""
    days, windows = np.frombuffer(of_days), np.frombuffer(of_windows)
    weights = _window_weights(of_days, of_windows)
    at_day = np.zeros((len(windows), days.size))
    at_day[:, :-1] += weights[:, 0]
    at_day[:, 1:] += weights[:, 1]
    at_day[:, -1] += np.exp(-days[-1] / windows)  # what is still to come after the last day
    return at_day


def _growth_speed(visits: TissueVisits, plastic_days: float) -> Float[ndarray, "patient time"]:
    return visits.growth_to_come * np.exp(visits.days / plastic_days)


def _speeds_with_cells(
    treated: TissueVisits, landings: Float[ndarray, " day"], regimen: Regimen | None, parameters: TissueParameters
) -> tuple[Float[ndarray, "node time"], Float[ndarray, "node lasting_time"]]:
    """Return the speed of growth that closes with the window, and that which lasts.

    Without the lasting share the speed is base + cells; with a share l of it, base + (1 - l) cells + l cells
    exp(day / plastic_days).
    """
    speed = _growth_speed(treated, parameters.plastic_days)
    if regimen is None or not np.any(parameters.growth_trophic_lasting):
        return speed, speed[:, :0]
    course = plan_course(
        landings, regimen=regimen, parameters=parameters._replace(growth_trophic_lasting=0.0), plastic_days=None
    )
    all_closes = _growth_speed(_at_nodes(with_visits(course, treated.days)), parameters.plastic_days)
    later = np.expm1(treated.days / parameters.plastic_days)
    for_good = np.divide(speed - all_closes, later, out=np.zeros_like(speed), where=later > 0)
    return speed - for_good * (1 + later), for_good


def _on_nodes(values: Float[ndarray, "node ..."]) -> Float[ndarray, "severity width ..."]:
    shape = SEVERITY_NODES.size, WIDTH_NODES.size, *values.shape[1:]
    return np.ascontiguousarray(values, np.float32).reshape(shape)


def _nodes() -> tuple[Float[ndarray, " severity"], Float[ndarray, " width"]]:
    return SEVERITY_NODES, np.log(WIDTH_NODES)


def _coarse_nodes() -> tuple[Float[ndarray, " severity"], Float[ndarray, " width"]]:
    return np.ascontiguousarray(SEVERITY_NODES[::NODES_BETWEEN]), np.log(WIDTH_NODES[WIDTHS_KEPT])


def _log_width(width_mm: Float[ndarray, " patient"]) -> Float[ndarray, " patient"]:
    return np.log(np.clip(width_mm, *WIDTH_RANGE_MM))


def _kept_steps(course: TissueSchedule) -> Float[ndarray, " day"]:
    early = course.steps <= REFERENCE_DAY
    return np.concatenate([course.steps[early][::_KEEP_EVERY], course.steps[~early][::_KEEP_EVERY_LATER]])


@lru_cache(maxsize=1)
def _untreated(
    landings: tuple[float, ...], restarts: tuple[float, ...], parameters: TissueParameters | None, kept: bytes
) -> TissueVisits:
    """Return the nodes without cells, in the steps of a regimen; regimens of the same days share them."""
    chosen = load_parameters(Species.HUMAN) if parameters is None else parameters
    course = plan_course(np.array(landings), regimen=None, parameters=chosen, plastic_days=None, restarts=restarts)
    return _at_nodes(with_visits(course, np.frombuffer(kept)))


def _deviations(
    course: TissueSchedule,
    regimen: Regimen | None,
    parameters: TissueParameters,
    kept: Float[ndarray, " day"],
    typical: TissueCourses,
    typical_year: TissueVisits,
) -> Deviations:
    """Return what own kinetics add, from the treated and the untreated tissue of shifted rates at some of the nodes."""
    severity, width = np.meshgrid(SEVERITY_NODES[::NODES_BETWEEN], WIDTH_NODES[WIDTHS_KEPT], indexing="ij")
    hits, own = shifted_nodes(severity.ravel(), width.ravel(), parameters)
    untreated = plan_course(
        course.visits, regimen=None, parameters=own, plastic_days=None, patients=hits[0].size,
        restarts=regimen.days if regimen else (),
    )  # fmt: skip
    natural = _solved(with_visits(untreated, kept), *hits)
    treated = natural
    if regimen is not None:
        planned = plan_course(course.visits, regimen=regimen, parameters=own, plastic_days=None, patients=hits[0].size)
        treated = _solved(with_visits(planned, kept), *hits)
    year = visit_on(natural, REFERENCE_DAY)
    some = np.arange(SEVERITY_NODES.size * WIDTH_NODES.size).reshape(SEVERITY_NODES.size, -1)
    some = some[::NODES_BETWEEN, WIDTHS_KEPT].ravel()
    return deviations_from(
        relative_courses(treated, year), year.spared_share[:, 0], typical, typical_year.spared_share[:, 0], some,
        severity.shape,
    )  # fmt: skip


def _at_nodes(course: TissueSchedule) -> TissueVisits:
    severity, width = np.meshgrid(SEVERITY_NODES, WIDTH_NODES, indexing="ij")
    return _solved(course, severity.ravel(), width.ravel())


def _solved(
    course: TissueSchedule, severity: Float[ndarray, " patient"], width: Float[ndarray, " patient"]
) -> TissueVisits:
    """Return the tissue of patients; raise `ModelError` where one has no credible solution."""
    out, _ = run_course(course, severity, width)
    visits = visits_of(course, out)
    if not visits.solved.all():
        worst = int(np.argmin(visits.solved))
        place = f"severity {severity[worst]:g}, width {width[worst]:g} mm"
        front = visits.status[worst] == PatientStatus.FRONT
        what = "a lesion that spreads along the whole cord" if front else "no finite solution"
        raise ModelError(f"the tissue model has {what} at {place}; check the parameters")
    return visits
