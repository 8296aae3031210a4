"""Examinations as JSON lines, one object a line, read in pieces so that a file may be larger than memory."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.files.coding import settle_legacy
from cordwise.isncsci.files.json_records import BYTE_ORDER_MARK, Record, RecordReader
from cordwise.isncsci.files.json_shapes import Role, Shape, Vocabulary
from cordwise.isncsci.files.layout import FileLayout
from cordwise.isncsci.files.pieces import Piece, Position, Refusal
from cordwise.isncsci.files.score_codes import ILLEGAL
from cordwise.isncsci.files.text_lines import next_lines
from cordwise.isncsci.worksheet import CELLS, CELLS_OF_KIND

_SHAPES: Final = 16  # kept for a file; lines of any further shape go through the general reader


def read_json_lines(path: Path, layout: FileLayout, chunk_size: int, start: Position) -> Iterator[Piece]:
    """Yield the exams of a file, `chunk_size` lines at a time; blank lines are passed over."""
    reader = LineReader(path, layout)
    with path.open("rb") as file:
        file.seek(start.bytes)
        number = start.rows
        while lines := next_lines(file, chunk_size):
            filled = {row: line for row, line in enumerate(lines) if not line.isspace()}
            if filled:
                numbers = [number + 1 + row for row in filled]
                yield reader.read(dict(enumerate(filled.values())), numbers, Position(number + len(lines), file.tell()))
            number += len(lines)


class LineReader:
    """Reads lines by the shapes met so far, and each line that has none of them by the general reader."""

    def __init__(self, path: Path, layout: FileLayout) -> None:
        self._path = path
        self._layout = layout
        self._knows_some = False  # a line with a known key was met
        self._records = RecordReader(layout)
        self._vocabulary = Vocabulary({**layout.cells.score_codes.codes, "choice": layout.cells.choices})
        self._shapes: dict[tuple[str, ...], Shape] = {}  # by the paths of their keys
        self._blank = np.zeros((2 * len(CELLS), 1), np.int8)
        for kind, cells in CELLS_OF_KIND.items():
            self._blank[cells] = layout.cells.score_codes.codes[kind][""]

    def read(self, lines: Mapping[int, bytes], numbers: Sequence[int], end: Position) -> Piece:
        """Return the exams of some lines; raise `InputError` where no key was known so far.

        Parameters
        ----------
        lines
            Lines by their row, counted from 0.
        numbers
            Their numbers in the file.
        end
            Where the file goes on.
        """
        names = [""] * len(lines)
        codes = np.zeros((len(CELLS), len(lines)), np.int8)
        waiting = dict(lines)
        for shape in self._shapes.values():
            self._fill(shape, waiting, names, codes)
        records: dict[int, Record] = {}
        while waiting:
            row = next(iter(waiting))
            line = waiting.pop(row)
            records[row] = self._records.read(numbers[row], line)
            if (shape := self._learnt(line, records[row])) is not None:
                self._fill(shape, waiting, names, codes)
        for row in np.flatnonzero((codes == ILLEGAL).any(axis=0)).tolist():
            records[row] = self._records.read(numbers[row], lines[row])
        refusals: list[Refusal] = []
        foreign: list[Fault] = []
        for row, record in sorted(records.items()):
            names[row], codes[:, row] = json.dumps(record.id, ensure_ascii=False), record.codes
            if record.faults:
                refusals.append(Refusal(row, numbers[row], record.id, record.faults))
                foreign += record.faults if record.is_foreign else ()
                codes[:, row] = 0
        self._knows_some |= len(foreign) < len(names)
        if not self._knows_some:
            advice = foreign[0].advice.replace("map FILE", f"map {self._path}")
            raise InputError([replace(foreign[0], where=f"{self._path}: keys", advice=advice)])
        converted = settle_legacy(codes)
        return Piece(names, codes.T, tuple(refusals), end, converted)

    def _fill(
        self, shape: Shape, waiting: dict[int, bytes], names: list[str], codes: Int8[ndarray, "cell row"]
    ) -> None:
        """Take the lines of a shape from those that wait, and write down their names and codes."""
        found = shape.read(waiting)
        table = np.repeat(self._blank, len(found.names), axis=1)
        shape.fill(table, found.numbers)
        codes[:, list(found.names)] = self._layout.cells.decided(table[: len(CELLS)], table[len(CELLS) :])
        for row, name in found.names.items():
            names[row] = name
            del waiting[row]

    def _learnt(self, line: bytes, record: Record) -> Shape | None:
        """Return the shape of a line if it is new, and neither are its keys at fault nor does it hold lists."""
        if record.match is None or record.has_wrong_keys or len(self._shapes) == _SHAPES:
            return None
        parsed = json.loads(line.removeprefix(BYTE_ORDER_MARK))
        paths = tuple(_paths(parsed))
        if paths in self._shapes:
            return None
        columns = record.match.columns
        roles = {name: Role(place, CELLS[place].kind) for place, name in enumerate(columns.cells) if name}
        roles |= {name: Role(len(CELLS) + place, "choice") for place, name in enumerate(columns.choices) if name}
        is_plain = "" not in paths and len(set(paths)) == len(paths) and {*roles, *columns.ids} <= set(paths)
        if not is_plain or len(columns.ids) != 1:
            return None
        self._shapes[paths] = Shape(parsed, columns.ids[0], roles, self._vocabulary)
        return self._shapes[paths]


def _paths(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an object, of inner objects joined by dots; an empty name for what no shape can hold."""
    for key, value in record.items():
        if isinstance(value, dict) and value:
            yield from (f"{key}.{path}" for path in _paths(value))
        else:
            yield key if not isinstance(value, dict | list) else ""
