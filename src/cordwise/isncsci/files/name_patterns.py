"""From recognised column names to the patterns of a mapping: one for each family, and single columns that break it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cordwise.isncsci.files.cell_names import NameReading, Span, readings_of
from cordwise.isncsci.files.columns import fold, match_columns, usual_level_names
from cordwise.isncsci.files.mapping import mapping_of
from cordwise.isncsci.worksheet import CELLS, FAMILIES, FINDINGS, NON_KEY_FIELD, Cell

Tables = dict[str, Any]
"""The tables of a mapping file."""

USUAL_PATTERNS: Final = {
    **{family: f"{{side}}_{family}_{{level}}" for family in FAMILIES},
    **{finding: finding for finding in FINDINGS},
}
"""What a pattern is where no column was recognised; such columns are missing, and the reader will say so."""


@dataclass(frozen=True, slots=True)
class NamePatterns:
    """What the columns of a file are called.

    Parameters
    ----------
    tables
        `columns`, and where needed `cells` and `names`, as a mapping file has them.
    found
        The column of each recognised cell, of the first visit where there are several.
    visits
        The visits that column names tell apart, in the order of the file; empty for none.
    """

    tables: Tables
    found: Mapping[Cell, str]
    visits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One reading of one column: the pattern it follows, with the words that it has in its places.

    `alone` is the pattern of this column only, in which no place but that of the visit is left.
    """

    column: str
    reading: NameReading
    pattern: str
    alone: str
    side: str = ""
    level: str = ""
    visit: str = ""

    @property
    def cell(self) -> Cell:
        return self.reading.cell


@dataclass(slots=True)
class _Chosen:
    """What has been decided so far."""

    patterns: dict[str, str] = field(default_factory=dict)
    columns: dict[Cell, list[_Candidate]] = field(default_factory=dict)


def name_patterns(names: Sequence[str]) -> NamePatterns:
    """Return the patterns that the recognised names of a file follow."""
    chosen = _Chosen()
    candidates = [_candidate(name, reading) for name in names for reading in readings_of(name)]
    for kind in (*FAMILIES, *FINDINGS, NON_KEY_FIELD):
        _choose([one for one in candidates if _kind(one.cell) == kind], kind, chosen)
    visits = _visits(chosen)
    first = {cell: _at_visit(held, visits) for cell, held in chosen.columns.items()}
    tables = _with_exceptions(_tables(chosen, visits), first, visits)
    return NamePatterns(tables, {cell: one.column for cell, one in first.items()}, visits)


def _kind(cell: Cell) -> str:
    """Return the key of a cell's pattern in the table `columns`."""
    return cell.keys[0] if cell.kind == "finding" else NON_KEY_FIELD if cell.kind == "non_key_muscle" else cell.kind


def _candidate(name: str, reading: NameReading) -> _Candidate:
    level = "{muscle}" if reading.is_muscle else "{level}"
    visit = [(reading.visit, "{visit}")]
    pattern = _with_places(name, [(reading.side, "{side}"), (reading.level, level), *visit])
    words = (_text(name, span) for span in (reading.side, reading.level, reading.visit))
    return _Candidate(name, reading, pattern, _with_places(name, visit), *words)


def _with_places(name: str, places: Iterable[tuple[Span | None, str]]) -> str:
    """Return a name with some of its words replaced by places."""
    pattern, end = "", 0
    for span, word in sorted((span, word) for span, word in places if span):
        pattern += _literal(name[end : span[0]]) + word
        end = span[1]
    return pattern + _literal(name[end:])


