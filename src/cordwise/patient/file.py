"""The patient file: who is to be simulated, with which cells or with cells grown from the marrow, seen when."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StrictFloat, ValidationError

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin, read_input
from cordwise.base.toml import faults_from, place
from cordwise.cord.product import PRODUCTS, AutologousRegimen, Dose, Regimen, Route, process_faults
from cordwise.isncsci import AIS
from cordwise.patient.file_types import (
    Cells,
    Day,
    FileTable,
    Grade,
    KineticsTable,
    LevelRange,
    ManufactureTable,
    ProductName,
    RisingDays,
    RouteName,
    SyndromeName,
    Window,
    levels_of,
)
from cordwise.patient.syndromes import Syndrome, syndromes

ONE_YEAR_DAYS = 365.0


ADULTS = (18.0, 80.0)


class _Patient(FileTable):
    grade: Grade
    levels: LevelRange
    baseline_day: Day
    age_years: Window = ADULTS
    syndrome: SyndromeName | None = None


class _Dose(FileTable):
    day: Day
    cells: Cells
    route: RouteName


class _Product(FileTable):
    kind: ProductName
    translation: Annotated[StrictFloat, Field(ge=0, le=1)]


class _Visits(FileTable):
    days: RisingDays


class PatientFile(FileTable):
    """The tables of a patient file."""

    patient: _Patient
    kinetics: KineticsTable = KineticsTable()
    cells: Annotated[list[_Dose], Field(min_length=1)] | None = None
    manufacture: ManufactureTable | None = None
    product: _Product
    visits: _Visits


@dataclass(frozen=True, slots=True)
class PatientRequest:
    """A simulated patient to look for in the population, and what is done to them.

    Attributes
    ----------
    grade, levels
        AIS grade at the baseline examination; first and last neurological level, as numbers of `isncsci.LEVELS`.
    baseline_day
        Day of that examination, after injury.
    age_years
        Youngest and oldest age.
    regimen
        Doses on known days, or a product grown to order, whose days come of its manufacture.
    visit_days
        Days of the examinations shown.
    syndrome
        The pattern of the injury, where one is asked for.
    kinetics
        Deviates of the rates of the person's own cord, by group (`cord.patient_kinetics`), instead of those drawn.
    origin
        The file that asked; nameless for a request made in Python.
    """

    grade: AIS
    levels: tuple[int, int]
    baseline_day: float
    age_years: tuple[float, float]
    regimen: Regimen | AutologousRegimen
    visit_days: tuple[float, ...]
    syndrome: Syndrome | None = None
    kinetics: Mapping[str, float] = field(default_factory=dict)
    origin: Origin = field(default=Origin("", b""), repr=False)


def read_patient(name: str | Path) -> PatientRequest:
    """Read and check a patient file; every fault in it is reported at once.

    Parameters
    ----------
    name
        A path, or the name of a shipped example such as `central_c`.

    Raises
    ------
    InputError
        There is no such file, it breaks the schema, or its tables contradict one another.
    """
    source = read_input(name, "patients")
    raw, path = source.tables, source.path
    faults = list(_late_visits(raw, path))
    try:
        tables = PatientFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, PatientFile), *faults]) from None
    faults.extend(_product_faults(tables, path))
    if faults:
        raise InputError(faults)
    who = tables.patient
    return PatientRequest(
        grade=AIS[who.grade],
        levels=levels_of(who.levels),
        baseline_day=who.baseline_day,
        age_years=who.age_years,
        regimen=_regimen(tables),
        visit_days=tables.visits.days,
        syndrome=syndromes()[who.syndrome] if who.syndrome else None,
        kinetics=tables.kinetics.given(),
        origin=source.origin(),
    )


def visit_faults(days: Sequence[int | float]) -> Iterator[Fault]:
    """Yield every day of visits, given as an argument, that does not lie in the first year."""
    wanted = f"days of the first year, 0 to {ONE_YEAR_DAYS:g}"
    if not len(days):
        yield Fault("days", wanted, "none", is_argument=True)
    for day in days:
        if not (math.isfinite(day) and 0 <= day <= ONE_YEAR_DAYS):
            yield Fault("days", wanted, f"{day:g}", is_argument=True)


def _regimen(tables: PatientFile) -> Regimen | AutologousRegimen:
    kind, translation = tables.product.kind, tables.product.translation
    if tables.manufacture:
        return AutologousRegimen(tables.manufacture.process(), Route(tables.manufacture.route), kind, translation)
    doses = tuple(Dose(dose.day, dose.cells, Route(dose.route)) for dose in tables.cells or [])
    return Regimen(doses, kind, translation)


def _product_faults(tables: PatientFile, path: Path) -> Iterator[Fault]:
    """Yield what is wrong between the tables: cells of known days, or cells grown to order, and of the right kind."""
    if bool(tables.cells) == bool(tables.manufacture):
        found = "both" if tables.cells else "neither"
        yield Fault(place(path, ("manufacture",)), "either [[cells]] or [manufacture]", found)
    if tables.manufacture is None:
        return
    if not PRODUCTS[tables.product.kind].grown_to_order:
        to_order = " or ".join(f'"{product.name}"' for product in PRODUCTS.values() if product.grown_to_order)
        yield Fault(place(path, ("product", "kind")), f"{to_order}, with [manufacture]", f'"{tables.product.kind}"')
    for fault in process_faults(tables.manufacture.process()):
        yield Fault(f"{path}: {fault.where}", fault.expected, fault.found, fault.advice)


def _late_visits(raw: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    visits = raw.get("visits")
    days = visits.get("days") if isinstance(visits, dict) else None
    for position, day in enumerate(days if isinstance(days, list) else []):
        if isinstance(day, int | float) and day > ONE_YEAR_DAYS:
            where = place(path, ("visits", "days", position))
            yield Fault(where, f"a day of the first year, up to {ONE_YEAR_DAYS:g}", f"{day:g}")
