"""Targets: published results of a stated group at a stated time, in the form that predictions are compared with."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.base.errors import InputError
from cordwise.base.examples import find_input
from cordwise.base.inputs import Origin
from cordwise.base.kinds import wrong_kind
from cordwise.base.tables import Row, packaged_table, packaged_text
from cordwise.evidence.lint import read_target_table
from cordwise.evidence.printed import ALL_GRADES, IMPROVED, grade_range, level_range, number
from cordwise.evidence.schema import PACKAGE, REGISTRY_TARGETS, TARGETS


@dataclass(frozen=True, slots=True)
class Target:
    """One published result: who (grade, levels, window of baseline), when, what, and the figure."""

    target_id: str
    source: str
    doi_or_pmid: str
    baseline_ais: str
    baseline_grade_low: int
    baseline_grade_high: int
    levels: str
    level_first: int
    level_last: int
    baseline_day_min: float
    baseline_day_max: float
    followup_day: float
    measure: str
    category: str
    category_low: int
    category_high: int
    is_improvement: bool
    statistic: str
    value: float
    sd: float
    n: float
    note: str

    def reached(
        self, baseline_ais: Int8[ndarray, " patient"], followup_ais: Int8[ndarray, " patient"]
    ) -> Bool[ndarray, " patient"]:
        """Return who fell into the category of an `ais` target, given AIS grades as numbers (A is 0, E is 4)."""
        if self.is_improvement:
            return followup_ais > baseline_ais
        return (followup_ais >= self.category_low) & (followup_ais <= self.category_high)


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by column; every column has one entry a target.

    Grades are numbers from 0 (A) to 4 (E), levels from 0 (C1) to 28 (S4-5), ranges include both ends, days count from
    injury, proportions lie between 0 and 1. A standard deviation or n that was not published is NaN. The category of
    a score, and that of `improved`, is the whole range of grades; `is_improvement` tells them apart.
    """

    target_id: tuple[str, ...]
    source: tuple[str, ...]
    doi_or_pmid: tuple[str, ...]
    baseline_ais: tuple[str, ...]
    baseline_grade_low: Int8[ndarray, " target"]
    baseline_grade_high: Int8[ndarray, " target"]
    levels: tuple[str, ...]
    level_first: Int8[ndarray, " target"]
    level_last: Int8[ndarray, " target"]
    baseline_day_min: Float[ndarray, " target"]
    baseline_day_max: Float[ndarray, " target"]
    followup_day: Float[ndarray, " target"]
    measure: tuple[str, ...]
    category: tuple[str, ...]
    category_low: Int8[ndarray, " target"]
    category_high: Int8[ndarray, " target"]
    is_improvement: Bool[ndarray, " target"]
    statistic: tuple[str, ...]
    value: Float[ndarray, " target"]
    sd: Float[ndarray, " target"]
    n: Float[ndarray, " target"]
    note: tuple[str, ...]
    origin: Origin | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, targets: Sequence[Target], origin: Origin | None = None) -> "Targets":
        """Gather single targets into columns; `origin` is the file that they were read from."""
        columns: dict[str, Any] = {}
        for each in fields(Target):
            entries = [getattr(target, each.name) for target in targets]
            columns[each.name] = tuple(entries) if each.type is str else np.array(entries, _DTYPES[each.type])
        return cls(**columns, origin=origin)

    @property
    def source_file(self) -> Origin:
        """Return the file that they were read from, or else a table that holds them."""
        return self.origin or Origin("targets.csv", targets_text(self).encode())

    def __len__(self) -> int:
        return len(self.target_id)

    def __getitem__(self, index: int) -> Target:
        """Return one target."""
        cells: dict[str, Any] = {each.name: getattr(self, each.name)[index] for each in fields(Target)}
        return Target(**{name: cell if isinstance(cell, str) else cell.item() for name, cell in cells.items()})

    def __iter__(self) -> Iterator[Target]:
        return (self[index] for index in range(len(self)))


_DTYPES: Mapping[Any, type] = {int: np.int8, float: np.float64, bool: np.bool_}
_TEXTS = ("target_id", "source", "doi_or_pmid", "baseline_ais", "levels", "measure", "category", "statistic", "note")
_NUMBERS = ("baseline_day_min", "baseline_day_max", "followup_day", "value", "sd", "n")
_COLUMNS = tuple(each.name for each in fields(Target) if each.name in (*_TEXTS, *_NUMBERS))


def read_targets(name: str | Path) -> Targets:
    """Return the targets of a file, checked.

    Parameters
    ----------
    name
        Path of a CSV file in the columns of `calibration_targets.csv`, or the name of a shipped example.

    Raises
    ------
    InputError
        There is no such file, or it holds faults; every fault is told with its row and column.
    """
    path = find_input(name, "registries")
    if path.is_file() and (fault := wrong_kind(path, None, "registries")):
        raise InputError([fault])
    table, data = read_target_table(path)
    return Targets.of([_target(row) for row in table], Origin(path.name, data))


def read_target_files(names: Sequence[str | Path]) -> tuple[Targets, ...]:
    """Return the targets of several files; raise `InputError` with the faults of all; each names its file."""
    read, faults = [], []
    for name in names:
        try:
            read.append(read_targets(name))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(read)


@cache
def packaged_targets() -> Targets:
    """Return the targets that the population is fitted to."""
    return _packaged(TARGETS)


@cache
def registry_targets() -> Targets:
    """Return the results released for fitting later: Sygen after week 4 and older series of other registries."""
    return _packaged(REGISTRY_TARGETS)


@cache
def released_targets() -> Targets:
    """Return all results that may be fitted: the packaged targets, then those of the registries."""
    targets = (*packaged_targets(), *registry_targets())
    return Targets.of(targets, Origin("released_targets.csv", targets_text(targets).encode()))


def targets_text(targets: Iterable[Target]) -> str:
    """Return targets as CSV in the columns of a file of targets; what was not published is blank."""
    lines = [[_cell(getattr(target, name)) for name in _COLUMNS] for target in targets]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *lines])
    return text.getvalue()


def _packaged(name: str) -> Targets:
    origin = Origin(f"{name}.csv", packaged_text(PACKAGE, f"{name}.csv").encode())
    return Targets.of([_target(row) for row in packaged_table(PACKAGE, name)], origin)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return "" if np.isnan(value) else f"{value:.10g}"


def _target(row: Row) -> Target:
    low_grade, high_grade = _found(grade_range(row["baseline_ais"]))
    first_level, last_level = _found(level_range(row["levels"]))
    low_category, high_category = _found(grade_range(row["category"]) or grade_range(ALL_GRADES))
    cells: dict[str, Any] = {name: row[name] for name in _TEXTS} | {name: number(row[name]) for name in _NUMBERS}
    return Target(
        **cells,
        baseline_grade_low=low_grade,
        baseline_grade_high=high_grade,
        level_first=first_level,
        level_last=last_level,
        category_low=low_category,
        category_high=high_category,
        is_improvement=row["category"] == IMPROVED,
    )


def _found(numbers: tuple[int, int] | None) -> tuple[int, int]:
    if numbers is None:
        raise ValueError("a row reached the targets without being checked")
    return numbers
