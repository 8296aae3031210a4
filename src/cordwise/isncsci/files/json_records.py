"""One examination as a JSON object of any order and spacing: the general reader, which also says what is wrong."""

import difflib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.files.coding import settle_legacy
from cordwise.isncsci.files.columns import Match, choose_visit, column_names_of, fold, foreign_fault, match_columns
from cordwise.isncsci.files.layout import FileLayout, layout_of
from cordwise.isncsci.files.pieces import ExamId, Piece, Position, Refusal
from cordwise.isncsci.files.score_codes import ILLEGAL, cell_text, quote
from cordwise.isncsci.worksheet import CELLS, FAMILIES, LEVELS_OF_FAMILY, Cell

_REMEMBERED: Final = 64  # sets of keys whose columns are kept
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ONE_OBJECT: Final = "one JSON object that holds one exam"

Pairs = list[tuple[str, Any]]


class Record(NamedTuple):
    """What a line holds: the name, the codes, its faults, which key holds which cell, and whether no key is known."""

    id: ExamId | None
    codes: Int8[ndarray, " cell"]
    faults: tuple[Fault, ...]
    match: Match | None
    has_wrong_keys: bool
    is_foreign: bool = False


class _KeyTwice(ValueError):
    """A key that stands twice in one object."""


class RecordReader:
    """Reads the lines of one file by its layout."""

    def __init__(self, layout: FileLayout) -> None:
        self.layout = layout
        mapping = layout.mapping
        visit = layout.visit or ""
        patterns = ((cell, mapping.pattern_of(cell)) for cell in CELLS)
        self._known = {
            fold(name) for cell, text in patterns if text for name in column_names_of(mapping, cell, text, visit)
        }
        self._match = lru_cache(_REMEMBERED)(self._match_of)

    def read(self, number: int, line: bytes) -> Record:
        """Return what a line holds; the codes mean nothing where there are faults."""
        nothing = np.full(len(CELLS), ILLEGAL, np.int8)
        try:
            text = line.removeprefix(BYTE_ORDER_MARK).decode()
            parsed = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
            pairs = self._flat(parsed) if isinstance(parsed, dict) else None
        except _KeyTwice as error:
            return Record(
                None, nothing, (Fault(f"line {number}", "each key once in an object", f"{error} twice"),), None, True
            )
        except (ValueError, RecursionError):
            pairs = None
        if pairs is None:
            found = quote(line.decode(errors="replace").strip())
            return Record(None, nothing, (Fault(f"line {number}", _ONE_OBJECT, found),), None, True)
        return self._judged(f"line {number}", pairs)

    def read_object(self, place: str, record: Mapping[str, Any]) -> Record:
        """Return what an object in memory holds; its faults name the place."""
        return self._judged(place, self._flat(_plain(record)))

    def _match_of(self, names: tuple[str, ...]) -> tuple[Match, tuple[Fault, ...]]:
        visit = choose_visit(self.layout.mapping, names, self.layout.visit)
        faults = (visit,) if isinstance(visit, Fault) else ()
        return match_columns(self.layout.mapping, names, "" if isinstance(visit, Fault) else visit), faults

    def _judged(self, place: str, pairs: Pairs) -> Record:
        values = dict(pairs)
        match, visit_faults = self._match(tuple(values))
        faults = list(visit_faults)
        name, nameless = self._name(place, match, values)
        if match.is_foreign(tuple(values)):
            fault = foreign_fault(f"{place}: keys", match, self.layout.mapping, tuple(values))
            return Record(name, np.full(len(CELLS), ILLEGAL, np.int8), (fault,), match, True, is_foreign=True)
        faults += [Fault(where, "one key of this name", " and ".join(keys)) for where, keys in match.clashes]
        faults += self._strange_keys(match, values)
        absent = _absent_blocks(match, values)
        faults += absent.faults
        has_wrong_keys = bool(faults)
        faults = nameless + faults
        codes = np.empty(len(CELLS), np.int8)
        for number, cell in enumerate(CELLS):
            key, choice = match.columns.cells[number], match.columns.choices[number]
            texts = [cell_text(values[each]) if each else "" for each in (key, choice)]
            codes[number] = self.layout.cells.code(cell, *texts)
            if codes[number] == ILLEGAL and cell not in absent.cells:
                where = key or self._usual_key(cell)
                faults.append(self.layout.cells.fault(cell, where, texts[0], choice, texts[1]))
        return Record(name, codes, tuple(faults), match, has_wrong_keys)

    def _usual_key(self, cell: Cell) -> str:
        if self.layout.is_usual:
            return cell.path
        pattern = self.layout.mapping.pattern_of(cell) or cell.path
        return column_names_of(self.layout.mapping, cell, pattern, self.layout.visit or "")[0]

    def _name(self, place: str, match: Match, values: dict[str, Any]) -> tuple[ExamId | None, list[Fault]]:
        given = [values[name] for name in match.columns.ids]
        where = f"{place}: {self.layout.mapping.id[0]}"
        if any(name is None for cell, name in match.missing if cell is None) or not given:
            return None, [Fault(where, "the name or number of the exam", "nothing")]
        for value in given:
            if not isinstance(value, str | int) or isinstance(value, bool) or value == "" or _is_broken(value):
                return None, [Fault(where, "the name or number of the exam", quote(cell_text(value)))]
        return (given[0], []) if len(given) == 1 else (" ".join(map(str, given)), [])

    def _strange_keys(self, match: Match, values: dict[str, Any]) -> list[Fault]:
        """Return a fault for each key inside a side that is no part of an examination: most are misspelt cells."""
        if not self.layout.is_usual:
            return []
        used = {*match.columns.used, *(name for _, names in match.clashes for name in names)}
        blocks = {*SIDES, *(f"{side}_{family}" for side in SIDES for family in FAMILIES)}
        faults = []
        for name, value in values.items():
            folded = fold(name)
            if name not in used and folded.startswith(tuple(f"{side}_" for side in SIDES)) and folded not in blocks:
                near = difflib.get_close_matches(name, [cell.path for cell in CELLS], n=1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                faults.append(Fault(name, f"a key of the examination{hint}", quote(cell_text(value))))
        return faults

    def _flat(self, record: dict[str, Any]) -> Pairs:
        """Return the values of nested objects by the keys that lead to them, joined by dots."""
        pairs: Pairs = []
        for key, value in record.items():
            if isinstance(value, dict) and value and fold(key) not in self._known:
                pairs += self._flat({f"{key}.{inner}": each for inner, each in value.items()})
            else:
                pairs.append((key, value))
        return pairs


def read_records(records: Sequence[Mapping[str, Any]], layout: FileLayout | None = None) -> Piece:
    """Return the exams of objects in memory, each as a line of JSON would hold it."""
    reader = RecordReader(layout or layout_of())
    found = [reader.read_object(f"examinations[{row}]", record) for row, record in enumerate(records)]
    codes = np.array([one.codes for one in found], np.int8).reshape(len(found), len(CELLS))
    refusals = tuple(Refusal(row, row + 1, one.id, one.faults) for row, one in enumerate(found) if one.faults)
    codes[[one.row for one in refusals]] = 0
    names = [json.dumps(one.id, ensure_ascii=False) for one in found]
    return Piece(names, codes, refusals, Position(len(found)), settle_legacy(codes))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value that a record may hold
    """Return a value with numpy scalars as Python numbers, and NaN as nothing."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, np.generic):
        return _plain(value.item())
    return None if isinstance(value, float) and np.isnan(value) else value


class _Absent(NamedTuple):
    """Whole blocks of an examination that a record lacks, and the cells that need no fault of their own."""

    faults: list[Fault]
    cells: set[Cell]


def _absent_blocks(match: Match, values: dict[str, Any]) -> _Absent:
    lacking = {cell for cell, name in zip(CELLS, match.columns.cells, strict=True) if name is None}
    faults: list[Fault] = []
    covered: set[Cell] = set()
    for side in SIDES:
        scores = [cell for cell in CELLS if cell.keys[0] == side and cell.kind in FAMILIES]
        if lacking.issuperset(scores):
            faults.append(Fault(side, "an object that holds the scores of the side", _shown(values, side)))
            covered.update(scores)
            continue
        for family in FAMILIES:
            block = [cell for cell in scores if cell.kind == family]
            if lacking.issuperset(block):
                where = f"{side}.{family}"
                levels = LEVELS_OF_FAMILY[family]
                faults.append(Fault(where, f"scores from {levels[0]} to {levels[-1]}", _shown(values, where)))
                covered.update(block)
    return _Absent(faults, covered)


def _shown(values: dict[str, Any], key: str) -> str:
    return quote(json.dumps(values[key])) if key in values else "nothing"


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _KeyTwice(next(quote(key) for key in found if keys.count(key) > 1))
    return found


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _is_broken(value: str | int) -> bool:
    """Return whether a text holds half a character, which no file could hold again."""
    return isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value)
