"""The study file: what was published, checked whole before anything is computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeGuard, get_args

from pydantic import Field, StrictBool, StrictInt, ValidationError

from cordwise.base.errors import Fault, InputError
from cordwise.base.toml import faults_from, place, read_toml
from cordwise.cord.product import Route
from cordwise.isncsci import AIS
from cordwise.patient.file_types import (
    CellsWindow,
    Count,
    Day,
    FileTable,
    Grade,
    LevelRange,
    ProductName,
    RouteName,
    Text,
    Window,
    levels_of,
)
from cordwise.population.case_mix.entry_file import read_case_mix
from cordwise.population.case_mix.entry_match import entry_faults
from cordwise.population.case_mix.weights import BaselineTable

GRADES: tuple[Grade, ...] = get_args(Grade)
Counts = dict[Grade, Count]


class _Study(FileTable):
    name: Text
    question: Text
    evidence: str | None = None
    controlled: StrictBool = False
    blinded: StrictBool = False
    case_mix: Text | None = None


class _Product(FileTable):
    kind: ProductName
    route: RouteName
    dose_cells: CellsWindow
    day: Window


class _Population(FileTable):
    levels: LevelRange


class _Examination(FileTable):
    baseline_day: Window
    followup_day: Day
    improved_grades: Annotated[StrictInt, Field(ge=1, le=4)] = 1


class _Arm(FileTable):
    name: Text
    n: Annotated[StrictInt, Field(ge=1)]
    improved: Count
    baseline: Counts
    improved_by_grade: Counts | None = None


class StudyFile(FileTable):
    """The tables of a study file."""

    study: _Study
    product: _Product
    population: _Population
    examination: _Examination
    arms: Annotated[list[_Arm], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one arm of a study reports: who entered, and how many improved."""

    name: str
    n: int
    improved: int
    baseline: Mapping[Grade, int]
    improved_by_grade: Mapping[Grade, int] | None


