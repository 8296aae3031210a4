"""Examinations as JSON lines: one nested object a line, read in pieces so that a file may be larger than memory."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from cordwise.errors import Fault
from cordwise.isncsci.anatomy import LEVELS, MYOTOMES, NO_MUSCLE, SIDES, canonical_level
from cordwise.isncsci.cells import (
    CELLS,
    FAMILIES,
    FINDINGS,
    ILLEGAL,
    LEVELS_OF_FAMILY,
    NON_KEY_FIELD,
    Kind,
    cell_code,
    cell_text,
    codes_of,
    exams_of,
    expectation,
    quote,
)
from cordwise.isncsci.exam import Exams
from cordwise.isncsci.reading import ExamId, Reading, Refusal, codes_from_bytes

# The usual spellings, read at the speed of a table; an exam that uses any other is read again cell by cell.
_SCORE_CODES = {
    kind: {text: code for text in "012345" if (code := cell_code(kind, text)) != ILLEGAL} for kind in FAMILIES
}
_SCORES = {kind: itemgetter(*LEVELS_OF_FAMILY[kind]) for kind in FAMILIES}
_FINDING_CODES = {text: cell_code("finding", text) for text in ("Yes", "No")}
_MUSCLE_CODES = {text: cell_code("non_key_muscle", cell_text(text)) for text in (None, *MYOTOMES)}


def read_json_lines(path: Path, chunk_size: int) -> Iterator[Reading]:
    """Yield the exams of a file, `chunk_size` lines at a time; blank lines are passed over."""
    with path.open("rb") as file:
        lines = ((number, line) for number, line in enumerate(file, start=1) if line.strip())
        while piece := list(islice(lines, chunk_size)):
            yield _read_piece(piece)


def _read_piece(lines: list[tuple[int, bytes]]) -> Reading:
    codes, ids, rows, refusals = [], [], [], []
    for row, (number, line) in enumerate(lines):
        exam = _read_line(number, line)
        if isinstance(exam, Refusal):
            refusals.append(Refusal(row, exam.id, exam.faults))
            continue
        ids.append(exam[0])
        codes.append(exam[1])
        rows.append(row)
    return Reading(exams_of(codes_from_bytes(codes)), tuple(ids), tuple(rows), tuple(refusals))


def _read_line(number: int, line: bytes) -> tuple[ExamId, bytes] | Refusal:
    """Return the name and the codes of the exam on a line, or why it has none."""
    try:
        record = from_json(line.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError:
        record = line.decode(errors="replace").strip()
    if not isinstance(record, dict):
        found = quote(cell_text(record))
        return Refusal(number, None, (Fault(f"line {number}", "one JSON object that holds one exam", found),))
    name = record.get("id")
    if isinstance(name, str | int) and not isinstance(name, bool) and name != "":
        codes = _read_exam(record)
        return (name, codes) if isinstance(codes, bytes) else Refusal(number, name, codes)
    nameless = Fault(f"line {number}: id", "the name or number of the exam", quote(cell_text(name)))
    codes = _read_exam(record)
    return Refusal(number, None, (nameless, *(() if isinstance(codes, bytes) else codes)))


def _read_exam(record: dict[str, Any]) -> bytes | tuple[Fault, ...]:
    try:
        return _usual_codes(record)
    except (KeyError, TypeError, AttributeError):
        return _codes_cell_by_cell(record)


def _usual_codes(record: dict[str, Any]) -> bytes:
    """Return the codes of an exam in the usual spelling; raise where anything is spelt otherwise."""
    sides = [record[side] for side in SIDES]
    scores = (map(_SCORE_CODES[kind].__getitem__, _SCORES[kind](side[kind])) for kind in FAMILIES for side in sides)
    findings = (_FINDING_CODES[record[name]] for name in FINDINGS)
    muscles = (_MUSCLE_CODES[side.get(NON_KEY_FIELD)] for side in sides)
    return b"".join(map(bytes, (*scores, findings, muscles)))


def _codes_cell_by_cell(record: dict[str, Any]) -> bytes | tuple[Fault, ...]:
    values, faults = _values_by_path(record)
    codes = []
    for cell in CELLS:
        if cell.path in values:
            text = cell_text(values[cell.path])
            codes.append(cell_code(cell.kind, text))
            if codes[-1] == ILLEGAL:
                faults.append(Fault(cell.path, expectation(cell.kind, text), quote(text)))
    return tuple(faults) if faults else bytes(codes)


def _values_by_path(record: dict[str, Any]) -> tuple[dict[str, object], list[Fault]]:
    """Return the values of all cells that can be reached, and a fault for each object that is missing on the way."""
    values: dict[str, object] = {name: record.get(name) for name in FINDINGS}
    faults = []
    for side in SIDES:
        block = record.get(side)
        if not isinstance(block, Mapping):
            faults.append(Fault(side, "an object that holds the scores of the side", quote(json.dumps(block))))
            continue
        values[f"{side}.{NON_KEY_FIELD}"] = block.get(NON_KEY_FIELD)
        for kind in FAMILIES:
            scores = block.get(kind)
            if not isinstance(scores, Mapping):
                faults.append(Fault(f"{side}.{kind}", "an object of scores by level", quote(json.dumps(scores))))
                continue
            spelt = {canonical_level(name): score for name, score in scores.items()}
            values |= {f"{side}.{kind}.{level}": spelt.get(level) for level in LEVELS_OF_FAMILY[kind]}
    return values, faults


def json_lines(exams: Exams, ids: Sequence[ExamId]) -> Iterator[str]:
    """Yield each exam as the line that `read_json_lines` reads."""
    for name, codes in zip(ids, codes_of(exams).tolist(), strict=True):
        record: dict[str, Any] = {"id": name}
        for cell, code in zip(CELLS, codes, strict=True):
            *outer, last = cell.keys
            block = record
            for key in outer:
                block = block.setdefault(key, {})
            block[last] = _written(cell.kind, code)
        yield json.dumps(record)


def _written(kind: Kind, code: int) -> str | None:
    if kind == "finding":
        return "Yes" if code else "No"
    if kind == "non_key_muscle":
        return None if code == NO_MUSCLE else LEVELS[code]
    return str(code)
