"""Whose outcome is analysed: one patient or one condition of an experiment, with the cells if any."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.base.examples import find_input
from cordwise.base.inputs import Origin
from cordwise.base.kinds import kind_of_file
from cordwise.base.randomness import Streams
from cordwise.cord.changes import Change
from cordwise.cord.faults import WIDEST_MM, day_faults
from cordwise.cord.parameters import Species
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.experiment.files import read_experiment
from cordwise.experiment.host import YOUNG_ADULT, Host
from cordwise.experiment.plan import Condition, Experiment
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
    condition: str | None = None
    origin: Origin | None = field(default=None, compare=False, repr=False)


def read_subject(
    name: str | Path, *, condition: str | None = None, days: Sequence[float] | None = None, seed: int = 1
) -> Subject:
    """Return the subject that a file describes.

    Parameters
    ----------
    name
        Path or name of an example: an experiment, or a patient.
    condition
        Of an experiment, the condition by its name; the last one with cells, or else the last, when not given.
    days
        Days after injury on which outcomes are read; those of the experiment, or 28, 183 and 365, when not given.
    seed
        Decides which simulated patient of the kind that a patient file asks for is analysed.

    Raises
    ------
    InputError
        A faulty file, no such condition, or one whose cord is cut.
    """
    path, chosen = find_input(name, "experiments", "patients"), tuple(days) if days else None
    kind = kind_of_file(path)
    if kind is None or kind.name != "patient":
        return subject_of(read_experiment(path), condition, chosen)
    if condition is not None:
        raise InputError([Fault("condition", "an experiment file", f"the patient file {path.name}", is_argument=True)])
    return _typical_patient(path, chosen or USUAL_DAYS[Species.HUMAN], Streams(seed))


def _typical_patient(path: Path, days: tuple[float, ...], streams: Streams) -> Subject:
    """Return the typical patient that a patient file asks for, with its severity, width and cells."""
    from cordwise.patient.file import read_patient
    from cordwise.population.example_patient import example_patient_life
    from cordwise.population.posterior import load_posterior

    request = read_patient(path)
    life = example_patient_life(request, load_posterior(), streams)
    doses = tuple(Dose(dose.day, dose.cells, Route(dose.route)) for dose in life.regimen.doses)
    name = f"the typical patient of {path.name}"
    return Subject(
        name,
        life.patient.severity,
        life.patient.width_mm,
        days,
        regimen=Regimen(doses, life.regimen.product, life.regimen.translation),
        host=Host(kinetics=tuple(life.patient.kinetics.values())),
        condition=name,
        origin=request.origin,
    )


def origin_of(subject: Subject) -> Origin:
    """Return where a subject comes from; one made without a file is described by its numbers."""
    told = (f"{each.name} = {getattr(subject, each.name)}\n" for each in fields(subject) if each.name != "origin")
    return subject.origin or Origin("subject.txt", "".join(told).encode())


def subject_of(experiment: Experiment, name: str | None, days: tuple[float, ...] | None = None) -> Subject:
    """Return a condition of an experiment as a subject: the one named, or the last one with cells, or the last."""
    condition = _condition(experiment, name)
    if condition.lesion.transected or condition.transection_day is not None:
        found = f"{condition.name!r}, whose cord is cut"
        raise InputError(
            [Fault("condition", "a cord that some fibre passes", found, "Name another condition.", is_argument=True)]
        )
    return Subject(
        name=condition.name,
        severity=condition.lesion.severity,
        width_mm=condition.lesion.width_mm,
        days=days or experiment.days,
        species=experiment.species,
        regimen=condition.regimen,
        host=condition.host,
        changes=condition.changes,
        condition=condition.name,
        origin=experiment.origin,
    )


def _condition(experiment: Experiment, name: str | None) -> Condition:
    if name is None:
        with_cells = [each for each in experiment.conditions if each.regimen is not None]
        return (with_cells or experiment.conditions)[-1]
    found = [each for each in experiment.conditions if each.name == name]
    if not found:
        known = ", ".join(f'"{each.name}"' for each in experiment.conditions)
        raise InputError([Fault("condition", f"one of {known}", f'"{name}"', is_argument=True)])
    return found[0]


def subject_faults(subject: Subject) -> Iterator[Fault]:
    """Yield what makes a subject impossible to analyse beside what the tissue model itself refuses."""
    if not 0 < subject.severity < setting("severity_transection", subject.species):
        yield Fault("severity", "a number above 0 that leaves a fibre, below 2", f"{subject.severity:g}")
    if not 0 < subject.width_mm <= WIDEST_MM:
        yield Fault("width", f"a length above 0 mm, up to {WIDEST_MM:g}", f"{subject.width_mm:g}")
    yield from day_faults(np.array(subject.days))
