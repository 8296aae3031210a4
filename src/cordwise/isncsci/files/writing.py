"""Examinations written in the usual layout, as the words that a worksheet holds."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from cordwise.isncsci.anatomy import LEVELS, NO_MUSCLE
from cordwise.isncsci.files.pieces import ExamId
from cordwise.isncsci.recorded import ASSUMED_ZERO, NORMAL, NOT_RECORDED, NOT_TESTABLE, READING, RecordedExams
from cordwise.isncsci.worksheet import CELLS, Kind, codes_of


def json_lines(exams: RecordedExams, ids: Sequence[ExamId]) -> Iterator[str]:
    """Yield each exam as one nested object, every value as text."""
    for name, codes in zip(ids, codes_of(exams).tolist(), strict=True):
        record: dict[str, Any] = {"id": name}
        for cell, code in zip(CELLS, codes, strict=True):
            *outer, last = cell.keys
            block = record
            for key in outer:
                block = block.setdefault(key, {})
            block[last] = written(cell.kind, code)
        yield json.dumps(record, ensure_ascii=False)


def table_of(exams: RecordedExams, ids: Sequence[ExamId]) -> pl.DataFrame:
    """Return exams as a wide table; columns of nothing but plain scores hold whole numbers."""
    columns = [pl.Series("id", ids)]
    for cell, codes in zip(CELLS, codes_of(exams).T, strict=True):
        if (
            cell.kind in ("finding", "non_key_muscle")
            or codes.max(initial=0) > NOT_TESTABLE - 1
            or codes.min(initial=0) < 0
        ):
            found, places = np.unique(codes, return_inverse=True)
            words = pl.Series(cell.column, [written(cell.kind, code) for code in found.tolist()], pl.String)
            columns.append(words.gather(places))
        else:
            columns.append(pl.Series(cell.column, codes))
    return pl.DataFrame(columns)


@cache
def written(kind: Kind, code: int) -> str | None:
    """Return the text of a code, None for a blank."""
    if kind == "non_key_muscle":
        return None if code == NO_MUSCLE else LEVELS[code]
    if code == NOT_RECORDED:
        return None
    reading, score = divmod(code, READING)
    text = "NT" if score == NOT_TESTABLE else str(score)
    if kind == "finding":
        return {0: "No", 1: "Yes"}.get(score, text)
    return text + "*" * min(reading, NORMAL) if reading <= NORMAL else f"{text}*={reading - ASSUMED_ZERO}"
