"""Examinations as JSON lines, one object a line, read in pieces so that a file may be larger than memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from jaxtyping import Bool, Int8, Int64
from numpy import ndarray

from cordwise.base.errors import InputError
from cordwise.isncsci.files.coding import settle_legacy
from cordwise.isncsci.files.json_records import Record, RecordReader
from cordwise.isncsci.files.json_scan import (
    IGNORED,
    NAME,
    LineLayout,
    Scan,
    Text,
    TokenTable,
    is_same_layout,
    line_layout,
    scalars_of,
    scan_lines,
    token_table,
)
from cordwise.isncsci.files.layout import FileLayout
from cordwise.isncsci.files.line_blocks import LineBlocks, line_breaks
from cordwise.isncsci.files.pieces import Piece, Position, Refusal
from cordwise.isncsci.files.score_codes import ILLEGAL
from cordwise.isncsci.worksheet import CELLS, CELLS_OF_KIND, KINDS

LONGEST_LINE: Final = 1 << 20
"""Bytes; an examination takes about two thousand."""
_LAYOUTS: Final = 16  # kept for a file; lines of any further layout go through the general reader
_NO_NAMES: Final = ("", '""', "true", "false", "null")


def read_json_lines(path: Path, layout: FileLayout, chunk_size: int, start: Position) -> Iterator[Piece]:
    """Yield the exams of a file, `chunk_size` lines at a time; blank lines are passed over."""
    reader = LineReader(path, layout)
    with path.open("rb") as file:
        file.seek(start.bytes)
        blocks, number = LineBlocks(file), start.rows
        while text := blocks.next(chunk_size):
            lines = _Lines.of(text, number + 1)
            number += lines.counted
            if lines.numbers.size:
                yield reader.read(lines, Position(number, blocks.position))


class _Lines(NamedTuple):
    """The lines of a text that are not blank, with their numbers in the file; and how many there are with blanks."""

    text: bytes
    starts: Int64[ndarray, " line"]
    ends: Int64[ndarray, " line"]
    numbers: Int64[ndarray, " line"]
    counted: int

    @classmethod
    def of(cls, text: bytes, first: int) -> "_Lines":
        """Return the lines of a text whose first one has the given number."""
        ends = line_breaks(text)
        if not text.endswith(b"\n"):
            ends = np.append(ends, len(text))
        starts = np.append(0, ends[:-1] + 1)
        # Only a line that starts with a space, or is empty, can be blank.
        kept = np.frombuffer(text, np.uint8)[starts] > ord(" ")
        for line in np.flatnonzero(~kept).tolist():
            kept[line] = not text[starts[line] : ends[line]].isspace() and ends[line] > starts[line]
        return cls(text, starts[kept], ends[kept], np.flatnonzero(kept) + first, len(ends))

    def line(self, row: int) -> bytes:
        """Return a line; of one that is too long only the first part, which is no JSON."""
        return self.text[self.starts[row] : min(self.ends[row], self.starts[row] + LONGEST_LINE)]

    def decodable(self) -> Int64[ndarray, " chosen"]:
        """Return which lines are text of a length that an examination may have."""
        short = self.ends - self.starts < LONGEST_LINE
        if self.text.isascii():
            return np.flatnonzero(short)
        return np.array([row for row in np.flatnonzero(short).tolist() if _is_utf8(self.line(row))], np.int64)


class LineReader:
    """Reads lines by the layouts met so far, and each line that fits none by the general reader."""

    def __init__(self, path: Path, layout: FileLayout) -> None:
        self._path = path
        self._layout = layout
        self._knows_some = False  # a line with a known key was met
        self._records = RecordReader(layout)
        self._kinds = [*KINDS, "choice"]
        self._table = _words(layout)
        self._layouts: list[LineLayout] = []
        self._blank = np.zeros(2 * len(CELLS), np.int8)
        for kind, cells in CELLS_OF_KIND.items():
            self._blank[cells] = layout.cells.score_codes.codes[kind][""]

    def read(self, lines: _Lines, end: Position) -> Piece:
        """Return the exams of some lines; raise `InputError` where no key of the file was known so far."""
        block = _Block.of(lines, self._blank)
        records = self._scan(block, lines)
        codes = self._layout.cells.decided(
            np.ascontiguousarray(block.scan.codes[:, : len(CELLS)].T),
            np.ascontiguousarray(block.scan.codes[:, len(CELLS) :].T),
        )
        names = block.names()
        refusals, foreign = [], []
        for row in np.flatnonzero(_is_nameless(names) | (codes == ILLEGAL).any(axis=0)).tolist():
            number = int(lines.numbers[row])
            record = records.get(row) or self._records.read(number, lines.line(row))
            codes[:, row] = record.codes
            names[row] = json.dumps(record.id)
            if record.faults:
                refusals.append(Refusal(row, number, record.id, record.faults))
                foreign += record.faults if record.is_foreign else ()
                codes[:, row] = 0
        self._knows_some |= len(foreign) < len(names)
        if not self._knows_some:
            advice = foreign[0].advice.replace("map FILE", f"map {self._path}")
            raise InputError([replace(foreign[0], where=f"{self._path}: keys", advice=advice)])
        converted = settle_legacy(codes)
        return Piece(pl.Series(names, dtype=pl.String), codes.T, tuple(refusals), end, converted)

    def _scan(self, block: "_Block", lines: _Lines) -> dict[int, Record]:
        """Read what fits a known layout, learn new layouts on the way, and return the lines that taught them."""
        waiting = lines.decodable()
        for layout in self._layouts:
            waiting = block.read(waiting, layout, self._table)
        records: dict[int, Record] = {}
        while waiting.size and len(self._layouts) < _LAYOUTS:
            row, waiting = int(waiting[0]), waiting[1:]
            line = lines.line(row)
            records[row] = self._records.read(int(lines.numbers[row]), line)
            learnt = self._learnt(line, records[row])
            if learnt is not None and not any(is_same_layout(learnt, known) for known in self._layouts):
                self._layouts.append(learnt)
                waiting = block.read(waiting, learnt, self._table)
        return records

    def _learnt(self, line: bytes, record: Record) -> LineLayout | None:
        """Return the layout of a line, None where its keys are at fault or its values not as plain as they must be."""
        match = record.match
        scalars = scalars_of(line) if match and not record.has_wrong_keys and len(match.columns.ids) == 1 else None
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
        return line_layout(line, scalars, [roles.get(scalar.path, (IGNORED, 0)) for scalar in scalars])


class _Block(NamedTuple):
    """Lines one after the other, as compiled code takes them, and what it read."""

    text: Text
    scan: Scan

    @classmethod
    def of(cls, lines: _Lines, blank: Int8[ndarray, " place"]) -> "_Block":
        """Return lines with every place still blank."""
        count = lines.numbers.size
        places = np.zeros(count, np.int64)
        scan = Scan(np.tile(blank, (count, 1)), places, places.copy(), np.zeros(count, bool))
        return cls(Text(np.frombuffer(lines.text, np.uint8), lines.starts, lines.ends), scan)

    def read(
        self, waiting: Int64[ndarray, " chosen"], layout: LineLayout, table: TokenTable
    ) -> Int64[ndarray, " chosen"]:
        """Read the lines that fit a layout and return those that do not."""
        scan_lines(self.text, layout, table, self.scan, waiting)
        return waiting[~self.scan.is_read[waiting]]

    def names(self) -> list[str]:
        """Return the name of each line as it is written there, empty where the line was not read."""
        starts, ends, is_read = self.scan.name_starts, self.scan.name_ends, self.scan.is_read
        # Each name and the byte behind it, which becomes a line break: a name that was read holds none.
        lengths = np.where(is_read, ends - starts, 0) + 1
        stops = np.cumsum(lengths)
        places = np.arange(stops[-1]) + np.repeat(np.where(is_read, starts, 0) - (stops - lengths), lengths)
        joined = self.text.bytes[places]
        joined[stops - 1] = ord("\n")
        return joined.tobytes().decode().split("\n")[:-1]


def _is_nameless(names: Sequence[str]) -> Bool[ndarray, " line"]:
    return pl.Series(names, dtype=pl.String).is_in(_NO_NAMES).to_numpy()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _words(layout: FileLayout) -> TokenTable:
    """Return what may stand for each word in JSON: the text, and the number or literal where it is one."""
    tables = [*(layout.cells.score_codes.codes[kind] for kind in KINDS), layout.cells.choices]
    return token_table([_tokens(table) for table in tables])


def _tokens(table: dict[str, int]) -> dict[bytes, int]:
    tokens = {json.dumps(text).encode(): code for text, code in table.items()}
    bare = {text.encode(): code for text, code in table.items() if text in ("true", "false") or text.isdecimal()}
    return tokens | bare | {b"null": table[""]}
