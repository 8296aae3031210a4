"""The patient file: who is to be simulated, with which cells, seen when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NonNegativeFloat, ValidationError
from pydantic_core import PydanticCustomError

from cordwise.border import faults_from, place, read_toml
from cordwise.cord.cells import Dose, Regimen, Route
from cordwise.errors import Fault, InputError
from cordwise.isncsci import AIS, level_index

ONE_YEAR_DAYS = 365.0


def _level_range(text: str) -> str:
    try:
        upper, lower = (level_index(name) for name in text.split("-", 1))
    except (KeyError, ValueError):
        upper, lower = 1, 0
    if upper > lower:
        raise PydanticCustomError("levels", 'two levels, the upper first, such as "C2-C8"')
    return text


def _rising(days: tuple[float, ...]) -> tuple[float, ...]:
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise PydanticCustomError("rising", "days in rising order")
    return days


LevelRange = Annotated[str, AfterValidator(_level_range)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Patient(_Table):
    grade: Literal["A", "B", "C", "D"]
    levels: LevelRange
    baseline_day: NonNegativeFloat


class _Dose(_Table):
    day: NonNegativeFloat
    cells: NonNegativeFloat
    route: Route


class _Product(_Table):
    kind: Literal["autologous_msc", "allogeneic_msc", "neural_progenitors"]
    translation: Annotated[float, Field(ge=0, le=1)]


class _Visits(_Table):
    days: Annotated[tuple[NonNegativeFloat, ...], Field(min_length=1), AfterValidator(_rising)]


class PatientFile(_Table):
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
    doses = tuple(Dose(dose.day, dose.cells, dose.route) for dose in tables.cells)
    upper, lower = (level_index(name) for name in tables.patient.levels.split("-"))
    return PatientRequest(
        AIS[tables.patient.grade],
        (upper, lower),
        tables.patient.baseline_day,
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
