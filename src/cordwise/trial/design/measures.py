"""What a trial can measure: the kind of each measure, its unit and its ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["binary", "score", "ordinal", "composite"]
CHANGE = "_change"


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """What sort of number a measure gives; `score` names the outcome it is read from, `top` its best value."""

    kind: Kind
    unit: str
    score: str = ""
    top: float = 1.0
    is_change: bool = False


_SCORES: Mapping[str, tuple[str, float]] = {
    "uems": ("UEMS points", 50.0),
    "lems": ("LEMS points", 50.0),
    "total_motor": ("motor points", 100.0),
    "light_touch": ("light touch points", 112.0),
    "pin_prick": ("pin prick points", 112.0),
    "scim": ("SCIM III points", 100.0),
    "self_care": ("SCIM III self-care points", 20.0),
    "wisci": ("WISCI II levels", 20.0),
    "motor_levels": ("motor levels, mean of both sides", 29.0),
}


def _measures() -> dict[str, MeasureKind]:
    share = "share of patients"
    named = {
        "ais_improvement": MeasureKind("binary", share),
        "motor_incomplete": MeasureKind("binary", share),
        "motor_level_improvement": MeasureKind("binary", share),
        "ais_grade": MeasureKind("ordinal", "AIS grades", "ais", 4.0),
        "hierarchical": MeasureKind("composite", "pairs of patients"),
    }
    for score, (unit, top) in _SCORES.items():
        if score != "motor_levels":
            named[score] = MeasureKind("score", unit, score, top)
        named[score + CHANGE] = MeasureKind("score", unit, score, top, is_change=True)
    return named


OF_GRADES = ("ais_improvement", "motor_incomplete", "ais_grade")
"""Measures that are read from the AIS grade."""
MEASURES: Mapping[str, MeasureKind] = MappingProxyType(_measures())
SCORES: tuple[str, ...] = tuple(_SCORES)
