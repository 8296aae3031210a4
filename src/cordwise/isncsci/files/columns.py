"""The columns of one file matched with the cells of the examination, by name and whatever their order."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cordwise.base.errors import Fault
from cordwise.isncsci.files.cell_names import count_cells
from cordwise.isncsci.files.mapping import PRESETS, Mapping, read_preset
from cordwise.isncsci.worksheet import CELLS, FAMILIES, Cell

_ALIASES: Final = {"S4_5": ("S4_5", "S45", "S4-5", "S4/5")}
_LISTED: Final = 12  # missing columns that are named one by one
_SHOWN: Final = 5  # names of a longer list
_LIKELY: Final = 0.5  # share of its columns that a preset must find to be suggested
_VISIT: Final = r"(\d{0,3})"


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells stand: for each of `CELLS` its column and the column of its choice, and the columns of the name.

    A cell without a column is None: not recorded in such a file, or missing, which is then among the faults.
    """

    cells: tuple[str | None, ...]
    choices: tuple[str | None, ...]
    ids: tuple[str, ...]

    @property
    def used(self) -> list[str]:
        """All columns that are to be read, each once."""
        return list(dict.fromkeys(name for name in (*self.ids, *self.cells, *self.choices) if name is not None))


@dataclass(frozen=True, slots=True)
class Match:
    """Columns, and what kept cells from having one: the columns that are missing, and names that stand twice."""

    columns: Columns
    missing: tuple[tuple[Cell | None, str], ...]
    clashes: tuple[tuple[str, tuple[str, ...]], ...]

    def is_foreign(self, names: Sequence[str]) -> bool:
        """Return whether none of a long list of names is that of a score."""
        scores = (name for cell, name in zip(CELLS, self.columns.cells, strict=True) if cell.kind in FAMILIES)
        return len(names) > _LISTED and not any(scores)


