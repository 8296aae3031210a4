"""Random exams with open scores, above all where they decide something."""

import numpy as np

from cordwise.isncsci import DERMATOMES, MUSCLE_LEVELS, SIDES, classify_exams
from cordwise.isncsci.recorded import RecordedExams
from reference.isncsci_completions import BLANK, CELLS, NT, TOP, arrays_of, cells_of, values
from reference.isncsci_exams import random_exams

LIMB_ENDS = (0, 4, 5, 9)
SACRAL = len(DERMATOMES) - 1
PICKS = 14


def random_open_exams(seed, count, *, most_completions):
    """Random exams in which some cells were opened, as long as neither reading has too many completions."""
    draw = np.random.default_rng(seed)
    exams = random_exams(seed, count)
    non_key = _non_key_muscles_near(exams, draw)
    cells, size = cells_of(exams), np.ones((2, count))
    order = np.argsort(draw.exponential(size=(count, CELLS)) / _importance(exams), axis=1)
    wanted = draw.integers(1, PICKS + 1, count)
    for pick in range(PICKS):
        place = order[:, pick]
        code = _open(cells[np.arange(count), place], TOP[place], draw)
        grown = size * _option_counts(code, TOP[place])
        taken = (grown <= most_completions).all(axis=0) & (pick < wanted)
        cells[np.flatnonzero(taken), place[taken]] = code[taken]
        size = np.where(taken, grown, size)
    return RecordedExams(*arrays_of(cells, non_key))


def _importance(exams):
    """How often to open each cell: near the levels, at the ends of the limbs and at the sacrum more than elsewhere."""
    found, count = classify_exams(exams), len(exams)
    near = found.motor_level[:, :, None] - np.array(MUSCLE_LEVELS)
    motor = np.where((near >= -2) & (near <= 1), 12.0, 1.5)
    motor[:, :, LIMB_ENDS] += 3
    last = np.minimum(found.sensory_level, SACRAL)[:, :, None] - np.arange(1, SACRAL + 2)
    sensation = np.where((last >= -2) & (last <= 0), 4.0, 0.15)
    sensation[:, :, SACRAL] += 4
    parts = [motor, sensation, sensation, np.full(count, 8.0), np.full(count, 8.0)]
    return np.concatenate([part.reshape(count, -1) for part in parts], axis=1)


def _non_key_muscles_near(exams, draw):
    """Non-key muscles, often at the few levels below the motor level where they begin to count."""
    wanted = classify_exams(exams).motor_level + draw.integers(2, 7, (len(exams), len(SIDES)))
    fits = np.isin(wanted, MUSCLE_LEVELS) & (draw.random(wanted.shape) < 0.5)
    return np.where(fits, wanted, exams.lowest_non_key_muscle).astype(np.int8)


def _open(score, top, draw):
    """Codes that stand instead of scores: not testable, blank, or tagged in one of the ways there are."""
    count = len(score)
    kind = draw.choice(7, count, p=[0.5, 0.05, 0.1, 0.05, 0.1, 0.1, 0.1])
    altered = np.minimum(np.where(draw.random(count) < 0.5, score, draw.integers(0, 6, count)), top - 1)
    tagged = np.where(draw.random(count) < 0.3, NT, altered)
    assumed = tagged + 10 * (3 + np.minimum(draw.integers(0, 6, count), top))
    plain = [np.full(count, NT), np.full(count, BLANK), NT + 10, NT + 20]
    codes = np.choose(kind, [*plain, tagged + 10, altered + 20, assumed])
    return np.where((top == 1) & (codes >= 10), NT, codes).astype(np.int8)


def _option_counts(codes, tops):
    """How many scores each code stands for, as assumed and as examined."""
    pairs = list(zip(codes.tolist(), tops.tolist(), strict=True))
    return np.array([[len(values(*pair, assumed=assumed)) for pair in pairs] for assumed in (True, False)])
