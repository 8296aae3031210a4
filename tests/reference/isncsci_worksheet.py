"""Worksheets as a person fills them in, with NT and stars, and what the compiled rules make of them in words."""

import re

import numpy as np

from cordwise.isncsci import AIS, DERMATOMES, LEVELS, MYOTOMES, NO_MUSCLE, SIDES
from cordwise.isncsci.possible import NOT_APPLICABLE_BIT, OUTPUTS, classify_recorded
from cordwise.isncsci.recorded import RecordedExams

FAMILIES = {"motor": MYOTOMES, "light_touch": DERMATOMES, "pin_prick": DERMATOMES}
_CELL = re.compile(r"(\d|NT)(\*{0,2})(?:=(\d))?")


def code_of(cell):
    """The code of a cell: a score, `NT`, `2*`, `2**`, or `3*=2` for a 3 that counts as 2."""
    if isinstance(cell, bool):
        return int(cell)
    score, stars, assumed = _CELL.fullmatch(str(cell)).groups()
    reading = 3 + int(assumed) if assumed else len(stars)
    return (6 if score == "NT" else int(score)) + 10 * reading


def worksheet(exam):
    """The batch that holds one worksheet: a plain exam whose cells may be texts."""

    def family(name, order):
        return np.array([[[code_of(exam[side][name][level]) for level in order] for side in SIDES]], np.int8)

    scores = [family(name, order) for name, order in FAMILIES.items()]
    findings = [np.array([code_of(exam[name])], np.int8) for name in ("vac", "dap")]
    muscles = [exam[side]["non_key"] for side in SIDES]
    non_key = np.array([[LEVELS.index(name) if name else NO_MUSCLE for name in muscles]], np.int8)
    return RecordedExams(*scores, *findings, non_key)


def possible(exam, **options):
    """The possible answers to one worksheet: texts with commas by output, and the names of the tagged outputs."""
    answers = classify_recorded(worksheet(exam), **options)
    sides = [(answers.sensory_level, answers.motor_level), (answers.sensory_zpp, answers.motor_zpp)]
    (sensory, motor), (sensory_zone, motor_zone) = ((first[0], second[0]) for first, second in sides)
    sets = [*sensory, *motor, answers.neurological_level[0], answers.complete[0], answers.ais[0]]
    sets += [*sensory_zone, *motor_zone]
    texts = {name: _text(name, int(bits)) for name, bits in zip(OUTPUTS, sets, strict=True)}
    return texts, {name for bit, name in enumerate(OUTPUTS) if answers.tagged[0] >> bit & 1}


def _text(name, bits):
    words = {"complete": ["C", "I"], "ais": [grade.name for grade in AIS]}.get(name, LEVELS)
    found = [word for bit, word in enumerate(words) if bits >> bit & 1]
    return ",".join((["NA"] if bits >> NOT_APPLICABLE_BIT & 1 else []) + found)
