"""Recorded examinations of the kinds on which programs disagree: open, tagged, and near the edges of the rules."""

from dataclasses import fields, replace

import numpy as np

from cordwise.isncsci import INTACT, MUSCLE_LEVELS, NO_MUSCLE, Exams, classify_exams
from cordwise.isncsci.recorded import NORMAL, NOT_NORMAL, NOT_TESTABLE, READING, RecordedExams
from reference.isncsci_completions import TOP as TOP_SCORES
from reference.isncsci_completions import arrays_of, cells_of
from reference.isncsci_exams import as_batch, normal_exam, random_exams

LEVEL_OF_CELL = np.concatenate([np.tile(MUSCLE_LEVELS, 2), np.tile(np.arange(1, 29), 4), [INTACT, INTACT]])
SIDE_OF_CELL = np.concatenate([np.repeat([0, 1], 10), np.tile(np.repeat([0, 1], 28), 2), [2, 2]])
CORNERS = np.isin(LEVEL_OF_CELL, [4, 8, 21, 25, 28, INTACT])
"""Cells of C5, T1, L2, S1 and S4-5, where the rules turn, and the anal findings."""
VAC, DAP = 132, 133
THORACIC = range(9, 24)


def recorded_from(exams, cells):
    """The batch with the codes of `cells` and the non-key muscles of `exams`."""
    return RecordedExams(*arrays_of(cells.astype(np.int8), exams.lowest_non_key_muscle))


def blur(exams, chosen, draw, *, tags):
    """Replace the chosen cells: by NT, or with probability `tags` by a tagged score or tagged NT."""
    cells = cells_of(exams)
    score = np.where(draw.random(cells.shape) < 0.5, NOT_TESTABLE, np.minimum(cells, TOP_SCORES - 1))
    tagged = score + READING * draw.choice([NOT_NORMAL, NORMAL], cells.shape)
    is_tagged = (draw.random(cells.shape) < tags) & (TOP_SCORES > 1)
    return recorded_from(exams, np.where(chosen, np.where(is_tagged, tagged, NOT_TESTABLE), cells))


def some(weights, draw, count, most):
    """Choose between one and `most` cells of each exam, with the given weights."""
    keys = np.log(draw.random((count, TOP_SCORES.size))) / np.maximum(weights, 1e-12)
    ranks = np.argsort(np.argsort(-keys, axis=1), axis=1)
    return ranks < draw.integers(1, most + 1, (count, 1))


def weights_near_levels(exams):
    """Great weights for the cells from one level above to five below a level of their side, and for the corners."""
    found = classify_exams(exams)
    near = np.zeros((len(exams), TOP_SCORES.size), bool)
    for levels in (found.motor_level, found.sensory_level):
        of_cell = np.column_stack([levels, levels.min(axis=1)])[:, SIDE_OF_CELL]
        near |= (of_cell - 1 <= LEVEL_OF_CELL) & (of_cell + 5 >= LEVEL_OF_CELL)
    return 0.02 + near + 0.5 * CORNERS


def nearly_normal(seed, count):
    """Normal exams but for up to three cells and the anal findings."""
    draw = np.random.default_rng(seed)
    exams = as_batch([normal_exam()] * count)
    chosen = some(np.ones(TOP_SCORES.size), draw, count, 3) & (draw.random((count, 1)) < 0.7)
    lower = draw.integers(0, TOP_SCORES, (count, TOP_SCORES.size))
    cells = np.where(chosen, lower, TOP_SCORES).astype(np.int8)
    cells[:, [VAC, DAP]] = draw.random((count, 2)) < 0.7
    *scores, contraction, pressure, non_key = arrays_of(cells, exams.lowest_non_key_muscle)
    return Exams(*scores, contraction.astype(bool), pressure.astype(bool), non_key)


def thoracic(seed, count):
    """Random exams whose sensory levels lie between T2 and L2, where the motor level follows sensation."""
    pool = random_exams(seed, count * 4)
    levels = classify_exams(pool).sensory_level
    rows = np.flatnonzero(np.isin(levels, THORACIC).all(axis=1))[:count]
    return pool[rows]


def with_non_key_muscles(exams, seed):
    """The exams with a non-key muscle two to seven levels below most motor levels, and seldom anal contraction."""
    draw = np.random.default_rng(seed)
    wanted = classify_exams(exams).motor_level + draw.integers(2, 8, (len(exams), 2))
    legal = np.isin(wanted, MUSCLE_LEVELS) & (draw.random(wanted.shape) < 0.8)
    return replace(
        exams,
        lowest_non_key_muscle=np.where(legal, wanted, NO_MUSCLE).astype(np.int8),
        voluntary_anal_contraction=exams.voluntary_anal_contraction & (draw.random(len(exams)) < 0.3),
    )


def fully_testable_kinds(seed, count):
    """Fully testable exams by kind, about `count` together."""
    part = count // 4
    return {
        "testable": RecordedExams.from_exams(random_exams(seed, part)),
        "nearly normal": RecordedExams.from_exams(nearly_normal(seed + 1, part)),
        "thoracic": RecordedExams.from_exams(thoracic(seed + 2, part)),
        "non-key muscle": RecordedExams.from_exams(with_non_key_muscles(random_exams(seed + 3, part), seed)),
    }


def open_kinds(seed, count):
    """Exams with something not testable or tagged, by kind, about `count` together."""
    draw, part = np.random.default_rng(seed), count // 8
    plain = [random_exams(seed + 10 + number, part) for number in range(4)]
    bases = [*plain, nearly_normal(seed + 20, part), thoracic(seed + 21, part)]
    deep = with_non_key_muscles(random_exams(seed + 22, part), seed)
    mixed = random_exams(seed + 23, part)
    near = [some(weights_near_levels(base), draw, len(base), 4) for base in [*bases, deep]]
    return {
        "few NT": blur(plain[0], some(np.ones(TOP_SCORES.size), draw, part, 4), draw, tags=0),
        "NT near the levels": blur(plain[1], near[1], draw, tags=0),
        "tagged": blur(plain[2], some(np.ones(TOP_SCORES.size), draw, part, 4), draw, tags=1),
        "tagged near the levels": blur(plain[3], near[3], draw, tags=0.8),
        "nearly normal, open": blur(bases[4], near[4], draw, tags=0.4),
        "thoracic, open": blur(bases[5], near[5], draw, tags=0.4),
        "non-key muscle, open": blur(deep, near[6], draw, tags=0.3),
        "one cell in ten open": blur(mixed, draw.random((part, TOP_SCORES.size)) < 0.1, draw, tags=0.5),
    }


def join(batches):
    """One batch that holds the exams of all."""
    columns = zip(*([getattr(batch, field.name) for field in fields(RecordedExams)] for batch in batches), strict=True)
    return RecordedExams(*map(np.concatenate, columns))
