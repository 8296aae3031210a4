"""Conditions of an experiment: effects against another one, read-outs of each, and their course over days."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from cordwise.experiment.result import ConditionFindings, ExperimentResult
from cordwise.present import numbers
from cordwise.present.charts.theme import (
    AXIS,
    INK,
    OBSERVED,
    PAGE_WIDTH,
    TEXT_SIZE,
    WITH,
    WITHOUT,
    Rows,
    Spec,
    data,
    heading,
    themed,
)
from cordwise.present.experiment.readout_labels import labels

COLUMNS = 2
LABEL_ROOM, TEXT_ROOM = 165, 118
PANEL = (PAGE_WIDTH - LABEL_ROOM) // COLUMNS - TEXT_ROOM - 10
ROW = 24
COURSE_WIDTH, COURSE_HEIGHT = 340, 170
COLOURS = (WITHOUT, WITH, OBSERVED, "#2a7f62", "#8a5aa8", "#8f7a1f", "#b0447a", "#3b8ea5")
DASHES = ([1, 0], [6, 3], [2, 2])
ROOM = 0.06  # of the range, on both sides
SHOWN_FROM = 1e-3  # below it no digits are shown


def effects_title(result: ExperimentResult) -> str:
    """Return the question that the forest plot answers."""
    return f"What does each condition change by day {numbers.number(result.readout_days[-1], 0)}?"


def effects(result: ExperimentResult) -> Spec:
    """Return a forest plot a read-out: the difference of each condition from its comparator, with the interval."""
    readouts = labels(result, only_of_all=True)
    rows = {name: effect_rows(result, name) for name in readouts}
    panels = [
        _panel(rows[name], label, at % COLUMNS == 0, zero=True) for at, (name, label) in enumerate(readouts.items())
    ]
    explained = (
        f"Difference from {'' if result.has_one_comparator else 'what each is compared with, else from '}"
        f"{result.compared_with}, mean and 95 % interval over sets of rates; orange where it reaches 0."
    )
    return _grid(panels, effects_title(result), explained)


def means_title(result: ExperimentResult) -> str:
    """Return the question that the chart of means answers."""
    return f"What was read in each condition on day {numbers.number(result.readout_days[-1], 0)}?"


def means(result: ExperimentResult) -> Spec:
    """Return a panel a read-out: the mean of each condition, and one standard deviation between subjects."""
    readouts = labels(result, only_of_all=False)
    rows = {name: mean_rows(result.conditions, name) for name in readouts}
    panels = [
        _panel(rows[name], label, at % COLUMNS == 0, zero=False) for at, (name, label) in enumerate(readouts.items())
    ]
    return _grid(
        panels, means_title(result), "Mean, and one standard deviation between simulated subjects to both sides."
    )


def compared_name(result: ExperimentResult, condition: ConditionFindings) -> str:
    """Return the name of a condition, with that of its comparator where it is not the one of the others."""
    comparator = result.comparator_of(condition)
    return condition.name if comparator == result.compared_with else f"{condition.name} against {comparator}"


def effect_rows(result: ExperimentResult, readout: str) -> Rows:
    """Return the effect of each condition on one read-out."""
    return [
        {
            "condition": compared_name(result, condition),
            "middle": effect.difference,
            "low": effect.low95,
            "high": effect.high95,
            "label": short(effect.difference, sign=True),
            "sure": "sure" if effect.low95 > 0 or effect.high95 < 0 else "unsure",
        }
        for condition in result.compared
        for effect in (condition.effect[readout],)
    ]


def mean_rows(conditions: Sequence[ConditionFindings], readout: str) -> Rows:
    """Return mean and spread of each condition in one read-out; a spread below 0 is cut off."""
    return [
        {
            "condition": condition.name,
            "middle": seen.mean,
            "low": max(seen.mean - seen.sd, 0.0),
            "high": seen.mean + seen.sd,
            "label": f"{short(seen.mean)} (SD {short(seen.sd)})",
            "sure": "first" if condition is conditions[0] else "sure",
        }
        for condition in conditions
        for seen in (condition.readouts[readout],)
    ]


def short(value: float | None, *, sign: bool = False) -> str:
    """Return a read-out of any size with three digits; one that is small but not 0 does not read 0."""
    if value is None:
        return numbers.NOT_GIVEN
    if abs(value) < SHOWN_FROM:
        return "0" if value == 0 else f"< {SHOWN_FROM:g}" if value > 0 else f"> {numbers.MINUS}{SHOWN_FROM:g}"
    plus = "+" if sign and value > 0 else ""
    if abs(value) >= 1000:
        return plus + (numbers.count(value) if abs(value) < 1e5 else numbers.cells(value))
    return plus + f"{value:.3g}".replace("-", numbers.MINUS)


def _panel(rows: Rows, label: str, is_first: bool, *, zero: bool) -> alt.LayerChart:
    """Return one read-out: a dot with its bar for each condition, and the number written at the right."""
    order = [row["condition"] for row in rows]
    axis = alt.Axis(labelLimit=LABEL_ROOM, domain=False, ticks=False) if is_first else None
    y = alt.Y("condition:N", sort=order, title=None, axis=axis)
    x = alt.X("middle:Q", title=None, scale=_scale(rows), axis=alt.Axis(tickCount=4))
    scale = alt.Scale(domain=["sure", "unsure", "first"], range=[WITH, OBSERVED, WITHOUT])
    colour = alt.Color("sure:N", scale=scale, legend=None)
    base = alt.Chart(data(rows)).encode(y=y, color=colour)
    bars = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x=x)
    text = (
        alt.Chart(data(rows)).mark_text(align="left", dx=8, color=INK).encode(y=y, x=alt.value(PANEL), text="label:N")
    )
    layers = bars + dots + text
    if zero:
        layers = alt.Chart(data([{"middle": 0}])).mark_rule(color=AXIS, strokeDash=[4, 3]).encode(x=x) + layers
    title = alt.TitleParams(label, fontSize=13)
    return layers.properties(width=PANEL, height=ROW * len(rows), title=title)


def _scale(rows: Rows) -> alt.Scale:
    """Return a scale that holds 0 and every bar, with room beside them."""
    ends = [row[end] for row in rows for end in ("low", "high")] + [0.0]
    margin = ROOM * (max(ends) - min(ends)) or 1.0
    return alt.Scale(domain=[min(ends) - margin, max(ends) + margin], nice=False)


def _grid(panels: list[Any], title: str, explained: str) -> Spec:
    rows = [
        alt.hconcat(*panels[at : at + COLUMNS], spacing=TEXT_ROOM + 40, bounds="flush").resolve_scale(y="shared")
        for at in range(0, len(panels), COLUMNS)
    ]
    return themed(alt.vconcat(*rows, spacing=26).properties(title=heading(title, explained)))


COURSES_TITLE = "How do the conditions differ over time?"


def courses(result: ExperimentResult) -> Spec:
    """Return a panel a read-out: the mean of each condition on every day that was read."""
    conditions, readouts = result.conditions, labels(result, only_of_all=False)
    names = [condition.name for condition in conditions]
    colour = alt.Color(
        "condition:N",
        sort=names,
        scale=alt.Scale(domain=names, range=[COLOURS[at % len(COLOURS)] for at in range(len(names))]),
        legend=alt.Legend(title=None, orient="top", columns=5, labelFontSize=TEXT_SIZE, labelLimit=LABEL_ROOM),
    )
    dash_of = [DASHES[at // len(COLOURS) % len(DASHES)] for at in range(len(names))]
    dash = alt.StrokeDash("condition:N", scale=alt.Scale(domain=names, range=dash_of), legend=None)
    panels = [_course(course_rows(conditions, name), label, colour, dash) for name, label in readouts.items()]
    rows = [
        alt.hconcat(*panels[at : at + COLUMNS], spacing=80, bounds="flush") for at in range(0, len(panels), COLUMNS)
    ]
    explained = "Mean over simulated subjects and sets of rates on each day that was read."
    return themed(alt.vconcat(*rows, spacing=24).properties(title=heading(COURSES_TITLE, explained)))


def course_rows(conditions: Sequence[ConditionFindings], readout: str) -> Rows:
    """Return the mean of each condition on each day."""
    return [
        {"condition": condition.name, "day": visit.day, "mean": visit.readouts[readout].mean}
        for condition in conditions
        for visit in condition.by_day
    ]


def _course(rows: Rows, label: str, colour: alt.Color, dash: alt.StrokeDash) -> alt.LayerChart:
    x = alt.X("day:Q", title="Days since injury", axis=alt.Axis(tickCount=5))
    y = alt.Y("mean:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True))
    base = alt.Chart(data(rows)).encode(x=x, y=y, color=colour)
    lines = base.mark_line(strokeWidth=2.2).encode(strokeDash=dash)
    layers = lines + base.mark_point(filled=True, size=36, opacity=1)
    return layers.properties(width=COURSE_WIDTH, height=COURSE_HEIGHT, title=alt.TitleParams(label, fontSize=13))
