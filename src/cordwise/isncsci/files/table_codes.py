"""Columns of text or numbers turned into codes, whole columns at a time; each rare text is judged once."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Final

import numpy as np
import polars as pl
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.files.coding import NO_SUCH_CHOICE, Cells
from cordwise.isncsci.files.columns import Columns
from cordwise.isncsci.files.score_codes import ILLEGAL
from cordwise.isncsci.worksheet import CELLS, CELLS_OF_KIND

_UNKNOWN: Final = -3  # a text outside the vocabulary, not judged yet
_OTHER_NUMBER: Final = 255
_BLANK_NUMBER: Final = 254
_NUMBERS: Final = 100  # whole numbers from here on have no meaning in any cell


class TableCodes:
    """The words of a file, ready to be looked for in columns."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        tables = cells.score_codes.codes
        self._lexicons = {kind: Lexicon(table, partial(cells.score_codes.code, kind)) for kind, table in tables.items()}
        choices = cells.choices
        self._choices = Lexicon(choices, lambda text: choices.get(text.strip(), NO_SUCH_CHOICE))

    def codes(self, frame: pl.DataFrame, columns: Columns) -> Int8[ndarray, "cell row"]:
        """Return the codes of all cells of a table; the scores `5*` are still to be settled."""
        codes = np.empty((len(CELLS), frame.height), np.int8)
        for kind, cells in CELLS_OF_KIND.items():
            held = {cell: name for cell in cells.tolist() if (name := columns.cells[cell]) is not None}
            codes[cells] = self._cells.score_codes.codes[kind][""]
            codes[list(held)] = self._lexicons[kind].codes(frame, list(held.values()))
        chosen = {cell: name for cell, name in enumerate(columns.choices) if name is not None}
        choices = np.zeros_like(codes)
        choices[list(chosen)] = self._choices.codes(frame, list(chosen.values()))
        return self._cells.decided(codes, choices)


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
