"""How an appraisal is shown: JSON, text, report, charts and tables."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from cordwise.appraisal.result import Appraisal
from cordwise.base.codec import from_plain, to_plain
from cordwise.present.html.page import Page
from cordwise.present.population.measures import parts_columns
from cordwise.present.presenters import Presenter, Rows
from cordwise.present.study.text import answer, appraisal_text

_CHARTS = ("chance", "recovery", "baseline_day", "bias", "translation")


def _to_dict(found: Appraisal) -> dict[str, Any]:
    """Return the JSON values, with the answer behind the question."""
    plain = to_plain(found)
    return {"kind": plain.pop("kind"), "question": plain.pop("question"), "answer": answer(found), **plain}


def _read(values: Mapping[str, Any]) -> Appraisal:
    return from_plain(Appraisal, values)


def _page(found: Appraisal) -> Page:
    from cordwise.present.study.page import appraisal_page

    return appraisal_page(found)


def _chart(name: str) -> Callable[[Appraisal], dict[str, Any]]:
    """Return a chart by its name; charts are slow to import, and the text needs none."""
    return lambda found: getattr(import_module("cordwise.present.study.charts"), f"{name}_chart")(found)


def _arms(found: Appraisal) -> Rows:
    """Return one row for each arm, with what makes its number uncertain as SDs in people."""
    left_out = ("parts", "without_case_mix", "by_grade", "distribution")
    return [
        {
            **{name: value for name, value in to_plain(arm).items() if name not in left_out},
            **parts_columns(arm.parts),
        }
        for arm in found.arms
    ]


def _grades(found: Appraisal) -> Rows:
    """Return one row for each arm and baseline grade."""
    return [{"arm": arm.name, **to_plain(row)} for arm in found.arms for row in arm.by_grade]


def _distribution(found: Appraisal) -> Rows:
    """Return one row for each arm and number improved: its probability without cells."""
    return [
        {"arm": arm.name, "improved": number, "probability": probability}
        for arm in found.arms
        for number, probability in enumerate(arm.distribution)
    ]


def _timeline(found: Appraisal) -> Rows:
    """Return one row for each baseline grade and day: the share improved without cells."""
    return [
        {"grade": course.grade, "day": day, "share": share, "low95": low, "high95": high}
        for course in found.timeline.series
        for day, share, low, high in zip(found.timeline.days, course.share, course.low95, course.high95, strict=True)
    ]


def _bias(found: Appraisal) -> Rows:
    """Return one row for each bias and size."""
    misgrading = [("misgrading", each.rate, each) for each in found.bias.misgrading.curve]
    selection = [("selection", each.odds_ratio, each) for each in found.bias.selection.curve]
    return [
        {"bias": name, "size": size, "expected": each.expected, "p_at_least": each.p_at_least}
        for name, size, each in (*misgrading, *selection)
    ]


APPRAISAL = Presenter(
    to_dict=_to_dict,
    from_dict=_read,
    text=appraisal_text,
    page=_page,
    charts={name: _chart(name) for name in _CHARTS},
    parts={
        "arms": _arms,
        "grades": _grades,
        "distribution": _distribution,
        "timeline": _timeline,
        "baseline_day_curve": lambda found: to_plain(found.baseline_day_curve),
        "bias": _bias,
        "translation": lambda found: to_plain(found.translation.density),
    },
)
