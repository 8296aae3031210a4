"""One examination of a file, chosen by its name where there are several."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.files.coding import settle_legacy
from cordwise.isncsci.files.formats import JSON_LINES, TABLES, check_file, read_exams
from cordwise.isncsci.files.json_records import RecordReader
from cordwise.isncsci.files.layout import FileLayout
from cordwise.isncsci.files.pieces import ExamId, Piece, Position, Reading
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import codes_of, exams_of

_ONE_OBJECT: Final = ".json"
_KNOWN: Final = (_ONE_OBJECT, *JSON_LINES, *TABLES)
_NAMES_SHOWN: Final = 5


class NamedExam(NamedTuple):
    """One examination as a batch of one, its name, and how many scores `5*` were read as 5 on request."""

    id: ExamId
    exam: RecordedExams
    converted: int

    def as_piece(self) -> Piece:
        """Return the examination as a file of one row."""
        names = [json.dumps(self.id, ensure_ascii=False)]
        return Piece(names, codes_of(self.exam), (), Position(1), self.converted)


def read_one_exam(path: Path, layout: FileLayout, name: str | None = None) -> NamedExam:
    """Return the only examination of a file, or the one of that name; raise `InputError` with all its faults.

    Parameters
    ----------
    path
        One JSON object (.json), or a file of examinations.
    layout
        How the file is written.
    name
        The name of the examination; needed where the file holds several.
    """
    check_file(path, _KNOWN)
    if path.suffix.lower() != _ONE_OBJECT:
        return _chosen(path, read_exams(path, layout), name)
    found = _only_object(path, layout)
    if name not in (None, str(found.id)):
        raise InputError([_not_one(path, name, 0, [str(found.id)])])
    return found


def _only_object(path: Path, layout: FileLayout) -> NamedExam:
    record = RecordReader(layout).read(1, path.read_bytes())
    if record.id is None or record.faults:
        raise InputError(
            replace(fault, where=f"{path}: {fault.where}", advice=fault.advice.replace("map FILE", f"map {path}"))
            for fault in record.faults
        )
    codes = record.codes[None].copy()
    converted = settle_legacy(codes)
    return NamedExam(record.id, exams_of(codes), converted)


def _chosen(path: Path, reading: Reading, name: str | None) -> NamedExam:
    places = [place for place, found in enumerate(reading.ids) if name in (None, str(found))]
    refused = [one for one in reading.refusals if name in (None, str(one.id))]
    if len(places) + len(refused) != 1:
        names = [str(found) for found in (*reading.ids, *(one.id for one in reading.refusals))]
        raise InputError([_not_one(path, name, len(places) + len(refused), names)])
    if refused:
        raise InputError(refused[0].faults)
    (place,) = places
    return NamedExam(reading.ids[place], reading.exams[place : place + 1], reading.converted)


def _not_one(path: Path, name: str | None, count: int, names: list[str]) -> Fault:
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    if name is None:
        return Fault(str(path), "one examination, or --id NAME", f"{count} of them" + (f": {shown}" if names else ""))
    held = "no examination has" if not count else f"{count} examinations have"
    return Fault(f"{path}: --id", "the name of one examination", f"{name}, which {held}; there are {shown or 'none'}")