def _text(name: str, span: Span | None) -> str:
    return name[slice(*span)] if span else ""


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _choose(candidates: Sequence[_Candidate], kind: str, chosen: _Chosen) -> None:
    """Choose the pattern of one kind of cell that finds most cells, and the columns of each cell."""
    support: dict[str, set[Cell]] = {}
    strangers: dict[str, int] = {}
    for one in candidates:
        support.setdefault(fold(one.pattern), set()).add(one.cell)
        strangers.setdefault(fold(one.pattern), one.reading.strangers)
    order = sorted(support, key=lambda pattern: (-len(support[pattern]), strangers[pattern]))
    if not order:
        return
    rank = {pattern: place for place, pattern in enumerate(order)}
    chosen.patterns[kind] = next(one.pattern for one in candidates if fold(one.pattern) == order[0])
    for one in sorted(candidates, key=lambda one: rank[fold(one.pattern)]):
        held = chosen.columns.setdefault(one.cell, [])
        if not held or (fold(held[0].pattern) == fold(one.pattern) and one.visit and one.column != held[0].column):
            held.append(one)


def _visits(chosen: _Chosen) -> tuple[str, ...]:
    """Return the visits that most cells have, none where the names tell no more than one."""
    counts = Counter(visit for held in chosen.columns.values() for visit in {one.visit for one in held if one.visit})
    most = max(counts.values(), default=0)
    found = tuple(visit for visit, count in counts.items() if 2 * count > most)
    return found if len(found) > 1 and all("{visit}" in chosen.patterns.get(name, "") for name in FINDINGS) else ()


def _at_visit(held: Sequence[_Candidate], visits: Sequence[str]) -> _Candidate:
    return next((one for one in held if visits and one.visit == visits[0]), held[0])


def _tables(chosen: _Chosen, visits: Sequence[str]) -> Tables:
    columns = {}
    for kind in (*FAMILIES, *FINDINGS, NON_KEY_FIELD):
        if kind in chosen.patterns:
            cells = (held[0] for cell, held in chosen.columns.items() if _kind(cell) == kind)
            columns[kind] = _settled(chosen.patterns[kind], "" if visits else next(cells).visit)
        elif kind in USUAL_PATTERNS:
            columns[kind] = USUAL_PATTERNS[kind]
    followers = [
        one
        for held in chosen.columns.values()
        for one in held[:1]
        if fold(one.pattern) == fold(chosen.patterns[_kind(one.cell)])
    ]
    names = {
        "side": _most_common((one.cell.keys[0], one.side) for one in followers if one.side),
        "level": _odd_levels(followers),
        "muscle": _most_common((one.cell.keys[2], one.level) for one in followers if one.reading.is_muscle),
    }
    return {"columns": columns, "names": {name: words for name, words in names.items() if words}}


def _settled(pattern: str, visit: str) -> str:
    """Return a pattern with its only visit written out."""
    return pattern.replace("{visit}", visit) if visit else pattern


def _most_common(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each key the text that stands most often beside it."""
    counts: dict[str, Counter[str]] = {}
    for key, text in pairs:
        counts.setdefault(key, Counter())[text] += 1
    return {key: found.most_common(1)[0][0] for key, found in counts.items()}


def _odd_levels(followers: Sequence[_Candidate]) -> dict[str, str]:
    """Return the levels that a file writes as the reader would not expect."""
    pairs = ((one.cell.keys[2], one.level) for one in followers if one.level and not one.reading.is_muscle)
    usual = {level: {fold(name) for name in usual_level_names(level)} for level in {cell.keys[-1] for cell in CELLS}}
    return {level: text for level, text in _most_common(pairs).items() if fold(text) not in usual[level]}


def _with_exceptions(tables: Tables, first: Mapping[Cell, _Candidate], visits: Sequence[str]) -> Tables:
    """Return the tables with a column of its own for each recognised cell that the patterns do not lead to."""
    mapping = mapping_of(tables)
    names = [one.column for one in first.values()]
    held = match_columns(mapping, names, visits[0] if visits else "").columns.cells
    cells = {
        cell.path: first[cell].alone if visits else _literal(first[cell].column)
        for cell, column in zip(CELLS, held, strict=True)
        if cell in first and column != first[cell].column
    }
    return {**tables, "cells": cells} if cells else tables