@dataclass(frozen=True, slots=True)
class Study:
    """A published study, ready to appraise: nothing optional that the appraisal needs.

    `case_mix` is the published table of its patients at entry, where the study file names one.
    """

    name: str
    question: str
    evidence: str | None
    controlled: bool
    blinded: bool
    product: str
    route: Route
    dose_cells: tuple[float, float]
    dose_day: tuple[float, float]
    levels: str
    baseline_day: tuple[float, float]
    followup_day: float
    improved_grades: int
    claims: tuple[Claim, ...]
    case_mix: BaselineTable | None = None

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Return the baseline grades that occur in any arm, A first."""
        return tuple(grade for grade in GRADES if any(claim.baseline.get(grade) for claim in self.claims))

    @property
    def level_range(self) -> tuple[int, int]:
        """Return the first and last level index (C1 is 0) of the neurological levels studied."""
        return levels_of(self.levels)


def read_study(path: Path) -> Study:
    """Read and check a study file and the baseline table it names; every fault in them is reported at once.

    Raises
    ------
    InputError
        A file is missing or is not what it should be, breaks the schema, or contradicts itself or the other.
    """
    raw = read_toml(path)
    case_mix, faults = _case_mix(raw, path)
    faults.extend(_contradictions(raw, path))
    try:
        tables = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, StudyFile), *faults]) from None
    if faults:
        raise InputError(faults)
    study = _study(tables, case_mix)
    if case_mix and (strangers := [*_strangers(study, case_mix, path)]):
        raise InputError(strangers)
    return study


def _case_mix(raw: Mapping[str, Any], path: Path) -> tuple[BaselineTable | None, list[Fault]]:
    """Return the baseline table that the study names, and what is wrong with it."""
    study = raw.get("study")
    name = study.get("case_mix") if isinstance(study, dict) else None
    if not (isinstance(name, str) and name):
        return None, []
    try:
        return read_case_mix(name, base_directory=path, where=place(path, ("study", "case_mix"))), []
    except InputError as error:
        return None, list(error.faults)


def _strangers(study: Study, case_mix: BaselineTable, path: Path) -> Iterator[Fault]:
    """Yield the rows of the baseline table that describe nobody who entered the study."""
    grades = [AIS[grade] for grade in study.grades]
    for fault in entry_faults(case_mix, study.level_range, grades, study.baseline_day):
        yield Fault(f"{place(path, ('study', 'case_mix'))}, {fault.where}", fault.expected, fault.found, fault.advice)


def _study(tables: StudyFile, case_mix: BaselineTable | None) -> Study:
    product, examination = tables.product, tables.examination
    return Study(
        **tables.study.model_dump(exclude={"case_mix"}),
        case_mix=case_mix,
        product=product.kind,
        route=Route(product.route),
        dose_cells=product.dose_cells,
        dose_day=product.day,
        levels=tables.population.levels,
        **examination.model_dump(),
        claims=tuple(Claim(**arm.model_dump()) for arm in tables.arms),
    )


def _contradictions(raw: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """Yield what no single value shows: checked on the raw tables, so that it is told together with the rest."""
    yield from _days_in_order(raw, path)
    arms = raw.get("arms")
    seen: set[str] = set()
    for position, arm in enumerate(arms if isinstance(arms, list) else []):
        if isinstance(arm, dict):
            yield from _counts_that_do_not_add_up(arm, path, position)
            if arm.get("name") in seen:
                yield Fault(place(path, ("arms", position, "name")), "a name of its own", f'"{arm["name"]}" again')
            seen.add(str(arm.get("name")))


def _days_in_order(raw: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    examination, product = raw.get("examination"), raw.get("product")
    baseline = _window(examination, "baseline_day")
    followup = examination.get("followup_day") if isinstance(examination, dict) else None
    if baseline and _is_number(followup) and followup <= baseline[1]:
        advice = "Both count from the injury."
        where = place(path, ("examination", "followup_day"))
        yield Fault(where, f"a day after the baseline window ends on day {baseline[1]:g}", f"{followup:g}", advice)
    dosing = _window(product, "day")
    if dosing and _is_number(followup) and followup <= dosing[0]:
        where = place(path, ("product", "day"))
        yield Fault(where, f"a day before the follow-up on day {followup:g}", f"{dosing[0]:g}")


def _counts_that_do_not_add_up(arm: Mapping[str, Any], path: Path, position: int) -> Iterator[Fault]:
    at = ("arms", position)
    n, improved = arm.get("n"), arm.get("improved")
    baseline, by_grade = _counts(arm.get("baseline")), _counts(arm.get("improved_by_grade"))
    if baseline is not None and _is_number(n) and sum(baseline.values()) != n:
        found = f"{sum(baseline.values())} ({_listed(baseline)})"
        yield Fault(place(path, (*at, "baseline")), f"counts that add up to n = {n}", found)
    if _is_number(n) and _is_number(improved) and improved > n:
        yield Fault(place(path, (*at, "improved")), f"at most n = {n}", str(improved))
    if by_grade is None:
        return
    if _is_number(improved) and sum(by_grade.values()) != improved:
        found = f"{sum(by_grade.values())} ({_listed(by_grade)})"
        yield Fault(place(path, (*at, "improved_by_grade")), f"counts that add up to improved = {improved}", found)
    for grade, count in by_grade.items():
        if baseline is not None and count > baseline.get(grade, 0):
            where = place(path, (*at, "improved_by_grade", grade))
            yield Fault(where, f"at most the {baseline.get(grade, 0)} who entered as {grade}", str(count))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _window(table: object, key: str) -> tuple[float, float] | None:
    value = table.get(key) if isinstance(table, dict) else None
    if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        return float(value[0]), float(value[1])
    return None


def _counts(value: object) -> dict[str, int | float] | None:
    if isinstance(value, dict) and all(map(_is_number, value.values())):
        return value
    return None


def _listed(counts: Mapping[str, int | float]) -> str:
    return ", ".join(f"{grade} {count}" for grade, count in counts.items())
