"""Simulate the tissue of patients: a batch at its visits, or one patient along the whole cord for pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.base.errors import ModelError
from cordwise.cord.batch import run_course
from cordwise.cord.changes import Change
from cordwise.cord.course import Precision, Resolution, TissueSchedule, plan_course
from cordwise.cord.devices import Device, device_faults
from cordwise.cord.engine.step_grid import Preset, StepLaw
from cordwise.cord.faults import patient_faults
from cordwise.cord.parameters import Species, TissueParameters, load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.visit import QUANTITIES, SHOWN


class PatientStatus(IntEnum):
    """How a patient's simulation ended.

    A *front* is a lesion, or inflammatory macrophages, that have spread far along the cord at the last visit, as no
    cord does: its numbers are finite but its parameters are not credible together.
    """

    SOLVED = 0
    NOT_FINITE = 1
    FRONT = 2


@dataclass(frozen=True, slots=True)
class TissueVisits:
    """The tissue at each visit.

    `spared_share` is the share of tract fibres that pass the whole lesion; `axons_kept` the same among those that
    survived the impact; `least_myelin` and `conduction` are at the worst place, as is `node_repair_days`, the days that
    broken nodes have had to mend; `share_conducting` is that of spared fibres without a broken node; `growth` is the
    plastic gain so far and `growth_to_come` what would follow if nothing changed any more; `grey_lost_mm` and
    `axons_lost_mm` are lost grey matter and fibres as a length of cord, and `inflammation_mm` the cytokine mix summed
    along it; `status` is the `PatientStatus` of each patient.
    """

    days: Float[ndarray, " time"]
    spared_share: Float[ndarray, "patient time"]
    axons_kept: Float[ndarray, "patient time"]
    least_myelin: Float[ndarray, "patient time"]
    node_repair_days: Float[ndarray, "patient time"]
    conduction: Float[ndarray, "patient time"]
    share_conducting: Float[ndarray, "patient time"]
    growth: Float[ndarray, "patient time"]
    growth_to_come: Float[ndarray, "patient time"]
    grey_lost_mm: Float[ndarray, "patient time"]
    axons_lost_mm: Float[ndarray, "patient time"]
    inflammation_mm: Float[ndarray, "patient time"]
    status: Int8[ndarray, " patient"]

    @property
    def solved(self) -> Bool[ndarray, " patient"]:
        """Return which patients have a credible solution."""
        return np.asarray(self.status == PatientStatus.SOLVED)

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.status)


@dataclass(frozen=True, slots=True)
class TissueHistory:
    """One patient's cord over space and time: every field by name, and what is reckoned from them.

    That is the cytokine mix (`inflammation`), `pressure`, `flow`, `mmp9`, the share of fibres `conducting`, those
    `at_risk`, what the impact left of both tracts (`cst_left`, `other_left`), and corticospinal survival (`cst_axon`).
    """

    axis_mm: Float[ndarray, " cell"]
    widths_mm: Float[ndarray, " cell"]
    days: Float[ndarray, " time"]
    fields: Mapping[str, Float[ndarray, "time cell"]]
    visits: TissueVisits


def simulate_tissue(
    severity: Float[ndarray, " patient"],
    width_mm: Float[ndarray, " patient"],
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None = None,
    parameters: TissueParameters | None = None,
    plastic_days: float | Float[ndarray, " patient"] | None = None,
    species: Species | str = Species.HUMAN,
    changes: Sequence[Change] = (),
    preset: Preset | str = Preset.STANDARD,
    precision: Precision | str = Precision.SINGLE,
    resolution: Resolution | str = Resolution.STANDARD,
    law: StepLaw | None = None,
    device: Device | str = Device.CPU,
) -> TissueVisits:
    """Simulate patients from the injury to the last visit, and return their tissue at each visit.

    Parameters
    ----------
    severity, width_mm
        Injury at the centre, 0 to 2, and its standard deviation along the cord in mm of that species.  An injury of 1
        is that of a severe contusion; one of 2 leaves nothing.
    days
        Days of the visits after injury, the same for all patients, in rising order.
    regimen, changes
        Cell product, and what an experiment changes; none when left out.
    species
        Human or rodent.
    parameters, plastic_days
        Numbers of the model, each one for all or an array of one a patient; those of the species when left out.  Time
        constant of the plastic window in days.
    preset, precision, resolution
        How finely time, numbers and the axis are resolved; the package README has the measured error of each preset.
    law
        Step lengths of one's own, instead of those of the preset.
    device
        `cpu`, or `cuda` for an NVIDIA GPU (extra `gpu`); on one device the same patient has the same numbers bit by
        bit, between devices to 1e-4.

    """
    severity, width_mm = np.atleast_1d(np.asarray(severity, float)), np.atleast_1d(np.asarray(width_mm, float))
    course = plan_course(
        days,
        regimen=regimen,
        parameters=load_parameters(species) if parameters is None else parameters,
        plastic_days=plastic_days,
        changes=changes,
        preset=preset,
        precision=precision,
        resolution=resolution,
        law=law,
        patients=severity.size,
        more_faults=(*patient_faults(severity, width_mm), *device_faults(device)),
    )
    out, _ = run_course(course, severity, width_mm, device=device)
    return visits_of(course, out)


def tissue_history(
    severity: float,
    width_mm: float,
    days: Sequence[float] | Float[ndarray, " time"],
    *,
    regimen: Regimen | None = None,
    parameters: TissueParameters | None = None,
    plastic_days: float | None = None,
    species: Species | str = Species.HUMAN,
    changes: Sequence[Change] = (),
    preset: Preset | str = Preset.STANDARD,
    precision: Precision | str = Precision.SINGLE,
    resolution: Resolution | str = Resolution.STANDARD,
    law: StepLaw | None = None,
    device: Device | str = Device.CPU,
) -> TissueHistory:
    """Simulate one patient and return all fields along the cord on each day; arguments as in `simulate_tissue`."""
    patient = np.array([severity], float), np.array([width_mm], float)
    course = plan_course(
        days,
        regimen=regimen,
        parameters=load_parameters(species) if parameters is None else parameters,
        plastic_days=plastic_days,
        changes=changes,
        preset=preset,
        precision=precision,
        resolution=resolution,
        law=law,
        more_faults=(*patient_faults(*patient), *device_faults(device)),
    )
    out, whole = run_course(course, *patient, whole=True, device=device)
    if not np.isfinite(whole).all():
        raise ModelError(f"the tissue model has no finite solution at severity {severity:g}, width {width_mm:g} mm")
    fields = dict(zip(SHOWN, np.moveaxis(whole[0], 1, 0), strict=True))
    return TissueHistory(course.axis.centres, course.axis.widths, course.visits, fields, visits_of(course, out))


def visits_of(course: TissueSchedule, out: Float[ndarray, "patient time quantity"]) -> TissueVisits:
    """Return the kept quantities by name, and how each patient ended."""
    kept = dict(zip(QUANTITIES, np.moveaxis(out, -1, 0), strict=True))
    lesion, far = kept.pop("lesion_mm")[:, -1], kept.pop("far_macrophages")[:, -1]
    p = course.parameters
    front = (lesion > p.front_lesion_share * course.axis.widths.sum()) | (far > p.front_macrophages)
    status = np.where(front, PatientStatus.FRONT, PatientStatus.SOLVED)
    status = np.where(np.isfinite(out).all(axis=(1, 2)), status, PatientStatus.NOT_FINITE)
    return TissueVisits(days=course.visits, **kept, status=status.astype(np.int8))