class Header:
    """The column names of a file, found again whatever their case, and with `.` for `_`."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._folded: dict[str, list[str]] = {}
        for name in self.names:
            self._folded.setdefault(fold(name), []).append(name)

    def find(self, spellings: Iterable[str]) -> tuple[str, ...]:
        """Return all columns that are written in one of the given ways."""
        return tuple(name for text in dict.fromkeys(map(fold, spellings)) for name in self._folded.get(text, ()))

    def visits(self, pattern: str) -> list[str]:
        """Return what stands in place of {visit} in the columns of a pattern."""
        before, _, after = pattern.partition("{visit}")
        shape = re.compile(re.escape(fold(before)) + _VISIT + re.escape(fold(after)))
        return sorted({match[1] for text in self._folded if (match := shape.fullmatch(text))})


def match_columns(mapping: Mapping, names: Iterable[str], visit: str) -> Match:
    """Return which column holds which cell by a mapping."""
    header = Header(names)
    missing: list[tuple[Cell | None, str]] = []
    clashes: list[tuple[str, tuple[str, ...]]] = []

    def find(cell: Cell | None, pattern: str | None, *, needed: bool) -> str | None:
        if pattern is None:
            return None
        spellings = column_names_of(mapping, cell, pattern, visit)
        found = header.find(spellings)
        if len(found) > 1:
            clashes.append((spellings[0], found))
        elif needed and not found:
            missing.append((cell, spellings[0]))
        return found[0] if found else None

    ids = [find(None, name.removesuffix("?"), needed=not name.endswith("?")) for name in mapping.id]
    cells = tuple(find(cell, mapping.pattern_of(cell), needed=True) for cell in CELLS)
    choices = tuple(find(cell, mapping.choice_pattern_of(cell), needed=False) for cell in CELLS)
    columns = Columns(cells, choices, tuple(name for name in ids if name is not None))
    return Match(columns, tuple(missing), tuple(clashes))


def column_names_of(mapping: Mapping, cell: Cell | None, pattern: str, visit: str) -> list[str]:
    """Return the ways in which the column of a cell may be written, the usual one first."""
    if cell is None or cell.kind == "finding":
        return [pattern.format(side="", level="", muscle="", visit=visit)]
    side = mapping.names.side.get(cell.keys[0], cell.keys[0])
    if cell.kind == "non_key_muscle":
        return [pattern.format(side=side, level="", muscle="", visit=visit)]
    level = cell.keys[2]
    muscle = mapping.names.muscle.get(level, level)
    given = mapping.names.level.get(level)
    names = (given,) if given else usual_level_names(level)
    return [pattern.format(side=side, level=name, muscle=muscle, visit=visit) for name in names]


def usual_level_names(level: str) -> tuple[str, ...]:
    """Return how the reader knows a level without being told."""
    return _ALIASES.get(level, (level, f"{level[0]}0{level[1:]}"))


def visits_in(mapping: Mapping, names: Sequence[str]) -> list[str]:
    """Return the visits that column names tell apart by a mapping, none where it asks for none."""
    return Header(names).visits(mapping.columns.vac) if "{visit}" in mapping.columns.vac else []


def choose_visit(mapping: Mapping, names: Sequence[str], visit: str | None) -> str | Fault:
    """Return the visit whose columns are to be read, or the fault that the file holds several and none was named."""
    patterns = [pattern for pattern in mapping.patterns() if "{visit}" in pattern]
    if not patterns:
        return "" if not visit else Fault("visit", "none, as this layout tells no visits apart by column names", visit)
    held = Header(names).visits(mapping.columns.vac)
    if visit is not None:
        return visit if visit in held else Fault("visit", f"one of {', '.join(held) or 'none'}", visit)
    if len(held) > 1:
        return Fault("columns", "examinations of one visit", f"visits {', '.join(held)}", "Name one with --visit.")
    return held[0] if held else ""


def column_faults(place: str, match: Match, mapping: Mapping, names: Sequence[str]) -> list[Fault]:
    """Return what to say of missing columns, with the nearest names there are, and of names that stand twice."""
    faults = [
        Fault(f"{place}: column {name}", "one column of this name", " and ".join(found))
        for name, found in match.clashes
    ]
    if len(match.missing) > _LISTED:
        faults.append(foreign_fault(f"{place}: columns", match, mapping, names, file=place))
        return faults
    unused = sorted(set(names) - set(match.columns.used))
    for cell, name in match.missing:
        meaning = (
            f"one column of this name ({cell.long_name})" if cell else "one column of this name (who was examined)"
        )
        near = difflib.get_close_matches(name, unused, n=1)
        faults.append(Fault(f"{place}: column {name}", meaning, "none", f'Did you mean "{near[0]}"?' if near else ""))
    return faults


def foreign_fault(place: str, match: Match, mapping: Mapping, names: Sequence[str], *, file: str = "FILE") -> Fault:
    """Return what to say of a file most of whose cells are missing: its own names, and how it could be read.

    Parameters
    ----------
    place
        What the fault is about.
    match
        What the mapping found.
    mapping
        By whose names the file was to be read.
    names
        The names that the file has.
    file
        What `cordwise exam map` would be called with.
    """
    first, second, *_ = (name for cell, name in match.missing if cell)
    own = [name for name in names if name not in match.columns.used]
    found = sum(name is not None for name in match.columns.cells)
    expected = f"names of the layout {mapping.name}, such as {first} and {second}"
    held = f"{found or 'none'} of its {len(CELLS)} cells, and {_shortened(own) if own else 'no other names'}"
    preset = _likely_preset(mapping, names)
    likely = f"The names look like those of --preset {preset}. " if preset else ""
    draft = f"{count_cells(names)} cells can be told by rule: cordwise exam map {file} drafts a mapping for --mapping."
    return Fault(place, expected, held, likely + draft)


def _shortened(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f", … ({rest} more)" if rest > 0 else "")


def _likely_preset(mapping: Mapping, names: Sequence[str]) -> str | None:
    """Return the preset, other than the mapping, that finds most columns, where one finds more than half."""
    found: dict[str, int] = {}
    for preset in PRESETS:
        other = read_preset(preset)
        columns = match_columns(other, names, next(iter(visits_in(other, names)), "")).columns.cells
        found[preset] = sum(name is not None for name in columns) if preset != mapping.name else 0
    best = max(found, key=found.__getitem__)
    return best if found[best] > _LIKELY * len(CELLS) else None


def fold(name: str) -> str:
    """Return what two spellings of a column name share: no outer spaces, small letters, `_` for `.`."""
    return name.strip().casefold().replace(".", "_")
