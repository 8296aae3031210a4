"""The study file: what was published, checked whole before anything is computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field, StrictBool, StrictInt, ValidationError

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin, read_input
from cordwise.base.toml import faults_from, place
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
    is_number,
    levels_of,
    window_in,
)
from cordwise.population.case_mix.entry_file import CaseMixFile, read_case_mix
from cordwise.population.case_mix.entry_match import entry_faults
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.choice import ChosenPopulation, stated_population

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
    registry: Text | None = None
    registry_data: Text | None = None


class _Examination(FileTable):
    baseline_day: Window
    followup_day: Day
    improved_grades: Annotated[StrictInt, Field(ge=1, le=4)] = 1
    confirmed: StrictBool = False


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
    """A published study, ready to appraise; get one with `read_study`.

    Attributes
    ----------
    name, question
        As the file words them.
    evidence
        `study_id` of its rows in the evidence base, where it has any.
    controlled, blinded
        Whether it had a control group, and whether those who graded knew who got cells.
    product, route, dose_cells, dose_day
        What was given, how, how much (fewest and most cells) and when (first and last day).
    levels
        The neurological levels at the baseline examination, such as `C2-C5`.
    baseline_day, followup_day
        Days of the examinations; all days count from the injury.
    improved_grades
        Grades that a patient must gain to count as improved.
    confirmed
        Whether grades count only where a second examination on the same day confirms them.
    claims
        What each arm reports.
    case_mix
        The published table of its patients at entry, where the file names one.
    population
        The registry whose natural recovery is expected, where the file states one.
    origin
        The study file as it stands, with the tables that it names.
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
    confirmed: bool
    claims: tuple[Claim, ...]
    case_mix: BaselineTable | None
    population: ChosenPopulation | None
    origin: Origin = field(repr=False)

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Return the baseline grades that occur in any arm, A first."""
        return tuple(grade for grade in GRADES if any(claim.baseline.get(grade) for claim in self.claims))

    @property
    def level_range(self) -> tuple[int, int]:
        """Return the first and last level index (C1 is 0) of the neurological levels studied."""
        return levels_of(self.levels)


def read_study(name: str | Path) -> Study:
    """Read and check a study file and the baseline table it names; every fault in them is reported at once.

    Parameters
    ----------
    name
        A path, or the name of a shipped example such as `honmou2021`.

    Raises
    ------
    InputError
        A file is missing or is not what it should be, breaks the schema, or contradicts itself or the other.
    """
    source = read_input(name, "studies")
    raw, path = source.tables, source.path
    case_mix, faults = _case_mix(raw, path)
    population, wrong = _stated_population(raw, path)
    faults.extend(wrong)
    faults.extend(_contradictions(raw, path))
    try:
        tables = StudyFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, StudyFile), *faults]) from None
    if faults:
        raise InputError(faults)
    companions = {str(tables.study.case_mix): case_mix.data} if case_mix else {}
    companions |= population.companions if population else {}
    study = _study(tables, case_mix.table if case_mix else None, population, source.origin(companions))
    if strangers := [*_strangers(study, path)]:
        raise InputError(strangers)
    return study


def _case_mix(raw: Mapping[str, Any], path: Path) -> tuple[CaseMixFile | None, list[Fault]]:
    """Return the baseline table that the study names, and what is wrong with it."""
    study = raw.get("study")
    name = study.get("case_mix") if isinstance(study, dict) else None
    if not (isinstance(name, str) and name):
        return None, []
    try:
        return read_case_mix(name, beside=path, where=place(path, ("study", "case_mix"))), []
    except InputError as error:
        return None, list(error.faults)


def _strangers(study: Study, path: Path) -> Iterator[Fault]:
    """Yield the rows of the baseline table that describe nobody who entered the study."""
    if study.case_mix is None:
        return
    grades = [AIS[grade] for grade in study.grades]
    for fault in entry_faults(study.case_mix, study.level_range, grades, study.baseline_day):
        yield Fault(f"{place(path, ('study', 'case_mix'))}, {fault.where}", fault.expected, fault.found, fault.advice)


def _stated_population(raw: Mapping[str, Any], path: Path) -> tuple[ChosenPopulation | None, list[Fault]]:
    """Return whose recovery the study states, and what is wrong with it."""
    stated = raw.get("population")
    if not isinstance(stated, dict):
        return None, []
    keys = (stated.get(name) for name in ("registry", "registry_data"))
    return stated_population(*keys, beside=path, where=lambda key: place(path, ("population", key)))


def _study(
    tables: StudyFile, case_mix: BaselineTable | None, population: ChosenPopulation | None, origin: Origin
) -> Study:
    product, examination = tables.product, tables.examination
    return Study(
        **tables.study.model_dump(exclude={"case_mix"}),
        case_mix=case_mix,
        population=population,
        product=product.kind,
        route=Route(product.route),
        dose_cells=product.dose_cells,
        dose_day=product.day,
        levels=tables.population.levels,
        **examination.model_dump(),
        claims=tuple(Claim(**arm.model_dump()) for arm in tables.arms),
        origin=origin,
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
    baseline = window_in(examination, "baseline_day")
    followup = examination.get("followup_day") if isinstance(examination, dict) else None
    if baseline and is_number(followup) and followup <= baseline[1]:
        advice = "Both count from the injury."
        where = place(path, ("examination", "followup_day"))
        yield Fault(where, f"a day after the baseline window ends on day {baseline[1]:g}", f"{followup:g}", advice)
    dosing = window_in(product, "day")
    if dosing and is_number(followup) and followup <= dosing[0]:
        where = place(path, ("product", "day"))
        yield Fault(where, f"a day before the follow-up on day {followup:g}", f"{dosing[0]:g}")


def _counts_that_do_not_add_up(arm: Mapping[str, Any], path: Path, position: int) -> Iterator[Fault]:
    at = ("arms", position)
    n, improved = arm.get("n"), arm.get("improved")
    baseline, by_grade = _counts(arm.get("baseline")), _counts(arm.get("improved_by_grade"))
    if baseline is not None and is_number(n) and sum(baseline.values()) != n:
        found = f"{sum(baseline.values())} ({_listed(baseline)})"
        yield Fault(place(path, (*at, "baseline")), f"counts that add up to n = {n}", found)
    if is_number(n) and is_number(improved) and improved > n:
        yield Fault(place(path, (*at, "improved")), f"at most n = {n}", str(improved))
    if by_grade is None:
        return
    if is_number(improved) and sum(by_grade.values()) != improved:
        found = f"{sum(by_grade.values())} ({_listed(by_grade)})"
        yield Fault(place(path, (*at, "improved_by_grade")), f"counts that add up to improved = {improved}", found)
    for grade, count in by_grade.items():
        if baseline is not None and count > baseline.get(grade, 0):
            where = place(path, (*at, "improved_by_grade", grade))
            yield Fault(where, f"at most the {baseline.get(grade, 0)} who entered as {grade}", str(count))


def _counts(value: object) -> dict[str, int | float] | None:
    if isinstance(value, dict) and all(map(is_number, value.values())):
        return value
    return None


def _listed(counts: Mapping[str, int | float]) -> str:
    return ", ".join(f"{grade} {count}" for grade, count in counts.items())
