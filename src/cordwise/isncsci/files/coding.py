"""What the cells of a file stand for: codes of texts, and tagged scores beside their choices."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.isncsci.anatomy import NORMAL_STRENGTH
from cordwise.isncsci.files.mapping import Mapping
from cordwise.isncsci.files.score_codes import ILLEGAL, LEGACY_FIVE, UNDECIDED, ScoreCodes, quote
from cordwise.isncsci.recorded import NORMAL, NOT_NORMAL, READING
from cordwise.isncsci.worksheet import Cell

NO_CHOICE, CHOSE_NORMAL, CHOSE_NOT_NORMAL, NO_SUCH_CHOICE = range(4)


@dataclass(frozen=True, slots=True)
class Cells:
    """How the cells of a file are read: the words, the policies, and the choices beside tagged scores."""

    score_codes: ScoreCodes
    choices: dict[str, int]
    decisions: Int8[ndarray, "code choice"]

    @classmethod
    def of(cls, mapping: Mapping, score_codes: ScoreCodes) -> "Cells":
        """Return the reading of cells by a mapping."""
        choices = {"": NO_CHOICE}
        if mapping.choice:
            choices |= dict.fromkeys(mapping.choice.normal, CHOSE_NORMAL)
            choices |= dict.fromkeys(mapping.choice.not_normal, CHOSE_NOT_NORMAL)
            choices |= {f"{word}.0": code for word, code in choices.items() if word.isdecimal()}
        return cls(score_codes, choices, _decisions())

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
