"""Examinations as JSON lines, one object a line, read in pieces so that a file may be larger than memory."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Bool, Int8, Int64
from numpy import ndarray

from cordwise.isncsci.files.coding import settle_legacy
from cordwise.isncsci.files.json_layout import (
    IGNORED,
    NAME,
    LineLayout,
    Scan,
    Text,
    WordTable,
    is_same_layout,
    line_layout,
    scalars_of,
    scan_lines,
    word_table,
)
from cordwise.isncsci.files.json_records import Record, RecordReader
from cordwise.isncsci.files.layout import Layout
from cordwise.isncsci.files.reading import Piece, Position, Refusal
from cordwise.isncsci.files.spelling import ILLEGAL
from cordwise.isncsci.files.worksheet import CELLS, CELLS_OF_KIND, KINDS

LONGEST_LINE: Final = 1 << 20
"""Bytes; an examination takes about two thousand."""
_LAYOUTS: Final = 16  # kept for a file; lines of any further layout go through the general reader
_NO_NAMES: Final = ("", '""', "true", "false", "null")


class _Line(NamedTuple):
    number: int
    text: bytes


def read_json_lines(path: Path, layout: Layout, chunk_size: int, start: Position) -> Iterator[Piece]:
    """Yield the exams of a file, `chunk_size` lines at a time; blank lines are passed over."""
    reader = LineReader(layout)
    with path.open("rb") as file:
        file.seek(start.bytes)
        number = start.rows
        while True:
            lines: list[_Line] = []
            while len(lines) < chunk_size and (text := _next_line(file)):
                number += 1
                if not text.isspace():
                    lines.append(_Line(number, text))
            if not lines:
                return
            yield reader.read(lines, Position(number, file.tell()))


def _next_line(file: BinaryIO) -> bytes:
    """Return the next line; of one that is too long only the first part, which is no JSON."""
    text = file.readline(LONGEST_LINE)
    if len(text) == LONGEST_LINE and not text.endswith(b"\n"):
        while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
    return text


class LineReader:
    """Reads lines by the layouts met so far, and each line that fits none by the general reader."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._records = RecordReader(layout)
        self._kinds = [*KINDS, "choice"]
        self._table = _words(layout)
        self._layouts: list[LineLayout] = []
        self._blank = np.zeros(2 * len(CELLS), np.int8)
        for kind, cells in CELLS_OF_KIND.items():
            self._blank[cells] = layout.cells.spelling.codes[kind][""]

    def read(self, lines: Sequence[_Line], end: Position) -> Piece:
        """Return the exams of some lines."""
        block = _Block.of([line.text for line in lines], self._blank)
        records = self._scan(block, lines)
        codes = self._layout.cells.decided(
            np.ascontiguousarray(block.scan.codes[:, : len(CELLS)].T),
            np.ascontiguousarray(block.scan.codes[:, len(CELLS) :].T),
        )
        names = block.names()
        refusals = []
        for row in np.flatnonzero(~_is_named(names) | (codes == ILLEGAL).any(axis=0)).tolist():
            number, text = lines[row]
            record = records.get(row) or self._records.read(number, text)
            codes[:, row] = record.codes
            names[row] = json.dumps(record.id)
            if record.faults:
                refusals.append(Refusal(row, number, record.id, record.faults))
                codes[:, row] = 0
        converted = settle_legacy(codes)
        return Piece(pl.Series(names, dtype=pl.String), codes.T, tuple(refusals), end, converted)

    def _scan(self, block: "_Block", lines: Sequence[_Line]) -> dict[int, Record]:
        """Read what fits a known layout, learn new layouts on the way, and return the lines that taught them."""
        waiting = block.decodable
        for layout in self._layouts:
            waiting = block.read(waiting, layout, self._table)
        records: dict[int, Record] = {}
        while waiting.size and len(self._layouts) < _LAYOUTS:
            row, waiting = int(waiting[0]), waiting[1:]
            records[row] = self._records.read(*lines[row])
            learnt = self._learnt(lines[row].text, records[row])
            if learnt is not None and not any(is_same_layout(learnt, known) for known in self._layouts):
                self._layouts.append(learnt)
                waiting = block.read(waiting, learnt, self._table)
        return records

    def _learnt(self, line: bytes, record: Record) -> LineLayout | None:
        """Return the layout of a line, None where its keys are at fault or its values not as plain as they must be."""
        match, text = record.match, line.removesuffix(b"\n")
        scalars = scalars_of(text) if match and not record.has_wrong_keys and len(match.columns.ids) == 1 else None
        if not match or not scalars:
            return None
        columns = match.columns
        roles = {
            name: (self._kinds.index("choice"), len(CELLS) + at) for at, name in enumerate(columns.choices) if name
        }
        roles |= {name: (self._kinds.index(CELLS[at].kind), at) for at, name in enumerate(columns.cells) if name}
        roles[columns.ids[0]] = (NAME, 0)
        if not roles.keys() <= {scalar.path for scalar in scalars}:
            return None
        return line_layout(text, scalars, [roles.get(scalar.path, (IGNORED, 0)) for scalar in scalars])


class _Block(NamedTuple):
    """Lines one after the other, as compiled code takes them, and what it read."""

    bytes: bytes
    text: Text
    decodable: Int64[ndarray, " chosen"]
    scan: Scan

    @classmethod
    def of(cls, lines: Sequence[bytes], blank: Int8[ndarray, " place"]) -> "_Block":
        """Return lines with every place still blank."""
        count, text = len(lines), b"".join(lines)
        lengths = np.fromiter(map(len, lines), np.int64, count)
        starts = np.cumsum(lengths) - lengths
        ends = starts + lengths
        ends -= np.frombuffer(text, np.uint8)[ends - 1] == ord("\n")
        places = np.zeros(count, np.int64)
        scan = Scan(np.tile(blank, (count, 1)), places, places.copy(), np.zeros(count, bool))
        rows = np.arange(count) if text.isascii() else np.flatnonzero([_is_utf8(line) for line in lines])
        return cls(text, Text(np.frombuffer(text, np.uint8), starts, ends), rows, scan)

    def read(
        self, waiting: Int64[ndarray, " chosen"], layout: LineLayout, table: WordTable
    ) -> Int64[ndarray, " chosen"]:
        """Read the lines that fit a layout and return those that do not."""
        scan_lines(self.text, layout, table, self.scan, waiting)
        return waiting[~self.scan.is_read[waiting]]

    def names(self) -> list[str]:
        """Return the name of each line as it is written there, empty where the line was not read."""
        starts = np.where(self.scan.is_read, self.scan.name_starts, 0).tolist()
        ends = np.where(self.scan.is_read, self.scan.name_ends, 0).tolist()
        if self.bytes.isascii():
            text = self.bytes.decode()
            return [text[start:end] for start, end in zip(starts, ends, strict=True)]
        return [self.bytes[start:end].decode() for start, end in zip(starts, ends, strict=True)]


def _is_named(names: Sequence[str]) -> Bool[ndarray, " line"]:
    return ~np.isin(names, _NO_NAMES)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _words(layout: Layout) -> WordTable:
    """Return what may stand for each word in JSON: the text, and the number or literal where it is one."""
    tables = [*(layout.cells.spelling.codes[kind] for kind in KINDS), layout.cells.choices]
    return word_table([_tokens(table) for table in tables])


def _tokens(table: dict[str, int]) -> dict[bytes, int]:
    tokens = {json.dumps(text).encode(): code for text, code in table.items()}
    bare = {text.encode(): code for text, code in table.items() if text in ("true", "false") or text.isdecimal()}
    return tokens | bare | {b"null": table[""]}
