"""Makes the example examinations of the folder `examinations`: invented persons, the same on every machine.

    python verification/example_examinations.py

The persons are drawn from plain shapes of injuries, not from any registry, and stand for nobody.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cordwise.isncsci.anatomy import DERMATOMES, LEVELS, MUSCLE_LEVELS, MYOTOMES, SIDES
from cordwise.isncsci.files.writing import json_lines, table_of
from cordwise.isncsci.recorded import NOT_NORMAL, NOT_TESTABLE, READING, RecordedExams
from cordwise.isncsci.worksheet import CELLS

FOLDER = Path(__file__).parents[1] / "examinations"
COUNT = 40
SEED = 20_191_128
GRADES = {"A": 0.42, "B": 0.13, "C": 0.17, "D": 0.28}
"""Shapes of injuries, by the grade that they are meant to give, and how often each is drawn."""
LEVEL_WEIGHTS = {"C4": 6, "C5": 8, "C6": 6, "C7": 3, "T4": 3, "T8": 3, "T10": 3, "T12": 4, "L1": 3, "L3": 1}
WORDS_OF_FOREIGN = {"motor": "mot", "light_touch": "LT", "pin_prick": "PP"}
_MUSCLES = np.array(MUSCLE_LEVELS)
_PLACES = np.arange(1, len(DERMATOMES) + 1)


def registry() -> RecordedExams:
    """Return the invented persons of the registry."""
    draw = np.random.default_rng(SEED)
    names, weights = zip(*LEVEL_WEIGHTS.items(), strict=True)
    people = [
        _person(draw, LEVELS.index(draw.choice(names, p=np.array(weights) / sum(weights))), grade)
        for grade in draw.choice(list(GRADES), COUNT, p=list(GRADES.values()))
    ]
    columns = [np.array(column, np.int8) for column in zip(*people, strict=True)]
    exams = RecordedExams(*columns)
    return _with_gaps(exams)


def _person(draw: np.random.Generator, level: int, grade: str) -> tuple:
    """One invented person: scores by side, findings at the anus, non-key muscles."""
    ends = level + np.array([0, draw.choice([0, 0, 1, 2])])[:: draw.choice([1, -1])]
    touch = [_sensation(draw, end, {"A": 0.0, "B": 0.75, "C": 0.85, "D": 0.95}[grade], top=2) for end in ends]
    prick = [_sensation(draw, end, {"A": 0.0, "B": 0.35, "C": 0.5, "D": 0.75}[grade], top=1) for end in ends]
    motor = [_strength(draw, end, {"A": (0, 0), "B": (0, 0), "C": (0, 2), "D": (3, 5)}[grade]) for end in ends]
    contracts = bool(draw.random() < {"A": 0, "B": 0, "C": 0.5, "D": 0.9}[grade])
    return motor, touch, prick, contracts, grade != "A", [0, 0]


def _sensation(draw: np.random.Generator, end: int, spared: float, *, top: int) -> np.ndarray:
    """Normal down to a level, a zone of altered feeling, and below it what is spared."""
    zone = end + draw.integers(1, 4)
    below = np.where(draw.random(_PLACES.size) < spared, draw.integers(1, top + 1, _PLACES.size), 0)
    scores = np.where(end >= _PLACES, 2, np.where(zone >= _PLACES, draw.integers(0, 2, _PLACES.size), below))
    scores[-1] = min(scores[-1], 1) if spared else 0
    return scores


def _strength(draw: np.random.Generator, end: int, spared: tuple[int, int]) -> np.ndarray:
    """Normal down to a level, one or two weak muscles, and below them what is spared."""
    below = draw.integers(spared[0], spared[1] + 1, _MUSCLES.size)
    weak = np.where(end + 1 == _MUSCLES, draw.integers(1, 5, _MUSCLES.size), draw.integers(0, 3, _MUSCLES.size))
    return np.where(end >= _MUSCLES, 5, np.where(end + 2 >= _MUSCLES, np.maximum(weak, below), below))


def _with_gaps(exams: RecordedExams) -> RecordedExams:
    """Return the exams with what registries have: a limb in plaster, a shoulder that hurts, a patient who is asleep."""
    exams.motor[3, 1, 3:5] = NOT_TESTABLE
    exams.motor[11, 0, 0] = min(int(exams.motor[11, 0, 0]), 4) + READING * NOT_NORMAL
    exams.motor[17, 0, 7:] = NOT_TESTABLE
    exams.light_touch[22, 0, 5:8] = exams.pin_prick[22, 0, 5:8] = NOT_TESTABLE
    exams.voluntary_anal_contraction[29] = NOT_TESTABLE
    exams.motor[34, 1, 4] = min(int(exams.motor[34, 1, 4]), 3) + READING * NOT_NORMAL
    exams.lowest_non_key_muscle[7, 0] = LEVELS.index("L2")
    return exams


def registry_table() -> pl.DataFrame:
    """Return the registry as a wide table, with the day of the examination, which is not read."""
    draw = np.random.default_rng(SEED + 1)
    table = table_of(registry(), [f"R{number:03}" for number in range(1, COUNT + 1)])
    return table.insert_column(1, pl.Series("days_post_injury", draw.integers(3, 45, COUNT)))


def foreign_table() -> pl.DataFrame:
    """Return the registry as another program would name and code it."""
    names = {"id": "Study no", "days_post_injury": "Days since injury", "vac": "VAC", "dap": "DAP"}
    for cell in CELLS:
        side, *rest = cell.keys
        if cell.kind == "non_key_muscle":
            names[cell.column] = f"{side[0].upper()}_NKM"
        elif cell.kind != "finding":
            kind, level = rest
            names[cell.column] = f"{side[0].upper()}_{level.replace('_', '')}_{WORDS_OF_FOREIGN[kind]}"
    words = {"Yes": "Y", "No": "N"}
    table = registry_table().with_columns(pl.col("vac", "dap").replace(words))
    return table.rename(names).insert_column(
        1, pl.Series("Sex", ["F" if row % 5 == 2 else "M" for row in range(COUNT)])
    )


def one_examination() -> dict[str, Any]:
    """Return a C5 AIS C examination: patchy sensation, a wrist in plaster, an elbow weakened by something else."""
    record = json.loads(next(json_lines(registry()[:1], ["example"])))
    sides = {
        "right": {
            "motor": dict(zip(MYOTOMES, ["5", "5", "2*", "1", "0", "0", "2", "1", "0", "0"], strict=True)),
            "light_touch": _row({"C7": "1", "C8": "1", "T1": "0"}, normal_to="C6", below="1"),
            "pin_prick": _row({"C7": "0", "S4_5": "0"}, normal_to="C6", below="0"),
        },
        "left": {
            "motor": dict(zip(MYOTOMES, ["5", "NT", "1", "0", "0", "0", "1", "0", "0", "0"], strict=True)),
            "light_touch": _row({"C6": "1", "T2": "0", "T3": "0"}, normal_to="C5", below="1"),
            "pin_prick": _row({"C6": "1", "S3": "1"}, normal_to="C5", below="0"),
        },
    }
    findings = {"vac": "No", "dap": "Yes"}
    return {**record, **findings, **{side: {**record[side], **sides[side]} for side in SIDES}}


def _row(exceptions: dict[str, str], *, normal_to: str, below: str) -> dict[str, str]:
    """The scores of a modality on a side."""
    end = DERMATOMES.index(normal_to)
    return {name: exceptions.get(name, "2" if place <= end else below) for place, name in enumerate(DERMATOMES)}


def main() -> None:
    """Write all examples."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "examination.json").write_text(json.dumps(one_examination(), indent=2) + "\n")
    registry_table().write_csv(FOLDER / "registry.csv")
    registry_table().write_parquet(FOLDER / "registry.parquet")
    foreign_table().write_csv(FOLDER / "foreign_registry.csv")


if __name__ == "__main__":
    main()
