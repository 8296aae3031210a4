"""What someone should look at again, added to the answers: a key of the lines that have any, a column of the tables."""

import json

import polars as pl

from cordwise.isncsci.contradictions import warnings_of
from cordwise.isncsci.recorded import RecordedExams


def with_warnings(lines: pl.Series, exams: RecordedExams) -> pl.Series:
    """Return the lines of exams, each with its warnings where it has any."""
    found = warnings_of(exams)
    if not found:
        return lines
    told = [f'{lines[row][:-1]}, "warnings": {json.dumps(words)}}}' for row, words in found.items()]
    return lines.scatter(list(found), told)


def warning_column(exams: RecordedExams, *, nested: bool) -> pl.Series:
    """Return the warnings of each exam: `nested` as lists, else as text; null for none."""
    found = warnings_of(exams)
    words = [found.get(row) for row in range(len(exams))]
    column = pl.Series("warnings", words, pl.List(pl.String))
    return column if nested else column.list.join(" ")
