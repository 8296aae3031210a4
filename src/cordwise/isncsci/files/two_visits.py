"""Two files of examinations of the same persons in, a file of what changed out; persons are matched by their names."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy import ndarray

from cordwise.base.errors import Fault
from cordwise.base.provenance import write_atomically
from cordwise.isncsci.anatomy import SIDES
from cordwise.isncsci.files.formats import read_exams
from cordwise.isncsci.files.layout import FileLayout
from cordwise.isncsci.files.pieces import Reading
from cordwise.isncsci.longitudinal import ChangeVerdict, ExaminationChange, Gain, compare
from cordwise.isncsci.possible import PossibleAnswers, classify_recorded
from cordwise.isncsci.set_names import grade_names

_DONE, _SOME_LEFT_OUT = 0, 2
_VISITS: Final = ("baseline", "followup")
_WORDS: Final = {ChangeVerdict.NO: "no", ChangeVerdict.YES: "yes", ChangeVerdict.NOT_APPLICABLE: "NA"}
_SHORT_NAMES: Final = {"light_touch": "lt", "pin_prick": "pp"}
_TWO_SIDED: Final = {"sensory_level": "sensory", "motor_level": "motor", "arm_motor_level": "arm_motor"}
_POINTS: Final = ("uems", "lems", "lt", "pp")
_Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """How many persons two files held together, and of how many the change could be told."""

    persons: int
    compared: int

    @property
    def exit_code(self) -> int:
        """The code that a command ends with: 2 when any person was left out."""
        return _SOME_LEFT_OUT if self.compared < self.persons else _DONE


def compare_files(
    baseline: Path, followup: Path, target: Path, layouts: tuple[FileLayout, FileLayout]
) -> ChangeSummary:
    """Write what changed in each person of two files, one line of JSON each, in the order of the baseline file.

    Parameters
    ----------
    baseline, followup
        JSON lines, CSV or Parquet, by their suffixes; the same file twice where a layout chooses the visit.
    target
        JSON lines. A person who was refused, is named twice, or is missing in one file gets a line that says so.
    layouts
        How each file is written.
    """
    readings = tuple(read_exams(path, layout) for path, layout in zip((baseline, followup), layouts, strict=True))
    faults = faults_by_person(readings)
    names = {str(name): name for reading in readings for name in reading.ids}
    persons = [person for person in names if person not in faults]
    lines = dict(zip(persons, change_lines(*(_answers(reading, persons) for reading in readings)), strict=True))
    everyone = dict.fromkeys([*names, *faults])
    ordered = (lines[person] if person in lines else _refused(faults[person]) for person in everyone)
    named = ({"id": names.get(person, person)} | line for person, line in zip(everyone, ordered, strict=True))
    write_atomically(target, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in named).encode())
    return ChangeSummary(len(everyone), len(persons))


def _answers(reading: Reading, persons: list[str]) -> PossibleAnswers:
    """Return the answers to the exams of the persons, in their order."""
    rows = {str(name): row for row, name in enumerate(reading.ids)}
    return classify_recorded(reading.exams[np.array([rows[person] for person in persons], np.int64)])


def faults_by_person(readings: Sequence[Reading]) -> dict[str, list[Fault]]:
    """Return why persons cannot be compared: refused cells, a name that occurs twice or in one file only."""
    faults: dict[str, list[Fault]] = {}
    named = [_counts_of_names(reading) for reading in readings]
    everyone = dict.fromkeys(person for counts in named for person in counts)
    for visit, reading, counts in zip(_VISITS, readings, named, strict=True):
        for refusal in reading.refusals:
            person = f"{visit} row {refusal.number}" if refusal.id is None else str(refusal.id)
            found = (Fault(f"{visit}: {fault.where}", fault.expected, fault.found) for fault in refusal.faults)
            faults.setdefault(person, []).extend(found)
        for person in everyone:
            if counts[person] != 1:
                found = str(counts[person] or "none")
                faults.setdefault(person, []).append(Fault(f"{visit}: id", "one examination of this name", found))
    return faults


def _counts_of_names(reading: Reading) -> Counter[str]:
    """Return how often each name occurs in a file, refused rows included."""
    refused = (refusal.id for refusal in reading.refusals if refusal.id is not None)
    return Counter(map(str, (*reading.ids, *refused)))


def _refused(faults: list[Fault]) -> _Line:
    return {"errors": [{"where": fault.where, "expected": fault.expected, "got": fault.found} for fault in faults]}


def change_lines(baseline: PossibleAnswers, followup: PossibleAnswers) -> Iterator[_Line]:
    """Yield what changed in each person as plain JSON values, without a name."""
    change = compare(baseline, followup)
    grades = [[grade_names(bits) for bits in answers.ais.tolist()] for answers in (baseline, followup)]
    gains = {name: (gain.least.tolist(), gain.most.tolist()) for name, gain in _gains(change)}
    verdicts = {name: _verdict_words(bits) for name, bits in _verdicts(change).items()}
    for row in range(len(baseline)):
        ranges = {name: (least[row], most[row]) for name, (least, most) in gains.items()}
        words = {name: column[row] for name, column in verdicts.items()}
        open_ranges = {name: pair for name, pair in ranges.items() if pair[0] < pair[1] and name not in _POINTS}
        yield {
            "ais": {visit: column[row] for visit, column in zip(_VISITS, grades, strict=True)},
            "gained": {name: least if least == most else None for name, (least, most) in ranges.items()},
            "verdicts": {name: found[0] if len(found) == 1 else "ND" for name, found in words.items()},
            "possible": open_ranges | {name: found for name, found in words.items() if len(found) > 1},
        }


def _gains(change: ExaminationChange) -> Iterator[tuple[str, Gain]]:
    """Yield each gain with the name it has in a line."""
    for field in fields(change):
        gain = getattr(change, field.name)
        if field.name in _TWO_SIDED:
            yield from ((f"{_TWO_SIDED[field.name]}_{side}", gain.side(index)) for index, side in enumerate(SIDES))
        elif isinstance(gain, Gain):
            yield _SHORT_NAMES.get(field.name, field.name), gain


def _verdicts(change: ExaminationChange) -> dict[str, ndarray]:
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {name: value for name, value in values.items() if not isinstance(value, Gain)}


def _verdict_words(bits: ndarray) -> list[list[str]]:
    """Return the words of each set of verdicts."""
    words = [[word for flag, word in _WORDS.items() if number & flag] for number in range(sum(_WORDS) + 1)]
    return [words[number] for number in bits.tolist()]
