"""How long the lesion is on MRI in the first days: read from the tissue, tabulated over severity and width.

Series of scans by grade tell how wide and how severe injuries are, which examinations alone see only in part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.interpolate import RegularGridInterpolator

from cordwise.base.randomness import Streams
from cordwise.cord.atlas import SEVERITY_NODES, WIDTH_NODES
from cordwise.cord.batch import run_course
from cordwise.cord.course import plan_course
from cordwise.cord.extent import length_above_mm
from cordwise.cord.parameters import Species, load_parameters
from cordwise.cord.visit import SHOWN
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.outcomes import assess
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import form_patients
from cordwise.population.fit.study_settings import study_setting
from cordwise.population.observation import Schedule, Visit, table
from cordwise.population.prediction import SimulatedSubjects, draw_subjects

_GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)
_HOURS_PER_DAY = 24.0
_UM_PER_MM = 1000.0
_LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Scans:
    """One published figure of a series of scans: a length at an hour, or the growth between two.

    Attributes
    ----------
    row
        Source row.
    hours
        Hours after injury of the scan, or of both.
    grades
        Patients of grades A to D at admission.
    mean, sd, n, unit
        The figure: mm for a length, micrometres an hour for a growth.
    """

    row: str
    measure: str
    hours: tuple[float, ...]
    grades: tuple[float, ...]
    mean: float
    sd: float
    n: float
    unit: str


@cache
def published_scans() -> tuple[Scans, ...]:
    """Return the figures that the fit is held to."""
    return tuple(
        Scans(
            row=row["row"],
            measure=row["measure"],
            hours=tuple(float(row[name]) for name in ("first_hour", "second_hour") if row[name]),
            grades=tuple(float(row[f"grade_{grade.name.lower()}"]) for grade in _GRADES),
            mean=float(row["mean"]),
            sd=float(row["sd"]),
            n=float(row["n"]),
            unit=row["unit"],
        )
        for row in table("imaging_targets")
    )


@dataclass(frozen=True, slots=True)
class ScannedPatients:
    """The patients who are scanned: who they are by random number, whatever the parameter set."""

    subjects: SimulatedSubjects
    hours: tuple[float, ...]

    def residuals(
        self, parameters: PopulationParameters, counterfactual: Counterfactual
    ) -> Float[ndarray, " residual"]:
        """Return what a parameter set misses of the published means and SDs, in units of what may be missed."""
        parts = []
        for scans, (mean, sd) in zip(published_scans(), self.predicted(parameters, counterfactual), strict=True):
            allowed, ratio = study_setting(f"imaging_{scans.measure}_tolerance"), study_setting("imaging_spread_ratio")
            parts.append((mean - scans.mean) / np.hypot(allowed, scans.sd / np.sqrt(scans.n)))
            parts.append((sd - scans.sd) / np.hypot(ratio * allowed, scans.sd / np.sqrt(2 * scans.n)))
        return np.nan_to_num(np.array(parts))

    def predicted(
        self, parameters: PopulationParameters, counterfactual: Counterfactual
    ) -> Sequence[tuple[float, float]]:
        """Return mean and SD of each published figure; patients count by the series' mix of grades."""
        patients = form_patients(parameters, self.subjects.deviates)
        graded = assess(patients, self.subjects.days, parameters, self.subjects.noise, counterfactual)
        lengths = lesion_lengths_mm(counterfactual.severity(patients), patients.width_mm, self.hours)
        in_neck = graded.neurological_level[:, 0] <= study_setting("imaging_last_level")
        members = [in_neck & (graded.ais[:, 0] == grade) for grade in _GRADES]
        return [self._read(scans, lengths, members) for scans in published_scans()]

    def _read(
        self, scans: Scans, lengths: Float[ndarray, "patient hour"], members: Sequence[Bool[ndarray, " patient"]]
    ) -> tuple[float, float]:
        at = [lengths[:, self.hours.index(hour)] for hour in scans.hours]
        values = at[0] if scans.measure == _LENGTH else _growth(at, scans.hours)
        weights = np.zeros(len(values))
        for share, chosen in zip(scans.grades, members, strict=True):
            weights[chosen] = share / max(int(chosen.sum()), 1)
        if not weights.any():
            return np.nan, np.nan
        mean = float(np.average(values, weights=weights))
        return mean, float(np.sqrt(np.average((values - mean) ** 2, weights=weights)))


def _growth(at: Sequence[Float[ndarray, " patient"]], hours: tuple[float, ...]) -> Float[ndarray, " patient"]:
    return _UM_PER_MM * (at[1] - at[0]) / (hours[1] - hours[0])


def scanned_patients(streams: Streams, *, count: int) -> ScannedPatients:
    """Draw the patients who are scanned, graded on the day of admission."""
    day = study_setting("imaging_graded_day")
    schedule = Schedule(None, (Visit("admission", day, day, day),))
    hours = sorted({hour for scans in published_scans() for hour in scans.hours})
    return ScannedPatients(draw_subjects(schedule, streams, count=count), tuple(hours))


def lesion_lengths_mm(
    severity: Float[ndarray, " patient"], width_mm: Float[ndarray, " patient"], hours: tuple[float, ...]
) -> Float[ndarray, "patient hour"]:
    """Return the length of each patient's lesion on MRI at some hours after injury, without cells."""
    inside = np.clip(severity, *SEVERITY_NODES[[0, -1]]), np.clip(width_mm, *WIDTH_NODES[[0, -1]])
    return _tabulated(hours)(np.column_stack([inside[0], np.log(inside[1])]))


@cache
def _tabulated(hours: tuple[float, ...]) -> RegularGridInterpolator:
    severity, width = np.meshgrid(SEVERITY_NODES, WIDTH_NODES, indexing="ij")
    p = load_parameters(Species.HUMAN)
    course = plan_course(np.array(hours) / _HOURS_PER_DAY, regimen=None, parameters=p, plastic_days=None)
    _, whole = run_course(course, severity.ravel(), width.ravel(), whole=True)
    fields = dict(zip(SHOWN, np.moveaxis(whole, 2, 0), strict=True))
    seen = p.mri_water_weight * fields["oedema"] + 1 - fields["grey"]
    lengths = length_above_mm(seen, np.array([p.mri_threshold]), course.axis.centres)
    return RegularGridInterpolator((SEVERITY_NODES, np.log(WIDTH_NODES)), lengths.reshape(*severity.shape, len(hours)))
