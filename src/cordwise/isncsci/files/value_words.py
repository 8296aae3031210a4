"""Which of the words that a foreign file holds are known by rule, and which nobody can know but its owner."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cordwise.isncsci.files.file_sample import FileSample
from cordwise.isncsci.files.score_codes import ILLEGAL, Blank, ScoreCodes, Words
from cordwise.isncsci.worksheet import Cell

_TAG: Final = re.compile(r"\*{1,2}(?:=\d)?$")
_NOT_TESTABLE: Final = {"nt", "nottestable", "untestable", "nottested"}
_NO_MUSCLE: Final = {"none", "no", "nil"}
_OPPOSITES: Final = {
    "yes": "no",
    "y": "n",
    "true": "false",
    "t": "f",
    "1": "0",
    "present": "absent",
    "positive": "negative",
    "pos": "neg",
}
_OF_NO: Final = {no: yes for yes, no in _OPPOSITES.items()}


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A text that no rule knows: in cells of which kind, how often, and one column where it stands."""

    kind: str
    code: str
    count: int
    column: str


@dataclass(frozen=True, slots=True)
class CellTexts:
    """The texts of a file's cells, and the columns where they stand."""

    columns: Mapping[Cell, str]
    texts: Mapping[Cell, Counter[str]]

    @classmethod
    def of(cls, sample: FileSample, columns: Mapping[Cell, str]) -> "CellTexts":
        """Return the texts of the recognised cells of a file."""
        texts: dict[Cell, Counter[str]] = {cell: Counter() for cell in columns}
        for cell, name in columns.items():
            for text, count in sample.texts[name].items():
                texts[cell][text.strip()] += count
        return cls(columns, texts)

    @property
    def blanks(self) -> int:
        """How many scores and findings are blank."""
        return sum(held[""] for cell, held in self.texts.items() if cell.kind != "non_key_muscle")


def known_words(cells: CellTexts) -> dict[str, list[str]]:
    """Return the table `values` of a mapping: the words that were seen and are known by rule."""
    texts = cells.texts
    return {
        "not_testable": _seen(_bases(texts), _NOT_TESTABLE) or ["NT"],
        **_findings(texts),
        "no_muscle": _seen(_of_kind(texts, "non_key_muscle"), _NO_MUSCLE) or ["none"],
    }


def _plain(text: str) -> str:
    """Return a word without its case, spaces and marks, and `1` for `1.0`."""
    return "".join(sign for sign in text.removesuffix(".0").casefold() if sign.isalnum())


def _of_kind(texts: Mapping[Cell, Counter[str]], *kinds: str) -> list[str]:
    return sorted({text for cell, held in texts.items() if cell.kind in kinds for text in held})


def _bases(texts: Mapping[Cell, Counter[str]]) -> list[str]:
    """Return the words of scores and findings without their tags."""
    kinds = ("motor", "light_touch", "pin_prick", "finding")
    return sorted({_TAG.sub("", text) for text in _of_kind(texts, *kinds)})


def _seen(texts: Sequence[str], known: set[str]) -> list[str]:
    return [text for text in texts if _plain(text) in known]


def _findings(texts: Mapping[Cell, Counter[str]]) -> dict[str, list[str]]:
    """Return the words for yes and no that were seen, each with its opposite in the same style."""
    yes: dict[str, None] = {}
    no: dict[str, None] = {}
    for text in _of_kind(texts, "finding"):
        word, plain = text.removesuffix(".0"), _plain(text)
        if plain in _OPPOSITES:
            yes[word] = no[_styled(_OPPOSITES[plain], word)] = None
        elif plain in _OF_NO:
            no[word] = yes[_styled(_OF_NO[plain], word)] = None
    return {"yes": list(yes) or ["Yes"], "no": list(no) or ["No"]}


def _styled(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.title() if like.istitle() else word


def unknown_codes(cells: CellTexts, words: Words) -> tuple[UnknownCode, ...]:
    """Return the texts that are neither a score nor one of the words of a mapping, the most frequent first."""
    codes = ScoreCodes(words, Blank.NA)
    counts: Counter[tuple[str, str]] = Counter()
    columns: dict[tuple[str, str], str] = {}
    for cell, held in cells.texts.items():
        for text, count in held.items():
            if codes.code(cell.kind, text) == ILLEGAL:
                counts[cell.kind, text] += count
                columns.setdefault((cell.kind, text), cells.columns[cell])
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(UnknownCode(kind, text, count, columns[kind, text]) for (kind, text), count in ordered)
