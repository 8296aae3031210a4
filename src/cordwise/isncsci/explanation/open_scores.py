"""Examinations with open scores: completions at the corners of what is open, and which open scores decide an output.

The corners are few, yet no decision can go two ways without doing so in one of them: levels and zones rise with the
scores, so that their extremes lie where all is lowest or highest, and what counts for sparing is the gap between a
muscle and a level, which is widest or narrowest where all is lowest above a place and highest below it, or the reverse.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Int8, Int64, Shaped
from numpy import ndarray

from cordwise.isncsci.anatomy import LEVELS, S4_5
from cordwise.isncsci.explanation.sentences import (
    FINDING_WORDS,
    cell_words,
    join_words,
    recorded_words,
    span_words,
    top_score,
    value_words,
)
from cordwise.isncsci.possible import classify_recorded
from cordwise.isncsci.readings import ASSUMED, score_range
from cordwise.isncsci.recorded import READING
from cordwise.isncsci.set_names import answers_in_words, named_sets
from cordwise.isncsci.testable import Exams
from cordwise.isncsci.worksheet import CELLS, exams_of
from cordwise.isncsci.zpp import NonKeyZpp

Codes = Int8[ndarray, " cell"]
Answer = Mapping[str, str]
"""What one exam may show: each output as in a line of answers."""
Fillings = Sequence[tuple[int, int, Answer]]
"""Open cells, a score for each, and what the exam may show with that score; the scores of a cell come together."""

_SCORED: Final = np.array([cell.kind != "non_key_muscle" for cell in CELLS])
_LEVEL_OF_CELL: Final = np.array([LEVELS.index(cell.keys[2]) if len(cell.keys) > 2 else S4_5 for cell in CELLS])
_NAMED: Final = 6  # cells named in a sentence; all are in the explanation


class OpenEnds(NamedTuple):
    """The lowest and the highest score that each cell may stand for."""

    lowest: Codes
    highest: Codes

    @property
    def open(self) -> Int64[ndarray, " chosen"]:
        """Places of the cells that may stand for several."""
        return np.flatnonzero(self.lowest < self.highest)


@dataclass(frozen=True, slots=True)
class Deciding:
    """An open cell that decides an output: its place among `CELLS`, and what each of its scores would leave.

    `leaves` is empty where no single score decides and this is one of those that do so together.
    """

    place: int
    leaves: Mapping[int, str]


def ends_of(codes: Codes) -> OpenEnds:
    """Return what the cells of an exam may stand for, as assumed."""
    pairs = [
        score_range(code, top_score(cell), ASSUMED) if cell.kind != "non_key_muscle" else (code, code)
        for cell, code in zip(CELLS, codes.tolist(), strict=True)
    ]
    lowest, highest = np.array(pairs, np.int8).T
    return OpenEnds(lowest, highest)


def corners(ends: OpenEnds) -> Int8[ndarray, "corner cell"]:
    """Return completions at the corners of what is open, without repetition."""
    lowest, highest = ends
    found = [lowest, highest]
    for cell in ends.open:
        chosen = np.arange(len(CELLS)) == cell
        found += [np.where(chosen, highest, lowest), np.where(chosen, lowest, highest)]
    for level in np.unique(_LEVEL_OF_CELL[ends.open]):
        above = level >= _LEVEL_OF_CELL
        found += [np.where(above, highest, lowest), np.where(above, lowest, highest)]
    return np.unique(np.array(found), axis=0)


def as_testable(codes: Int8[ndarray, "exam cell"]) -> Exams:
    """Return completions as a batch."""
    exams = exams_of(codes)
    findings = (exams.voluntary_anal_contraction == 1, exams.deep_anal_pressure == 1)
    return Exams(exams.motor, exams.light_touch, exams.pin_prick, *findings, exams.lowest_non_key_muscle)


def answers_of(codes: Int8[ndarray, "exam cell"], rule: NonKeyZpp) -> list[dict[str, str]]:
    """Return what exams may show, all found by one call of the classifier."""
    return answers_in_words(classify_recorded(exams_of(codes), non_key_zpp=rule))


def filled_in(codes: Codes, ends: OpenEnds) -> list[tuple[int, int, Codes]]:
    """Return each open cell, each score it may stand for, and the exam with that score written there."""
    return [
        (int(cell), score, _with(codes, int(cell), score))
        for cell in ends.open
        for score in range(ends.lowest[cell], ends.highest[cell] + 1)
    ]


def as_examined(codes: Codes) -> Codes:
    """Return an exam without its tags."""
    return np.where(_SCORED & (codes >= READING), codes % READING, codes).astype(np.int8)


def deciding_cells(output: str, codes: Codes, answer: Answer, rule: NonKeyZpp, fillings: Fillings) -> list[Deciding]:
    """Return the open cells that decide an output, those first whose score leaves fewest answers on average."""
    found = []
    for cell, scores in groupby(fillings, key=lambda one: one[0]):
        leaves = {score: left[output] for _, score, left in scores}
        if any(left != answer[output] for left in leaves.values()):
            found.append(Deciding(cell, leaves))
    found.sort(key=lambda one: np.mean([left.count(",") for left in one.leaves.values()]))
    return found or [Deciding(cell, {}) for cell in _swinging_cells(output, ends_of(codes), rule)]


def _swinging_cells(output: str, ends: OpenEnds, rule: NonKeyZpp) -> list[int]:
    """Return the open cells that turn the output of some corner by a single score."""
    found = corners(ends)
    turned = np.array([np.where(np.arange(len(CELLS)) == cell, end, found) for cell in ends.open for end in ends])
    left = _sets(output, np.concatenate([found, *turned]), rule).reshape(-1, len(found))
    swings = (left[1:] != left[0]).reshape(len(ends.open), -1).any(axis=1)
    return ends.open[swings].tolist()


def deciding_tags(output: str, codes: Codes, rule: NonKeyZpp) -> list[int]:
    """Return the tagged cells on which an output rests.

    Those are the ones without whose tag it would change; else those whose tag alone changes it; else all.
    """
    examined = as_examined(codes)
    tagged = np.flatnonzero(examined != codes)
    alone = np.arange(len(CELLS)) == tagged[:, None]
    rows = [codes, examined, *np.where(alone, examined, codes), *np.where(alone, codes, examined)]
    left = _sets(output, np.array(rows), rule)
    needed, enough = np.split(left[2:], 2)
    return (tagged[needed != left[0]].tolist() or tagged[enough != left[1]].tolist()) or tagged.tolist()


def _sets(output: str, codes: Int8[ndarray, "exam cell"], rule: NonKeyZpp) -> Shaped[ndarray, " exam"]:
    """Return one output of many exams, as sets of bits."""
    return named_sets(classify_recorded(exams_of(codes), non_key_zpp=rule))[output].sets


def open_words(output: str, codes: Codes, deciding: Sequence[Deciding]) -> str:
    """Return which open scores decide an output, and what those of the first would leave."""
    first, *others = deciding
    if not first.leaves:
        cells = _list_cells(codes, [one.place for one in deciding])
        return f"no single open score decides, but these together do: {cells}"
    words = f"it depends {'most ' if others else ''}on {_cell_with_score(codes, first.place)}: "
    words += "; ".join(_leaves_words(output, first))
    if others:
        words += f". Then on {_list_cells(codes, [one.place for one in others])}"
    return words


def tag_words(output: str, codes: Codes, examined: str, cells: Sequence[int]) -> str:
    """Return what a tag on an output means."""
    return (
        f"The scores as examined would give {value_words(output, examined)}; "
        f"the answer rests on what is assumed for {_list_cells(codes, cells)}"
    )


def _leaves_words(output: str, deciding: Deciding) -> Iterator[str]:
    for left, scores in groupby(deciding.leaves.items(), key=lambda pair: pair[1]):
        numbers = [score for score, _ in scores]
        shown = FINDING_WORDS if CELLS[deciding.place].kind == "finding" else tuple(map(str, range(numbers[-1] + 1)))
        span = span_words(shown[numbers[0]], shown[numbers[-1]], len(numbers) - 1)
        yield f"{span} gives {value_words(output, left)}"


def _list_cells(codes: Codes, places: Sequence[int]) -> str:
    named = [_cell_with_score(codes, place) for place in places[:_NAMED]]
    rest = len(places) - len(named)
    return join_words([*named, f"{rest} more"] if rest else named, "and")


def _cell_with_score(codes: Codes, place: int) -> str:
    return f"{cell_words(place)} ({recorded_words(CELLS[place], int(codes[place]))})"


def _with(codes: Codes, cell: int, code: int) -> Codes:
    changed = codes.copy()
    changed[cell] = code
    return changed
