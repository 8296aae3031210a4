"""What may be written in a cell, as a table from text to code, and what to say where something else is written."""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cordwise.isncsci.anatomy import LEVELS, MYOTOMES, NO_MUSCLE, canonical_level
from cordwise.isncsci.recorded import ASSUMED_ZERO, NORMAL, NOT_NORMAL, NOT_RECORDED, NOT_TESTABLE, READING
from cordwise.isncsci.worksheet import FAMILIES, TOP_SCORES, Cell, Kind

ILLEGAL: Final = -2
"""Code of a cell whose text has no meaning here."""
UNDECIDED: Final = 9
"""Reading of a tagged score whose choice, normal or not, stands in another column."""
LEGACY_FIVE: Final = 100
"""Code of `5*` until it has been counted and turned into 5."""

_LEGACY_TEXT = "5*"
_WHOLE_NUMBER = re.compile(r"(\d)\.0+", re.ASCII)
_LONGEST_QUOTE = 60


class Blank(StrEnum):
    """What a blank cell of a score or of a finding means."""

    ERROR = "error"
    NA = "na"
    NT = "nt"


_BLANK_CODES: Final = {Blank.ERROR: ILLEGAL, Blank.NA: NOT_RECORDED, Blank.NT: NOT_TESTABLE}


@dataclass(frozen=True, slots=True)
class Words:
    """The words that a file uses beside the digits; spaces around a word do not count, its case does."""

    not_testable: tuple[str, ...] = ("NT",)
    yes: tuple[str, ...] = ("Yes", "true")
    no: tuple[str, ...] = ("No", "false")
    no_muscle: tuple[str, ...] = ("none",)
    tagged: str = ""
    """How a tagged score is written whose choice stands in another column, with `{score}`; empty without one."""


@dataclass(frozen=True, slots=True)
class ScoreCodes:
    """The words of a file and the policies of the reader, made into one table of legal texts for each kind of cell."""

    words: Words = field(default_factory=Words)
    blank: Blank = Blank.ERROR
    legacy_five_star: bool = False
    codes: dict[Kind, dict[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        tables = {kind: self._score_codes(kind) for kind in FAMILIES}
        object.__setattr__(
            self, "codes", {**tables, "finding": self._finding_codes(), "non_key_muscle": self._muscle_codes()}
        )

    def code(self, kind: Kind, text: str) -> int:
        """Return the code of a text, `ILLEGAL` where it has no meaning in such a cell."""
        text = text.strip()
        table = self.codes[kind]
        if text in table:
            return table[text]
        if kind == "non_key_muscle":
            return table.get(canonical_level(text), ILLEGAL)
        return table.get(_WHOLE_NUMBER.sub(r"\1", text), ILLEGAL) if _WHOLE_NUMBER.fullmatch(text) else ILLEGAL

    def expectation(self, cell: Cell) -> str:
        """Return what may stand in a cell."""
        blank = "" if self.blank is Blank.ERROR else ", or blank"
        not_testable = " or ".join(self.words.not_testable)
        if cell.kind == "finding":
            words = ", ".join(dict.fromkeys((*self.words.yes, *self.words.no)))
            return f"{cell.long_name}: {words} or {not_testable}{blank}"
        if cell.kind == "non_key_muscle":
            return f"{cell.long_name}: nothing, or the level of a muscle from C5 to T1 or L2 to S1"
        top = TOP_SCORES[cell.kind]
        return f"{cell.long_name}: 0-{top} or {not_testable}; tagged {self._tags(top)}{blank}"

    def _tags(self, top: int) -> str:
        scores = f"0-{top - 1} or {self.words.not_testable[0]}" if self.words.not_testable else f"0-{top - 1}"
        if self.words.tagged:
            return f"{scores} as {self.words.tagged.format(score='…')} with its choice"
        return f"{scores} with *, ** or *=value"

    def _score_codes(self, kind: str) -> dict[str, int]:
        top = TOP_SCORES[kind]
        scores = {str(score): score for score in range(top)} | dict.fromkeys(self.words.not_testable, NOT_TESTABLE)
        codes = {"": _BLANK_CODES[self.blank], str(top): top, **scores}
        codes |= {f"{score}.0": score for score in range(top + 1)}
        for text, score in scores.items():
            codes[f"{text}*"] = score + READING * (UNDECIDED if self.words.tagged else NOT_NORMAL)
            codes[f"{text}**"] = score + READING * NORMAL
            codes |= {f"{text}*={value}": score + READING * (ASSUMED_ZERO + value) for value in range(top + 1)}
            if self.words.tagged:
                codes[self.words.tagged.format(score=text)] = score + READING * UNDECIDED
        if self.legacy_five_star and kind == "motor":
            codes[_LEGACY_TEXT] = LEGACY_FIVE
        return codes

    def _finding_codes(self) -> dict[str, int]:
        words = self.words
        numbers = {f"{word}.0": code for code, known in ((1, words.yes), (0, words.no)) for word in known}
        return {
            "": _BLANK_CODES[self.blank],
            **{text: code for text, code in numbers.items() if text[0].isdigit()},
            **dict.fromkeys(words.not_testable, NOT_TESTABLE),
            **dict.fromkeys(words.yes, 1),
            **dict.fromkeys(words.no, 0),
        }

    def _muscle_codes(self) -> dict[str, int]:
        levels = {name: LEVELS.index(name) for name in MYOTOMES}
        return {"": NO_MUSCLE, **dict.fromkeys(self.words.no_muscle, NO_MUSCLE), **levels}


def cell_text(value: object) -> str:
    """Return what a file holds in a cell as text, empty for nothing."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def quote(text: str) -> str:
    """Return the text of a cell as an error shows it."""
    if not text:
        return "nothing"
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
