"""A classification as text for a person: the conclusions as on a worksheet, or every step with its reason."""

from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from cordwise.isncsci import OUTPUTS
from cordwise.isncsci.classified_batch import Classification
from cordwise.isncsci.classified_exam import ClassifiedExam
from cordwise.isncsci.explanation.result import Explanation

RESEARCH_ONLY: Final = "For research and trial planning, not for decisions about a patient's care."
_WIDTH: Final = 100
_SECTIONS: Final = {
    "Levels": ("sensory_right", "sensory_left", "motor_right", "motor_left", "nli"),
    "Completeness": ("sacral_sensation", "complete"),
    "ASIA Impairment Scale (AIS)": ("motor_sparing", "ais"),
    "Zones of partial preservation (ZPP)": (
        "zpp_sensory_right",
        "zpp_sensory_left",
        "zpp_motor_right",
        "zpp_motor_left",
    ),
}
_PAIRS: Final = {
    "Sensory level": "sensory",
    "Motor level": "motor",
    "ZPP sensory": "zpp_sensory",
    "ZPP motor": "zpp_motor",
}
_SINGLE: Final = {"Neurological level": "nli", "Complete (C) or incomplete (I)": "complete", "AIS": "ais"}
_TOTALS: Final = {
    "Arms (UEMS)": ("uer_right", "uer_left", "uems"),
    "Legs (LEMS)": ("ler_right", "ler_left", "lems"),
    "Motor of a side": ("motor_right", "motor_left", ""),
    "Light touch": ("lt_right", "lt_left", "lt"),
    "Pin prick": ("pp_right", "pp_left", "pp"),
}
_NOTES: Final = {
    "*": "* Other than the scores as examined would give: it rests on what is assumed for tagged scores.",
    ",": "Several values: all that the open scores leave possible.",
    "ND": "ND: not determinable, as a score of the part could not be tested.",
    "NA": "NA: not applicable; of a total, not available, as a score of the part was not recorded.",
}


def worksheet_text(exam: ClassifiedExam) -> str:
    """Return the conclusions and totals of one exam as a short table."""
    found = [_value(exam, name) for name in OUTPUTS] + list(exam.totals.values())
    notes = [text for mark, text in _NOTES.items() if any(mark in value for value in found)]
    parts = [[f"Examination {exam.id}"], _conclusions(exam), _totals(exam), notes]
    return _joined(exam, parts)


def explanation_text(explanation: Explanation) -> str:
    """Return every step of one exam with its reason, and the totals."""
    exam, steps = explanation.exam, {step.output: step for step in explanation.steps}
    parts = [[f"Examination {exam.id}"]]
    for heading, names in _SECTIONS.items():
        parts.append([heading, *(line for name in names for line in _wrapped(steps[name].words))])
    notes = [_NOTES[mark] for mark in ("ND", "NA") if mark in exam.totals.values()]
    return _joined(exam, [*parts, _totals(exam), notes])


def _joined(exam: ClassifiedExam, parts: list[list[str]]) -> str:
    told = [line for words in exam.warnings for line in wrap(f"Warning: {words}", _WIDTH)]
    return "\n\n".join("\n".join(part) for part in (*parts, told, [RESEARCH_ONLY]) if part) + "\n"


def _wrapped(words: str) -> list[str]:
    return wrap(words, _WIDTH, initial_indent="  ", subsequent_indent="      ")


def _conclusions(exam: ClassifiedExam) -> list[str]:
    pairs = {title: [_value(exam, f"{name}_{side}") for side in ("right", "left")] for title, name in _PAIRS.items()}
    return [
        *_table({"": ["right", "left"], **pairs}),
        *(f"{title}: {_value(exam, name)}" for title, name in _SINGLE.items()),
    ]


def _value(exam: ClassifiedExam, name: str) -> str:
    return exam.values[name].replace("_", "-") + ("*" if name in exam.tagged else "")


def _totals(exam: ClassifiedExam) -> list[str]:
    totals = {"": "", **exam.totals}
    return _table(
        {
            "Totals": ["right", "left", "both"],
            **{title: [totals[name] for name in names] for title, names in _TOTALS.items()},
        }
    )


def _table(rows: Mapping[str, list[str]]) -> list[str]:
    return list(_lines(rows))


def _lines(rows: Mapping[str, list[str]]) -> Iterator[str]:
    first = max(map(len, rows))
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    for title, values in rows.items():
        cells = "  ".join(f"{value:<{width}}" for value, width in zip(values, widths, strict=True))
        yield f"{title:<{first}}  {cells}".rstrip()


def classification_text(classification: Classification) -> str:
    """Return how many exams of a batch were classified, and how often each grade was found."""
    refused = classification.refused
    counted = f"{len(classification) - refused} of {len(classification)} examinations classified, {refused} refused."
    return f"{counted}\n{_grades(classification)}{RESEARCH_ONLY}\n"


def _grades(classification: Classification) -> str:
    """Return the count of each set of possible grades as a line, empty without any."""
    found = Counter(grade for grade in classification.table["ais"].to_list() if grade is not None)
    counts = ", ".join(f"{grade.replace(',', ' or ')} {found[grade]}" for grade in sorted(found))
    return f"AIS: {counts}.\n" if counts else ""
