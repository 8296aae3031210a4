"""All completions of an examination with open scores, tried one by one, and the union of their answers.

Every score that is not testable, not recorded or tagged is replaced by each score it may stand for; each completion is
an ordinary testable exam for `classify_exams`. Slow, and right by definition; the fast method is tested against it.
"""

from itertools import product

import numpy as np

from cordwise.isncsci import Exams, classify_exams
from cordwise.isncsci.possible import OUTPUTS

TOP_SCORES = {"motor": 5, "light_touch": 2, "pin_prick": 2}
FINDINGS = ("voluntary_anal_contraction", "deep_anal_pressure")
CELLS = 20 + 2 * 56 + 2
TOP = np.repeat([5, 2, 2, 1], [20, 56, 56, 2])
NT, BLANK = 6, -1


def values(code, top, *, assumed):
    """The scores that a cell may stand for: as examined, or as assumed by its tag."""
    everything = list(range(top + 1))
    if code == BLANK:
        return everything
    tag, score = divmod(code, 10)
    if assumed and tag == 2:
        return [top]
    if assumed and tag > 2:
        return [tag - 3]
    examined = everything if score == NT else [score]
    return list(range(examined[0], top)) if assumed and tag == 1 else examined


def cells_of(exams):
    """All codes of recorded or testable exams side by side: muscles, light touch, pin prick, the two findings."""
    count = len(exams)
    families = [getattr(exams, name).reshape(count, -1) for name in TOP_SCORES]
    findings = [getattr(exams, name).astype(np.int8)[:, None] for name in FINDINGS]
    return np.concatenate([*families, *findings], axis=1)


def arrays_of(cells, non_key):
    """The arguments of a batch whose cells stand side by side."""
    count = len(cells)
    motor, touch, prick = (np.ascontiguousarray(part) for part in np.split(cells[:, :-2], [20, 76], axis=1))
    shapes = ((motor, 10), (touch, 28), (prick, 28))
    return [*(part.reshape(count, 2, width) for part, width in shapes), cells[:, -2], cells[:, -1], non_key]


def completions(cells, *, assumed):
    """Every completion of one exam, one in a row."""
    options = [values(code, top, assumed=assumed) for code, top in zip(cells.tolist(), TOP.tolist(), strict=True)]
    many = [place for place, choices in enumerate(options) if len(choices) > 1]
    chosen = list(product(*(options[place] for place in many)))
    rows = np.tile(np.array([choices[0] for choices in options], np.int8), (len(chosen), 1))
    rows[:, many] = np.array(chosen, np.int8)
    return rows


def answers_of_completions(exams, *, assumed, rule):
    """The union of the answers to all completions as bits, in the order of `OUTPUTS`, and how many there were."""
    tried = [completions(cells, assumed=assumed) for cells in cells_of(exams)]
    counts = [len(rows) for rows in tried]
    arrays = arrays_of(np.concatenate(tried), np.repeat(exams.lowest_non_key_muscle, counts, axis=0))
    arrays[3:5] = [finding.astype(bool) for finding in arrays[3:5]]
    found = classify_exams(Exams(*arrays), non_key_zpp=rule)
    numbers = [
        *found.sensory_level.T,
        *found.motor_level.T,
        found.neurological_level,
        np.where(found.is_complete, 0, 1),
        found.ais,
        *np.where(found.sensory_zpp < 0, 30, found.sensory_zpp).T,
        *np.where(found.motor_zpp < 0, 30, found.motor_zpp).T,
    ]
    first = np.cumsum([0, *counts[:-1]])
    bits = np.left_shift(1, np.array(numbers, np.int64))
    assert len(bits) == len(OUTPUTS)
    return np.bitwise_or.reduceat(bits, first, axis=1).T, sum(counts)
