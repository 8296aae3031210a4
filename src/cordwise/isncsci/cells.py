"""The meaning of one cell of a worksheet file: which texts are legal, and what to expect where one is not."""

import json
import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.anatomy import (
    DERMATOMES,
    LEVELS,
    MYOTOMES,
    NO_MUSCLE,
    NORMAL_SENSATION,
    NORMAL_STRENGTH,
    SIDES,
    canonical_level,
)
from cordwise.isncsci.exam import Exams

Kind = Literal["motor", "light_touch", "pin_prick", "finding", "non_key_muscle"]
FAMILIES: Final[tuple[Kind, ...]] = ("motor", "light_touch", "pin_prick")
LEVELS_OF_FAMILY: Final = {"motor": MYOTOMES, "light_touch": DERMATOMES, "pin_prick": DERMATOMES}
NON_KEY_FIELD: Final = "lowest_non_key_muscle"
FINDINGS: Final = ("vac", "dap")
ILLEGAL: Final = -1
"""Code of a cell whose text has no meaning here."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the worksheet: its kind and the keys that lead to it in a nested record."""

    kind: Kind
    keys: tuple[str, ...]

    @property
    def column(self) -> str:
        """The name of the cell in a wide table."""
        return "_".join(self.keys)

    @property
    def path(self) -> str:
        """The name of the cell in a nested record."""
        return ".".join(self.keys)


CELLS: Final = (
    *(Cell(kind, (side, kind, level)) for kind in FAMILIES for side in SIDES for level in LEVELS_OF_FAMILY[kind]),
    *(Cell("finding", (name,)) for name in FINDINGS),
    *(Cell("non_key_muscle", (side, NON_KEY_FIELD)) for side in SIDES),
)
"""All cells of an examination, in the order of the code matrix."""

_TOP_SCORES = {"motor": NORMAL_STRENGTH, "light_touch": NORMAL_SENSATION, "pin_prick": NORMAL_SENSATION}
_SCORE = re.compile(r"([0-9])(?:\.0+)?", re.ASCII)
_NOT_TESTABLE_OR_STARRED = re.compile(r"(?:NT|[0-9])\*{0,2}", re.ASCII | re.IGNORECASE)
_FINDING_CODES = {"yes": 1, "true": 1, "no": 0, "false": 0}
_NO_MUSCLE_TEXTS = ("", "none")
_LONGEST_QUOTE = 60


def cell_text(value: object) -> str:
    """Return what a file holds in a cell as text, empty for nothing."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value)


def quote(text: str) -> str:
    """Return the text of a cell as an error shows it."""
    if not text:
        return "nothing"
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def cell_code(kind: Kind, text: str) -> int:
    """Return the number that stands for a cell's text in arrays, `ILLEGAL` where it has no meaning."""
    if kind == "finding":
        return _FINDING_CODES.get(text.lower(), ILLEGAL)
    if kind == "non_key_muscle":
        return _muscle_code(text)
    match = _SCORE.fullmatch(text)
    score = int(match[1]) if match else ILLEGAL
    return score if score <= _TOP_SCORES[kind] else ILLEGAL


def _muscle_code(text: str) -> int:
    if text.lower() in _NO_MUSCLE_TEXTS:
        return NO_MUSCLE
    name = canonical_level(text)
    return LEVELS.index(name) if name in MYOTOMES else ILLEGAL


def expectation(kind: Kind, text: str) -> str:
    """Return what should stand in a cell instead of `text`."""
    if kind == "finding":
        hint = "; a finding that is not testable is not classified by this version" if text.upper() == "NT" else ""
        return f"Yes or No{hint}"
    if kind == "non_key_muscle":
        return "nothing, or the level of a muscle from C5 to T1 or L2 to S1"
    scores = f"score 0-{_TOP_SCORES[kind]}"
    if _is_left_for_later(kind, text):
        return f"a testable {scores}; not-testable and starred scores are not classified by this version"
    return f"a {scores}"


def _is_left_for_later(kind: Kind, text: str) -> bool:
    """Return whether the standard knows the text, though not this version: NT, and stars on a score below normal."""
    if not _NOT_TESTABLE_OR_STARRED.fullmatch(text):
        return False
    return text[0].upper() == "N" or (text.endswith("*") and int(text[0]) < _TOP_SCORES[kind])


def exams_of(codes: Int8[ndarray, "exam cell"]) -> Exams:
    """Return the batch whose cells, in the order of `CELLS`, hold these codes."""
    sides, scores, first = len(SIDES), [], 0
    for kind in FAMILIES:
        width = len(LEVELS_OF_FAMILY[kind])
        block = codes[:, first : first + sides * width]
        scores.append(np.ascontiguousarray(block.reshape(len(codes), sides, width)))
        first += sides * width
    findings = codes[:, first : first + len(FINDINGS)].astype(bool)
    return Exams(*scores, findings[:, 0], findings[:, 1], np.ascontiguousarray(codes[:, first + len(FINDINGS) :]))


def codes_of(exams: Exams) -> Int8[ndarray, "exam cell"]:
    """Return the codes of a batch, cells in the order of `CELLS`."""
    count = len(exams)
    scores = [getattr(exams, kind).reshape(count, -1) for kind in FAMILIES]
    findings = np.column_stack([exams.voluntary_anal_contraction, exams.deep_anal_pressure]).astype(np.int8)
    return np.concatenate([*scores, findings, exams.lowest_non_key_muscle], axis=1)
