"""Examinations for the tests: normal ones to write on, random ones with the shapes that injuries have."""

from copy import deepcopy

import numpy as np

from cordwise.isncsci import DERMATOMES, LEVELS, MUSCLE_LEVELS, MYOTOMES, NO_MUSCLE, SIDES, Exams, classify_exams
from cordwise.isncsci.classified_exam import classified_exam
from cordwise.isncsci.possible import COMPLETE_BIT, INCOMPLETE_BIT, NOT_APPLICABLE_BIT, PossibleAnswers
from cordwise.isncsci.set_names import answers_in_words

_NORMAL_SIDE = {
    "motor": dict.fromkeys(MYOTOMES, 5),
    "light_touch": dict.fromkeys(DERMATOMES, 2),
    "pin_prick": dict.fromkeys(DERMATOMES, 2),
    "non_key": None,
}


def normal_exam():
    """A normal examination in the form of the plain twin."""
    return {"vac": True, "dap": True, "right": deepcopy(_NORMAL_SIDE), "left": deepcopy(_NORMAL_SIDE)}


def lesion_at(level, sides=SIDES, *, sacral=False):
    """An examination that is normal down to `level` and empty below it; with `sacral`, pressure is felt."""
    exam = normal_exam() | {"vac": False, "dap": sacral}
    for side in sides:
        for family in ("motor", "light_touch", "pin_prick"):
            scores = exam[side][family]
            scores.update({name: 0 for name in scores if LEVELS.index(name) > LEVELS.index(level)})
    return exam


def as_batch(plain):
    """The batch that holds the plain exams."""

    def family(name, order):
        return np.array([[[exam[side][name][key] for key in order] for side in SIDES] for exam in plain], np.int8)

    muscles = [[exam[side]["non_key"] for side in SIDES] for exam in plain]
    return Exams(
        motor=family("motor", MYOTOMES),
        light_touch=family("light_touch", DERMATOMES),
        pin_prick=family("pin_prick", DERMATOMES),
        voluntary_anal_contraction=np.array([exam["vac"] for exam in plain]),
        deep_anal_pressure=np.array([exam["dap"] for exam in plain]),
        lowest_non_key_muscle=np.array(
            [[LEVELS.index(name) if name else NO_MUSCLE for name in pair] for pair in muscles], np.int8
        ),
    )


def as_plain(exams):
    """The exams of a batch in the form of the plain twin."""

    def side(row, index):
        muscle = int(exams.lowest_non_key_muscle[row, index])
        return {
            "motor": dict(zip(MYOTOMES, exams.motor[row, index].tolist(), strict=True)),
            "light_touch": dict(zip(DERMATOMES, exams.light_touch[row, index].tolist(), strict=True)),
            "pin_prick": dict(zip(DERMATOMES, exams.pin_prick[row, index].tolist(), strict=True)),
            "non_key": None if muscle == NO_MUSCLE else LEVELS[muscle],
        }

    return [
        {
            "vac": bool(exams.voluntary_anal_contraction[row]),
            "dap": bool(exams.deep_anal_pressure[row]),
            **{name: side(row, index) for index, name in enumerate(SIDES)},
        }
        for row in range(len(exams))
    ]


def random_exams(seed, count):
    """Random exams: each side normal above a level of its own, below it anything from empty to nearly normal."""
    draw = np.random.default_rng(seed)
    lesion = np.clip(draw.integers(0, 30, (count, 1)) + draw.integers(-2, 3, (count, 2)), 0, 29)[:, :, None]
    spared = draw.choice([0.0, 0.05, 0.4, 0.9, 0.99], (count, 1, 1))
    sacral_silence = draw.random((count, 1)) < 0.5
    sensation = [
        _scores(draw, 2, np.arange(1, 29) <= lesion, np.where(draw.random((count, 1, 1)) < 0.1, 0.5, spared))
        for _ in range(2)
    ]
    for scores in sensation:
        scores[:, :, -1][np.broadcast_to(sacral_silence, (count, 2))] = 0
    non_key = draw.choice(np.array(MUSCLE_LEVELS, np.int8), (count, 2))
    return Exams(
        _scores(draw, 5, np.array(MUSCLE_LEVELS) <= lesion, spared),
        *sensation,
        draw.random(count) < 0.4,
        draw.random(count) < 0.4,
        np.where(draw.random((count, 2)) < 0.6, np.int8(NO_MUSCLE), non_key),
    )


def _scores(draw, top, above, spared):
    """Scores that are `top` above the lesion, and below it 0, anything, or `top` as sparing has it."""
    shape = np.broadcast_shapes(above.shape, spared.shape)
    kind = draw.random(shape)
    below = np.where(kind < spared**2, top, np.where(kind < spared, draw.integers(0, top + 1, shape), 0))
    blurred = np.where(draw.random(shape) < 0.005, draw.integers(0, top + 1, shape), top)
    return np.where(above, blurred, below).astype(np.int8)


def only_answers(found):
    """A classification as sets of one answer each."""

    def level_bits(levels):
        bit = np.where(levels < 0, NOT_APPLICABLE_BIT, levels)
        return np.uint32(1) << bit.astype(np.uint32)

    return PossibleAnswers(
        sensory_level=level_bits(found.sensory_level),
        motor_level=level_bits(found.motor_level),
        neurological_level=level_bits(found.neurological_level),
        complete=np.uint8(1) << np.where(found.is_complete, COMPLETE_BIT, INCOMPLETE_BIT).astype(np.uint8),
        ais=np.uint8(1) << found.ais.astype(np.uint8),
        sensory_zpp=level_bits(found.sensory_zpp),
        motor_zpp=level_bits(found.motor_zpp),
        tagged=np.zeros(len(found), np.uint16),
        totals=found.totals,
    )


def answers(exams):
    """What the compiled rules say of each exam, as the objects of the classification lines."""
    found = answers_in_words(only_answers(classify_exams(exams)))
    return [classified_exam(row, words, ()).to_dict() for row, words in enumerate(found)]


def answer(plain):
    """What the compiled rules say of one plain exam."""
    (only,) = answers(as_batch([plain]))
    return only
