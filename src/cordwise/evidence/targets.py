"""Targets: published results of a stated group at a stated time, in the form that predictions are compared with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int8
from numpy import ndarray

from cordwise.base.errors import InputError
from cordwise.base.tables import Row, packaged_table
from cordwise.evidence.lint import read_target_table
from cordwise.evidence.printed import ALL_GRADES, IMPROVED, grade_range, level_range, number
from cordwise.evidence.schema import PACKAGE, TARGETS


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

    @classmethod
    def of(cls, targets: Sequence[Target]) -> "Targets":
        """Gather single targets into columns."""
        columns: dict[str, Any] = {}
        for field in fields(Target):
            entries = [getattr(target, field.name) for target in targets]
            columns[field.name] = tuple(entries) if field.type is str else np.array(entries, _DTYPES[field.type])
        return cls(**columns)

    def __len__(self) -> int:
        return len(self.target_id)

    def __getitem__(self, index: int) -> Target:
        """Return one target."""
        cells: dict[str, Any] = {field.name: getattr(self, field.name)[index] for field in fields(Target)}
        return Target(**{name: cell if isinstance(cell, str) else cell.item() for name, cell in cells.items()})

    def __iter__(self) -> Iterator[Target]:
        return (self[index] for index in range(len(self)))


_DTYPES: Mapping[Any, type] = {int: np.int8, float: np.float64, bool: np.bool_}
_TEXTS = ("target_id", "source", "doi_or_pmid", "baseline_ais", "levels", "measure", "category", "statistic", "note")
_NUMBERS = ("baseline_day_min", "baseline_day_max", "followup_day", "value", "sd", "n")


def read_targets(path: Path, data: bytes | None = None) -> Targets:
    """Read and check a file of targets, or its bytes where they have been read.

    Raises
    ------
    InputError
        With every fault, each with its row and column.
    """
    return Targets.of([_target(row) for row in read_target_table(path, data)])


def read_target_files(paths: Sequence[Path]) -> tuple[Targets, ...]:
    """Read several files of targets; raise `InputError` with the faults of all; each names its file."""
    read, faults = [], []
    for path in paths:
        try:
            read.append(read_targets(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(read)


def packaged_targets() -> Targets:
    """Return the targets that the population is fitted to."""
    return Targets.of([_target(row) for row in packaged_table(PACKAGE, TARGETS)])


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
