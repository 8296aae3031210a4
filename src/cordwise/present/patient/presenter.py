"""How the life of one simulated patient is shown: JSON, text, report, charts and tables."""

from collections.abc import Mapping
from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.patient.life.result import PatientLife
from cordwise.present.html.page import Page
from cordwise.present.patient.text import patient_text, score_title
from cordwise.present.presenters import Presenter

_SCORES = ("ais", "nli", "uems", "lems", "light_touch", "pin_prick", "scim", "wisci")
_SACRAL = ("voluntary_anal_contraction", "deep_anal_pressure")


def _read(values: Mapping[str, Any]) -> PatientLife:
    return from_plain(PatientLife, values)


def _page(life: PatientLife) -> Page:
    from cordwise.present.patient.page import patient_page

    return patient_page(life)


def _scores_chart(life: PatientLife) -> dict[str, Any]:
    from cordwise.present.patient.scores import score_picture

    return score_picture(life, title=score_title(life))


def _fields_chart(life: PatientLife) -> dict[str, Any]:
    from cordwise.present.patient.page import fields_picture

    return fields_picture(life)


def _visits(life: PatientLife) -> list[dict[str, Any]]:
    """Return one row for each visit and world."""
    return [
        {"day": day, "cells": world, **{name: getattr(seen, name)[visit] for name in (*_SCORES, *_SACRAL)}}
        for visit, day in enumerate(life.scores.days)
        for world, seen in (("without", life.scores.without), ("with", life.scores.with_cells))
    ]


def _fields(life: PatientLife) -> list[dict[str, Any]]:
    """Return one row for each world, day and place of the cord."""
    return [
        {"day": day, "cells": world, "place_mm": place, **{name: grid[row][column] for name, grid in fields.items()}}
        for world, fields in life.fields.items()
        for row, day in enumerate(life.days)
        for column, place in enumerate(life.axis_mm)
    ]


def _fibres(life: PatientLife) -> list[dict[str, Any]]:
    """Return one row for each world, day and side of the body: the share of each tract's fibres that pass."""
    return [
        {"day": day, "cells": world, "side": side, **{name: course[row] for name, course in tracts.items()}}
        for world, sides in life.tracts.items()
        for row, day in enumerate(life.days)
        for side, tracts in sides.items()
    ]


PATIENT = Presenter(
    to_dict=to_plain,
    from_dict=_read,
    text=patient_text,
    page=_page,
    charts={"scores": _scores_chart, "fields": _fields_chart},
    parts={"visits": _visits, "fields": _fields, "fibres": _fibres},
)
