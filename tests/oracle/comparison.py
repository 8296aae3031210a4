"""Two programs side by side: where their sets differ, and which of those differences the written list allows."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from cordwise.isncsci.possible import OUTPUTS, classify_recorded
from cordwise.isncsci.zpp import NonKeyZpp
from oracle.allowed_differences import ALLOWED, Case
from oracle.peer import ask_peer


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of a batch: how many by output and allowed kind, and the rows of those that nothing allows."""

    exams: int
    different: Counter
    allowed: Counter
    unexplained: dict[str, np.ndarray]
    differing_rows: dict[str, np.ndarray]
    totals_different: int


def sets_of(answers):
    """Our sets of bits by the name of the output."""
    sides = [answers.sensory_level, answers.motor_level], [answers.sensory_zpp, answers.motor_zpp]
    levels, zones = ([column for pair in pairs for column in pair.T] for pairs in sides)
    columns = [*levels, answers.neurological_level, answers.complete, answers.ais, *zones]
    return {name: column.astype(np.int64) for name, column in zip(OUTPUTS, columns, strict=True)}


def compare(exams, non_key_zpp, theirs=None):
    """Compare a batch with the peer, whose answers may be given where they are known."""
    theirs = ask_peer(exams) if theirs is None else theirs
    answers = classify_recorded(exams, non_key_zpp=non_key_zpp)
    ours, by_peer_option = sets_of(answers), sets_of(classify_recorded(exams, non_key_zpp=NonKeyZpp.PEER))
    different, allowed, unexplained, rows = Counter(), Counter(), {}, {}
    for output in OUTPUTS:
        case = Case(exams, output, ours, theirs.sets, by_peer_option)
        left = ours[output] != theirs.sets[output]
        rows[output] = np.flatnonzero(left)
        different[output] = int(left.sum())
        for kind in (kind for kind in ALLOWED if output in kind.outputs):
            known = left & kind.recognises(case)
            allowed[output, kind.name] = int(known.sum())
            left = left & ~known
        unexplained[output] = np.flatnonzero(left)
    return Comparison(
        len(exams), different, allowed, unexplained, rows, _totals_different(answers.totals, theirs.totals)
    )


def _totals_different(ours, theirs):
    """How many totals differ; a negative mark of ours is no number."""
    different = 0
    for name, total in theirs.items():
        own = getattr(ours, name)
        different += int((~np.isclose(np.where(own < 0, np.nan, own), total, equal_nan=True)).sum())
    return different
