"""The patient file: who is to be simulated, with which cells, seen when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictFloat, ValidationError

from cordwise.border import faults_from, place, read_toml
from cordwise.cord.file_types import (
    Cells,
    Day,
    Grade,
    LevelRange,
    ProductName,
    RisingDays,
    RouteName,
    Table,
    Window,
    levels_of,
)
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.errors import Fault, InputError
from cordwise.isncsci import AIS

ONE_YEAR_DAYS = 365.0


ADULTS = (18.0, 80.0)


class _Patient(Table):
    grade: Grade
    levels: LevelRange
    baseline_day: Day
    age_years: Window = ADULTS


class _Dose(Table):
    day: Day
    cells: Cells
    route: RouteName


class _Product(Table):
    kind: ProductName
    translation: Annotated[StrictFloat, Field(ge=0, le=1)]


class _Visits(Table):
    days: RisingDays


class PatientFile(Table):
    """The tables of a patient file."""

    patient: _Patient
    cells: Annotated[list[_Dose], Field(min_length=1)]
    product: _Product
    visits: _Visits


@dataclass(frozen=True, slots=True)
class PatientRequest:
    """A simulated patient to look for in the population, and what is done to them."""

    grade: AIS
    levels: tuple[int, int]
    baseline_day: float
    age_years: tuple[float, float]
    regimen: Regimen
    visit_days: tuple[float, ...]


def read_patient(path: Path) -> PatientRequest:
    """Read and check a patient file; every fault in it is reported at once."""
    raw = read_toml(path)
    faults = list(_late_visits(raw, path))
    try:
        tables = PatientFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, PatientFile), *faults]) from None
    if faults:
        raise InputError(faults)
    doses = tuple(Dose(dose.day, dose.cells, Route(dose.route)) for dose in tables.cells)
    return PatientRequest(
        AIS[tables.patient.grade],
        levels_of(tables.patient.levels),
        tables.patient.baseline_day,
        tables.patient.age_years,
        Regimen(doses, tables.product.kind, tables.product.translation),
        tables.visits.days,
    )


def _late_visits(raw: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    visits = raw.get("visits")
    days = visits.get("days") if isinstance(visits, dict) else None
    for position, day in enumerate(days if isinstance(days, list) else []):
        if isinstance(day, int | float) and day > ONE_YEAR_DAYS:
            where = place(path, ("visits", "days", position))
            yield Fault(where, f"a day of the first year, up to {ONE_YEAR_DAYS:g}", f"{day:g}")
