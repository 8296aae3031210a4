"""A classification as text for a person: the conclusions as on a worksheet, or every step with its reason."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from cordwise.isncsci.explanation.run import ExplainedStep
from cordwise.isncsci.possible import OUTPUTS

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

Answer = Mapping[str, Any]
"""The object that a line of answers holds."""


def worksheet_page(answer: Answer) -> str:
    """Return the conclusions and totals of one exam as a short table."""
    found = [_value(answer, name) for name in OUTPUTS] + list(answer["totals"].values())
    notes = [text for mark, text in _NOTES.items() if any(mark in value for value in found)]
    parts = [[f"Examination {answer['id']}"], _conclusions(answer), _totals(answer), notes]
    return _joined(answer, parts)


def explanation_page(answer: Answer, explained: Sequence[ExplainedStep]) -> str:
    """Return every step of one exam with its reason, and the totals."""
    steps = {step.output: step for step in explained}
    parts = [[f"Examination {answer['id']}"]]
    for heading, names in _SECTIONS.items():
        parts.append([heading, *(line for name in names for line in _wrapped(steps[name].words))])
    notes = [_NOTES[mark] for mark in ("ND", "NA") if mark in answer["totals"].values()]
    return _joined(answer, [*parts, _totals(answer), notes])


def _joined(answer: Answer, parts: list[list[str]]) -> str:
    told = [line for words in answer.get("warnings", ()) for line in wrap(f"Warning: {words}", _WIDTH)]
    return "\n\n".join("\n".join(part) for part in (*parts, told, [RESEARCH_ONLY]) if part) + "\n"


def _wrapped(words: str) -> list[str]:
    return wrap(words, _WIDTH, initial_indent="  ", subsequent_indent="      ")


def _conclusions(answer: Answer) -> list[str]:
    pairs = {title: [_value(answer, f"{name}_{side}") for side in ("right", "left")] for title, name in _PAIRS.items()}
    return [
        *_table({"": ["right", "left"], **pairs}),
        *(f"{title}: {_value(answer, name)}" for title, name in _SINGLE.items()),
    ]


def _value(answer: Answer, name: str) -> str:
    return answer[name].replace("_", "-") + ("*" if name in answer["tagged"] else "")


def _totals(answer: Answer) -> list[str]:
    totals = {"": "", **answer["totals"]}
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
