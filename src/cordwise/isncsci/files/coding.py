"""Columns of text or numbers turned into codes, whole columns at a time; each rare text is judged once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import polars as pl
from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.isncsci.anatomy import NORMAL_STRENGTH
from cordwise.isncsci.files.columns import Columns
from cordwise.isncsci.files.mapping import Mapping
from cordwise.isncsci.files.score_codes import ILLEGAL, LEGACY_FIVE, UNDECIDED, ScoreCodes, quote
from cordwise.isncsci.recorded import NORMAL, NOT_NORMAL, READING
from cordwise.isncsci.worksheet import CELLS, CELLS_OF_KIND, Cell, Kind

_UNKNOWN: Final = -3  # a text outside the vocabulary, not judged yet
_OTHER_NUMBER: Final = 255
_BLANK_NUMBER: Final = 254
_NUMBERS: Final = 100  # whole numbers from here on have no meaning in any cell
NO_CHOICE, CHOSE_NORMAL, CHOSE_NOT_NORMAL, NO_SUCH_CHOICE = range(4)


class Lexicon:
    """The legal texts of one kind of column with their codes."""

    def __init__(self, table: dict[str, int], judge: Callable[[str], int]) -> None:
        self.table = table
        self.judge = judge
        self._words = pl.Enum(list(table))
        self._codes = np.full(_OTHER_NUMBER + 1, _UNKNOWN, np.int8)
        self._codes[: len(table)] = list(table.values())

    @cached_property
    def _codes_of_numbers(self) -> Int8[ndarray, " number"]:
        codes = np.full(_OTHER_NUMBER + 1, ILLEGAL, np.int8)
        codes[:_NUMBERS] = [self.judge(str(number)) for number in range(_NUMBERS)]
        codes[_BLANK_NUMBER] = self.judge("")
        return codes

    def codes(self, frame: pl.DataFrame, names: Sequence[str]) -> Int8[ndarray, "column row"]:
        """Return the codes of some columns of a table."""
        codes = np.empty((len(names), frame.height), np.int8)
        numbers = np.array([frame[name].dtype.is_numeric() for name in names], bool)
        for chosen, expression, table in (
            (numbers, _as_small_number, self._codes_of_numbers),
            (~numbers, self._as_word, self._codes),
        ):
            places = np.flatnonzero(chosen)
            if places.size:
                columns = frame.select(
                    expression(names[place], frame[names[place]].dtype).alias(str(place)) for place in places
                )
                codes[places] = table[columns.to_numpy().T]
        for place in np.flatnonzero((codes == _UNKNOWN).any(axis=1)):
            codes[place] = self._judged(frame[names[place]].cast(pl.String))
        return codes

    def _as_word(self, name: str, _dtype: pl.DataType) -> pl.Expr:
        text = pl.col(name).cast(pl.String).fill_null("")
        return text.cast(self._words, strict=False).to_physical().cast(pl.UInt8).fill_null(_OTHER_NUMBER)

    def _judged(self, texts: pl.Series) -> Int8[ndarray, " row"]:
        texts = texts.fill_null("")
        found = {text: self.judge(text) for text in texts.unique()}
        return texts.replace_strict(found, return_dtype=pl.Int8).to_numpy()


def _as_small_number(name: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(name)
    small = value.is_between(0, _NUMBERS - 1)
    if not dtype.is_integer():
        small &= value == value.floor()
    kept = pl.when(small).then(value).when(value.is_null()).then(_BLANK_NUMBER).otherwise(_OTHER_NUMBER)
    return kept.cast(pl.UInt8)


@dataclass(frozen=True, slots=True)
class Cells:
    """How the cells of a file are read: the words, the policies, and the choices beside tagged scores."""

    score_codes: ScoreCodes
    choices: dict[str, int]
    lexicons: dict[Kind, Lexicon]
    lexicon_of_choices: Lexicon
    decisions: Int8[ndarray, "code choice"]

    @classmethod
    def of(cls, mapping: Mapping, score_codes: ScoreCodes) -> "Cells":
        """Return the reading of cells by a mapping."""
        choices = {"": NO_CHOICE}
        if mapping.choice:
            choices |= dict.fromkeys(mapping.choice.normal, CHOSE_NORMAL)
            choices |= dict.fromkeys(mapping.choice.not_normal, CHOSE_NOT_NORMAL)
            choices |= {f"{word}.0": code for word, code in choices.items() if word.isdecimal()}
        lexicons = {kind: Lexicon(table, partial(score_codes.code, kind)) for kind, table in score_codes.codes.items()}
        lexicon_of_choices = Lexicon(choices, lambda text: choices.get(text.strip(), NO_SUCH_CHOICE))
        return cls(score_codes, choices, lexicons, lexicon_of_choices, _decisions())

    def codes(self, frame: pl.DataFrame, columns: Columns) -> Int8[ndarray, "cell row"]:
        """Return the codes of all cells of a table; the scores `5*` are still to be settled."""
        codes = np.empty((len(CELLS), frame.height), np.int8)
        for kind, cells in CELLS_OF_KIND.items():
            held = {cell: name for cell in cells.tolist() if (name := columns.cells[cell]) is not None}
            codes[cells] = self.score_codes.codes[kind][""]
            codes[list(held)] = self.lexicons[kind].codes(frame, list(held.values()))
        chosen = {cell: name for cell, name in enumerate(columns.choices) if name is not None}
        choices = np.zeros_like(codes)
        choices[list(chosen)] = self.lexicon_of_choices.codes(frame, list(chosen.values()))
        return self.decided(codes, choices)

    def decided(
        self, codes: Int8[ndarray, "cell row"], choices: Int8[ndarray, "cell row"]
    ) -> Int8[ndarray, "cell row"]:
        """Return codes in which every tagged score is read as its choice says; what does not fit is `ILLEGAL`."""
        if not choices.any() and codes.max(initial=0) < READING * UNDECIDED:
            return codes
        return self.decisions[codes.view(np.uint8), choices]

    def code(self, cell: Cell, text: str, choice: str) -> int:
        """Return the code of one cell, `ILLEGAL` where its text or its choice has no meaning."""
        chosen = self.choices.get(choice.strip(), NO_SUCH_CHOICE)
        return int(self.decisions[self.score_codes.code(cell.kind, text) % len(self.decisions), chosen])

    def fault(self, cell: Cell, column: str, text: str, choice_column: str | None, choice: str) -> Fault:
        """Return what is wrong with one cell whose code is `ILLEGAL`."""
        code = self.score_codes.code(cell.kind, text)
        if code == ILLEGAL:
            return Fault(column, self.score_codes.expectation(cell), quote(text.strip()))
        if code // READING == UNDECIDED and code != LEGACY_FIVE:
            meaning = f"{cell.long_name}: for the tagged score {text.strip()} the choice {self._choice_words()}"
        else:
            meaning = f"{cell.long_name}: no choice that differs from what the score {text.strip()} says"
        return Fault(choice_column or column, meaning, quote(choice.strip()))

    def _choice_words(self) -> str:
        normal, not_normal = (
            " or ".join(word for word, code in self.choices.items() if code == wanted and not word.endswith(".0"))
            for wanted in (CHOSE_NORMAL, CHOSE_NOT_NORMAL)
        )
        return f"{normal} (consider normal) or {not_normal} (consider not normal)"


def settle_legacy(codes: Int8[ndarray, "cell row"]) -> int:
    """Turn scores `5*` into 5, in place, and return how many there were."""
    legacy = codes == LEGACY_FIVE
    codes[legacy] = NORMAL_STRENGTH
    return int(np.count_nonzero(legacy))


def _decisions() -> Int8[ndarray, "code choice"]:
    """Return what each code becomes by each choice; the last column is for a choice that is none."""
    codes = np.arange(256, dtype=np.uint8).view(np.int8)
    readings = codes // READING
    undecided = (readings == UNDECIDED) & (codes != LEGACY_FIVE)
    scores = codes - READING * UNDECIDED
    illegal = np.full_like(codes, ILLEGAL)
    agrees_normal = (readings == NORMAL) | (codes == LEGACY_FIVE)
    return np.stack(
        [
            np.where(undecided, ILLEGAL, codes),
            np.where(undecided, scores + READING * NORMAL, np.where(agrees_normal, codes, ILLEGAL)),
            np.where(undecided, scores + READING * NOT_NORMAL, np.where(readings == NOT_NORMAL, codes, ILLEGAL)),
            illegal,
        ],
        axis=1,
    ).astype(np.int8)
