"""Lines of JSON that are alike but for their values, read by comparing bytes: the layout is learnt from one of them.

A program that exports examinations writes the same keys in the same order with the same spaces on every line. Such a
line is the layout's fixed parts, compared byte for byte, with short values between them, looked up in a table. A line
that differs in any way, or that holds a value outside the table, is left to the general reader: nothing is guessed.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Int8, Int32, Int64, UInt8, UInt64
from numpy import ndarray

from cordwise.base.compiling import njit, prange

_TOKEN = re.compile(rb'"(?:[^"\\\x00-\x1f])*"|-?[0-9][0-9.eE+-]*|true|false|null|[][{}:,]|[ \t\r]+|.', re.DOTALL)
_LONGEST_WORD: Final = 8  # bytes of a value that fit the key of the table
_SLOTS: Final = 512  # of a table, a power of two well above the number of words
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, bits as random: spreads the keys over the slots
_SHIFT: Final = np.uint64(64 - 9)
NO_WORD: Final = -3
IGNORED, NAME = -1, -2
_QUOTE, _BACKSLASH, _SPACE, _MINUS, _ZERO, _NINE = (ord(sign) for sign in '"\\ -09')


class Scalar(NamedTuple):
    """A value on a line: the keys that lead to it, joined by dots, and its first and last byte."""

    path: str
    start: int
    end: int


def scalars_of(line: bytes) -> list[Scalar] | None:
    """Return the values of a line that holds one JSON object, None where it holds lists or escaped characters."""
    if b"\\" in line:
        return None
    keys: list[str] = []
    found: list[Scalar] = []
    key: str | None = None
    for match in _TOKEN.finditer(line):
        token = match[0]
        if token == b"[":
            return None
        if token == b"{":
            keys.append(key or "")
            key = None
        elif token == b"}":
            keys.pop()
        elif token in (b":", b",") or not token.strip():
            continue
        elif key is None:
            key = json.loads(token)
        else:
            found.append(Scalar(".".join((*keys[1:], key)), match.start(), match.end()))
            key = None
    return found


class TokenTable(NamedTuple):
    """Codes of the values that may stand in a line, by kind: open addressing, keys of up to eight bytes, 0 for free."""

    keys: UInt64[ndarray, "kind slot"]
    codes: Int8[ndarray, "kind slot"]


def token_table(kinds: Sequence[Mapping[bytes, int]]) -> TokenTable:
    """Return the table of the JSON tokens of each kind; tokens that are too long are left to the general reader."""
    table = TokenTable(np.zeros((len(kinds), _SLOTS), np.uint64), np.zeros((len(kinds), _SLOTS), np.int8))
    for kind, words in enumerate(kinds):
        for token, code in words.items():
            if len(token) <= _LONGEST_WORD:
                key = np.uint64(int.from_bytes(token, "little"))
                with np.errstate(over="ignore"):
                    slot = int((key * _MIXER) >> _SHIFT)
                while table.keys[kind, slot] not in (0, key):
                    slot = (slot + 1) % _SLOTS
                table.keys[kind, slot], table.codes[kind, slot] = key, code
    return table


class LineLayout(NamedTuple):
    """The fixed parts of a line one after the other, and for each value between them its kind and its place."""

    fixed: UInt8[ndarray, " byte"]
    fixed_ends: Int64[ndarray, " part"]
    kinds: Int8[ndarray, " value"]
    places: Int32[ndarray, " value"]


def is_same_layout(one: LineLayout, other: LineLayout) -> bool:
    """Return whether two layouts read the same lines in the same way."""
    return all(np.array_equal(left, right) for left, right in zip(one, other, strict=True))


def line_layout(line: bytes, scalars: Sequence[Scalar], roles: Iterable[tuple[int, int]]) -> LineLayout:
    """Return the layout of a line whose values have the given kinds and places."""
    starts = [0, *(scalar.end for scalar in scalars)]
    ends = [*(scalar.start for scalar in scalars), len(line)]
    parts = [line[start:end] for start, end in zip(starts, ends, strict=True)]
    kinds, places = zip(*roles, strict=True)
    return LineLayout(
        np.frombuffer(b"".join(parts), np.uint8),
        np.cumsum([len(part) for part in parts]),
        np.array(kinds, np.int8),
        np.array(places, np.int32),
    )


class Text(NamedTuple):
    """Lines in one piece of memory, each from its start to the end before its line break."""

    bytes: UInt8[ndarray, " byte"]
    starts: Int64[ndarray, " line"]
    ends: Int64[ndarray, " line"]


class Scan(NamedTuple):
    """What compiled code fills: a code for each place of a line, where its name stands, and whether it was read."""

    codes: Int8[ndarray, "line place"]
    name_starts: Int64[ndarray, " line"]
    name_ends: Int64[ndarray, " line"]
    is_read: Bool[ndarray, " line"]


@njit(cache=True, parallel=True, error_model="numpy")
def scan_lines(text: Text, layout: LineLayout, table: TokenTable, scan: Scan, lines: Int64[ndarray, " chosen"]) -> None:
    """Read the chosen lines by a layout, into `scan`; those that do not fit stay unread."""
    for chosen in prange(lines.size):
        _scan_line(lines[chosen], text, layout, table, scan)


@njit(cache=True, error_model="numpy")
def _scan_line(line: int, text: Text, layout: LineLayout, table: TokenTable, scan: Scan) -> None:
    """Read one line, if it fits the layout."""
    place, end, part = text.starts[line], text.ends[line], 0
    for value in range(layout.kinds.size):
        stop = layout.fixed_ends[value]
        if not _is_same(text.bytes, place, end, layout.fixed, part, stop):
            return
        place += stop - part
        part = stop
        after = _end_of_value(text.bytes, place, end)
        if after < 0:
            return
        kind = layout.kinds[value]
        if kind >= 0:
            code = _word_code(text.bytes, place, after, kind, table)
            if code == NO_WORD:
                return
            scan.codes[line, layout.places[value]] = code
        elif kind == NAME:
            scan.name_starts[line], scan.name_ends[line] = place, after
        place = after
    stop = layout.fixed.size
    scan.is_read[line] = place + stop - part == end and _is_same(text.bytes, place, end, layout.fixed, part, stop)


@njit(cache=True, error_model="numpy")
def _is_same(
    text: UInt8[ndarray, " byte"], place: int, end: int, fixed: UInt8[ndarray, " byte"], part: int, stop: int
) -> bool:
    """Return whether a line goes on with a fixed part of the layout."""
    if place + stop - part > end:
        return False
    for offset in range(stop - part):  # noqa: SIM110 - compiled code knows no generators
        if text[place + offset] != fixed[part + offset]:
            return False
    return True


@njit(cache=True, error_model="numpy")
def _end_of_value(buffer: UInt8[ndarray, " byte"], place: int, end: int) -> int:
    """Return where the text or whole number or word ends that starts at a place, -1 where it is anything else."""
    first = buffer[place] if place < end else np.uint8(0)
    if first == _QUOTE:
        for after in range(place + 1, end):
            byte = buffer[after]
            if byte == _QUOTE:
                return after + 1
            if byte == _BACKSLASH or byte < _SPACE:
                return -1
        return -1
    after = place
    while after < end and _is_word_byte(buffer[after]):
        after += 1
    return after if _is_number(buffer, place, after) or _is_literal(buffer, place, after) else -1


@njit(cache=True, error_model="numpy")
def _is_word_byte(byte: int) -> bool:
    return byte == _MINUS or _ZERO <= byte <= _NINE or (ord("a") <= byte <= ord("z"))


@njit(cache=True, error_model="numpy")
def _is_number(buffer: UInt8[ndarray, " byte"], place: int, after: int) -> bool:
    """Return whether the bytes are a whole number as JSON writes it."""
    digits = place + 1 if place < after and buffer[place] == _MINUS else place
    if digits == after or (buffer[digits] == _ZERO and after - digits > 1):
        return False
    strangers = 0
    for index in range(digits, after):
        strangers += not _ZERO <= buffer[index] <= _NINE
    return strangers == 0


@njit(cache=True, error_model="numpy")
def _is_literal(buffer: UInt8[ndarray, " byte"], place: int, after: int) -> bool:
    """Return whether the bytes are true, false or null."""
    length = after - place
    if length == len("true"):
        first, second, third, fourth = buffer[place], buffer[place + 1], buffer[place + 2], buffer[place + 3]
        is_true = first == ord("t") and second == ord("r") and third == ord("u") and fourth == ord("e")
        return is_true or (first == ord("n") and second == ord("u") and third == ord("l") and fourth == ord("l"))
    if length != len("false"):
        return False
    return (
        buffer[place] == ord("f")
        and buffer[place + 1] == ord("a")
        and buffer[place + 2] == ord("l")
        and buffer[place + 3] == ord("s")
        and buffer[place + 4] == ord("e")
    )


@njit(cache=True, error_model="numpy")
def _word_code(text: UInt8[ndarray, " byte"], place: int, after: int, kind: int, table: TokenTable) -> int:
    """Return the code of a value by its table, `NO_WORD` where it does not stand there."""
    if after - place > _LONGEST_WORD:
        return NO_WORD
    key = np.uint64(0)
    for index in range(after - 1, place - 1, -1):
        key = (key << np.uint64(8)) | np.uint64(text[index])
    slot = np.int64((key * _MIXER) >> _SHIFT)
    while table.keys[kind, slot] != 0:
        if table.keys[kind, slot] == key:
            return table.codes[kind, slot]
        slot = (slot + 1) % _SLOTS
    return NO_WORD
