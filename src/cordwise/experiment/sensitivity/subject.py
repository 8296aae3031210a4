"""Whose outcome is analysed: one patient or one condition of an experiment, with the cells if any."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.cord.changes import Change
from cordwise.cord.faults import WIDEST_MM, day_faults
from cordwise.cord.parameters import Species
from cordwise.cord.product import Regimen
from cordwise.experiment import Condition, Experiment
from cordwise.experiment.host import YOUNG_ADULT, Host
from cordwise.experiment.tables import setting

USUAL_DAYS = {Species.HUMAN: (28.0, 183.0, 365.0), Species.RODENT: (7.0, 28.0, 90.0)}


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: severity, width in mm of that cord, cells, host, what an experiment changes; read out on `days`."""

    name: str
    severity: float
    width_mm: float
    days: tuple[float, ...] = USUAL_DAYS[Species.HUMAN]
    species: Species = Species.HUMAN
    regimen: Regimen | None = None
    host: Host = YOUNG_ADULT
    changes: tuple[Change, ...] = ()


def subject_of(experiment: Experiment, name: str | None, days: tuple[float, ...] | None = None) -> Subject:
    """Return a condition of an experiment as a subject: the one named, or the last one with cells, or the last."""
    condition = _condition(experiment, name)
    if condition.lesion.transected or condition.transection_day is not None:
        found = f"{condition.name!r}, whose cord is cut"
        raise InputError([Fault("--condition", "a cord that some fibre passes", found, "Name another condition.")])
    return Subject(
        name=condition.name,
        severity=condition.lesion.severity,
        width_mm=condition.lesion.width_mm,
        days=days or experiment.days,
        species=experiment.species,
        regimen=condition.regimen,
        host=condition.host,
        changes=condition.changes,
    )


def _condition(experiment: Experiment, name: str | None) -> Condition:
    if name is None:
        with_cells = [each for each in experiment.conditions if each.regimen is not None]
        return (with_cells or experiment.conditions)[-1]
    found = [each for each in experiment.conditions if each.name == name]
    if not found:
        known = ", ".join(f'"{each.name}"' for each in experiment.conditions)
        raise InputError([Fault("--condition", f"one of {known}", f'"{name}"')])
    return found[0]


def subject_faults(subject: Subject) -> Iterator[Fault]:
    """Yield what makes a subject impossible to analyse beside what the tissue model itself refuses."""
    if not 0 < subject.severity < setting("severity_transection", subject.species):
        yield Fault("severity", "a number above 0 that leaves a fibre, below 2", f"{subject.severity:g}")
    if not 0 < subject.width_mm <= WIDEST_MM:
        yield Fault("width", f"a length above 0 mm, up to {WIDEST_MM:g}", f"{subject.width_mm:g}")
    yield from day_faults(np.array(subject.days))
