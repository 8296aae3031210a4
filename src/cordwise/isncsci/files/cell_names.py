"""Which cell of the worksheet a foreign column name means: side, modality and level in any order and spelling.

A name is read as a row of known words (`C5_motor_R`, `r_c5_mot`, `LTC2left`, `Right Elbow flexors`) with or without
separators. It must be used up: a word that nobody knows may stand only at either end (`v1_C5_motor_R`), where it tells
visits or sources apart. A name that could mean two cells means none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from cordwise.isncsci.anatomy import canonical_level
from cordwise.isncsci.worksheet import CELLS, NON_KEY_FIELD, Cell

Role = Literal["modality", "side", "level", "muscle", "finding", "non_key", "filler"]
Span = tuple[int, int]

_CELL_OF: Final = {cell.keys: cell for cell in CELLS}
_GAP: Final = r"[^a-z0-9]*"  # stands for a blank in the words below
_SEPARATOR: Final = re.compile(r"[^a-z0-9]+")
_TOKEN: Final = re.compile(r"[a-z0-9]+")
_VISIT: Final = re.compile(r"\d{1,3}")
_LONGEST_NAME: Final = 100
_MOST_STRANGERS: Final = 2  # unknown words at the ends of a name

_WORDS: Final[tuple[tuple[Role, str, str], ...]] = (
    ("non_key", "", r"(?:lowest )?non key(?: muscles?)?|nkm"),
    (
        "finding",
        "vac",
        r"v(?:ol(?:untary)?)? a(?:n(?:al)?)? c(?:on(?:t(?:r(?:action)?)?)?)?|(?:voluntary|anal) contraction",
    ),
    ("finding", "dap", r"d(?:eep)? a(?:n(?:al)?)? p(?:r(?:ess(?:ure)?)?)?|(?:deep |any )?anal (?:sensation|pressure)"),
    ("muscle", "C5", r"elbow flex(?:ors?|ion)?|elb fl(?:ex)?"),
    ("muscle", "C6", r"wrist ext(?:ensors?|ension)?|wr ext?"),
    ("muscle", "C7", r"elbow ext(?:ensors?|ension)?|elb ext?"),
    ("muscle", "C8", r"finger flex(?:ors?|ion)?|fing? fl(?:ex)?"),
    ("muscle", "T1", r"(?:little |small )?finger abd(?:uctors?|uction)?|fing? abd?"),
    ("muscle", "L2", r"hip flex(?:ors?|ion)?|hip fl"),
    ("muscle", "L3", r"knee ext(?:ensors?|ension)?|knee ex"),
    ("muscle", "L4", r"ankle dors(?:i(?:flex(?:ors?|ion)?)?)?|ank do"),
    ("muscle", "L5", r"(?:long|great|big) toe(?: ext(?:ensors?|ension)?)?|toe ext(?:ensors?|ension)?|gre? to"),
    ("muscle", "S1", r"ankle plant(?:ar(?: flex(?:ors?|ion)?)?)?|ank pl"),
    ("modality", "motor", r"motor|mot|strength|mmt|(?:key )?muscle|myotome|m"),
    ("modality", "light_touch", r"light touch|light t|l touch|lt|light|touch|l"),
    ("modality", "pin_prick", r"pin prick|pin p|pp|pin|prick|sharp dull|sharp|p"),
    ("side", "right", r"right|rgt|rt|r"),
    ("side", "left", r"left|lft|lt|l"),
    ("level", "", r"s 4 (?:s )?5|(?:c 0?[2-8]|t (?:1[0-2]|0?[1-9])|l 0?[1-5]|s 0?[1-3])(?![0-9])"),
    ("filler", "", r"isncsci|asia|examination|exam|score|value|val|grade|worksheet|dermatome|sensory|sensation|sens"),
    ("filler", "", r"segment|level|side|with|function|lowest|key|of|at|the|on|and"),
)
_VOCABULARY: Final = tuple((role, value, re.compile(text.replace(" ", _GAP))) for role, value, text in _WORDS)


class _Word(NamedTuple):
    """A known word in a name."""

    role: Role
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class NameReading:
    """One way to read a column name.

    Parameters
    ----------
    cell
        The cell that is meant.
    side, level
        Where its side and its level stand in the name, None for a cell without.
    is_muscle
        Whether a key muscle stands in place of the level.
    visit
        Where a number of up to three digits stands that may tell a visit, None without.
    strangers
        How many unknown words stand at the ends.
    """

    cell: Cell
    side: Span | None
    level: Span | None
    is_muscle: bool
    visit: Span | None
    strangers: int


@cache
def readings_of(name: str) -> tuple[NameReading, ...]:
    """Return the ways to read a name, all of the same cell and with as few unknown words as there must be."""
    text = name.lower()
    if len(name) > _LONGEST_NAME or len(text) != len(name):  # the small form of some letters is longer
        return ()
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for strangers in range(min(_MOST_STRANGERS, max(len(tokens) - 1, 0)) + 1):
        found = [
            reading
            for before in range(strangers + 1)
            for reading in _readings_between(text, tokens, before, strangers - before)
        ]
        if found:
            return tuple(dict.fromkeys(found)) if len({reading.cell for reading in found}) == 1 else ()
    return ()


def _readings_between(text: str, tokens: list[Span], before: int, after: int) -> Iterator[NameReading]:
    """Yield the readings of a name without so many tokens at its ends."""
    if not tokens or before + after >= len(tokens):
        return
    start, end = tokens[before][0], tokens[len(tokens) - 1 - after][1]
    outer = [*tokens[:before], *tokens[len(tokens) - after :]]
    digits = [match for span in outer if (match := re.search(r"\d{1,3}$", text[slice(*span)]))]
    visit = None
    if len(digits) == 1:
        at = next(span for span in outer if re.search(r"\d{1,3}$", text[slice(*span)]))
        visit = (at[0] + digits[0].start(), at[1])
    for words, rest in _rows(text, start, end):
        reading = _meaning(words, rest or visit, before + after)
        if reading:
            yield reading


def _rows(
    text: str, start: int, end: int, words: tuple[_Word, ...] = ()
) -> Iterator[tuple[tuple[_Word, ...], Span | None]]:
    """Yield the rows of known words that use up a part of a name, and the number at its end, if there is one."""
    gap = _SEPARATOR.match(text, start, end)
    start = gap.end() if gap else start
    if start == end:
        yield words, None
        return
    if _VISIT.fullmatch(text, start, end):
        yield words, (start, end)
    for role, value, pattern in _VOCABULARY:
        for stop in _ends(text, pattern, start, end):
            word = _Word(role, value or text[start:stop], (start, stop))
            if _fits(word, words):
                yield from _rows(text, stop, end, (*words, word))


def _ends(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[int]:
    """Return where a word that begins at a place may end, the longest first."""
    match = pattern.match(text, start, end)
    if not match:
        return []
    longest = match.end()
    shorter = range(longest - 1, start, -1)
    splits = (stop for stop in shorter if not text[stop - 1 : stop + 1].isdigit())  # no number is cut in two
    return [longest, *(stop for stop in splits if pattern.fullmatch(text, start, stop))]


def _fits(word: _Word, words: Sequence[_Word]) -> bool:
    """Return whether a word may stand after others: each role once, but a modality may be said in two words."""
    if word.role == "filler":
        return True
    same = [other for other in words if other.role == word.role]
    return not same or (word.role == "modality" and len(same) == 1 and same[0].value == word.value)


def _meaning(words: tuple[_Word, ...], visit: Span | None, strangers: int) -> NameReading | None:
    """Return the cell that some words name together, None where they name none."""
    held = {word.role: word for word in words}
    side, finding, muscle = held.get("side"), held.get("finding"), held.get("muscle")
    if finding:
        alone = not ({"side", "level", "muscle", "modality", "non_key"} & held.keys())
        return NameReading(_CELL_OF[finding.value,], None, None, False, visit, strangers) if alone else None
    if side is None:
        return None
    if "non_key" in held:
        cell = _CELL_OF[side.value, NON_KEY_FIELD]
        return (
            NameReading(cell, side.span, None, False, visit, strangers)
            if not {"level", "muscle"} & held.keys()
            else None
        )
    level = held.get("level") or muscle
    modality = held["modality"].value if "modality" in held else "motor" if muscle else None
    if level is None or modality is None or ("level" in held and muscle) or (muscle and modality != "motor"):
        return None
    name = level.value if muscle else _level_name(level.value)
    cell = _CELL_OF.get((side.value, modality, name))
    return NameReading(cell, side.span, level.span, muscle is not None, visit, strangers) if cell else None


def _level_name(text: str) -> str:
    """Return the level of a text such as `c05`, `s4-s5` or `s45`."""
    plain = _SEPARATOR.sub("", text)
    return "S4_5" if plain in ("s45", "s4s5") else canonical_level(plain)


def count_cells(names: Iterable[str]) -> int:
    """Return how many cells of the worksheet some column names mean."""
    return len({found[0].cell for name in names if (found := readings_of(name))})
