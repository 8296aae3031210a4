"""What one cell may hold, by the kind of its column."""

from collections.abc import Callable, Iterator, Mapping

from cordwise.base.tables import RawTable
from cordwise.evidence.faults import Reporter, TableFault
from cordwise.evidence.printed import IMPROVED, grade_range, level_range, level_ranges_within, number
from cordwise.evidence.schema import Column, TableSchema, measures, statistics, vocabulary

VOCABULARY_SEPARATOR = ";"
RECALLED_REMARK = " (recalled)"
LONGEST_LIST = 12


def cells_fit_their_kind(table: RawTable, schema: TableSchema) -> Iterator[TableFault]:
    """Ask for every cell that must be filled, and hold every cell to the kind of its column."""
    for column in schema.columns:
        if column.name not in table.columns:
            continue
        report = Reporter("value-missing", table, schema)
        wrong = Reporter(column.kind, table, schema)
        for row in table:
            text = row[column.name]
            if not text and column.need == "value":
                yield report.cell(row, column.name, column.meaning)
            elif text and (expected := _expectation_broken(schema.name, column, text)):
                yield wrong.cell(row, column.name, expected)


def _expectation_broken(table: str, column: Column, text: str) -> str | None:
    if column.kind == "measure":
        return None if text in measures(table) else _one_of(measures(table), "a measure of this table")
    if column.kind == "statistic":
        return None if text in statistics(table) else _one_of(statistics(table), "a statistic of this table")
    check = _CHECKS.get(column.kind)
    return check(column, text) if check else None


def _one_of(words: Mapping[str, object], name: str) -> str:
    listed = ", ".join(words)
    return f"one of {listed}" if len(words) <= LONGEST_LIST else f"{name}, as listed in the schema"


def _number(column: Column, text: str) -> str | None:
    return None if number(text) in column.bounds else f"a number, {column.bounds}"


def _whole(column: Column, text: str) -> str | None:
    value = number(text)
    return None if value in column.bounds and value % 1 == 0 else f"a whole number, {column.bounds}"


def _reported(_column: Column, text: str) -> str | None:
    known = text in vocabulary("not_a_number") or any(letter.isdigit() for letter in text)
    return None if known else "a figure as printed, or a word listed for its absence"


def _category(column: Column, text: str) -> str | None:
    words = vocabulary(column.vocabulary)
    parts = (part.strip().removesuffix(RECALLED_REMARK) for part in text.split(VOCABULARY_SEPARATOR))
    return None if all(part in words for part in parts) else _one_of(words, f"a known {column.name}")


def _status(_column: Column, text: str) -> str | None:
    return None if text in vocabulary("status") else "seen or recalled"


def _grade(_column: Column, text: str) -> str | None:
    is_grade = grade_range(text) is not None and len(text) == 1
    return None if is_grade else "an AIS grade, A to E"


def _grade_range(_column: Column, text: str) -> str | None:
    return None if grade_range(text) else "an AIS grade, a range such as B-D, or all"


def _category_grade(_column: Column, text: str) -> str | None:
    known = text == IMPROVED or (grade_range(text) is not None and text[:1].isupper())
    return None if known else "an AIS grade, a range such as B-E, or improved"


def _levels(_column: Column, text: str) -> str | None:
    return None if level_range(text) else "levels from rostral to caudal within C1 to S5, such as C1-T1"


def _levels_text(column: Column, text: str) -> str | None:
    wrong = [part for part in level_ranges_within(text) if level_range(part) is None]
    return _levels(column, wrong[0]) if wrong else None


def _address(_column: Column, text: str) -> str | None:
    parts = (part.strip() for part in text.split("; "))
    return None if all(part.startswith(("https://", "http://")) for part in parts) else "web addresses parted by ;"


_CHECKS: Mapping[str, Callable[[Column, str], str | None]] = {
    "number": _number,
    "whole": _whole,
    "year": _whole,
    "reported": _reported,
    "category": _category,
    "status": _status,
    "grade": _grade,
    "grade_range": _grade_range,
    "category_grade": _category_grade,
    "levels": _levels,
    "levels_text": _levels_text,
    "address": _address,
}
