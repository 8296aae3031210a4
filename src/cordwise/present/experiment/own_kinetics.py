"""Two people with the same injury and other kinetics, each without cells and with them: four lines in two colours.

Drawn in one column, narrow enough for a telephone.
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from cordwise.base.errors import Fault, InputError
from cordwise.experiment.result import ConditionFindings, DayFindings, ExperimentResult
from cordwise.present import numbers
from cordwise.present.charts.theme import OBSERVED, TEXT_SIZE, WITH, Rows, Spec, data, heading, themed

TITLE = "The same injury in two people of other kinetics: what do cells change?"
PANELS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("Inflammation (mean over the lesion)", ("inflammation",), 1.0),
    ("Fibres spared (%)", ("spared_share",), 100.0),
    ("Growth (gain of drive)", ("plastic_gain",), 1.0),
    ("Motor score of arms and legs (points of 100)", ("uems", "lems"), 1.0),
)
"""What is drawn: its name, the read-outs that are added up, and their factor."""
WIDTH, HEIGHT = 268, 96
TITLE_COLUMNS, TEXT_COLUMNS, LEGEND_ROOM = 40, 50, 130
DAYS = (3, 7, 14, 30, 90, 365)
BROAD_AND_NARROW, PALE_AND_FULL, WHOLE_AND_DASHED = (5.0, 2.0), (0.45, 1.0), ([1, 0], [6, 3])


def own_kinetics(result: ExperimentResult) -> Spec:
    """Return inflammation, fibres spared, growth and motor score over the year in the four conditions.

    Raises
    ------
    InputError
        The experiment has not four conditions, two and two without cells and with them, or lacks a read-out.
    """
    if faults := list(_faults(result)):
        raise InputError(faults)
    lines = _lines([condition.name for condition in result.conditions])
    panels = [_panel(result, *panel, lines, last=panel is PANELS[-1]) for panel in PANELS]
    explained = textwrap.wrap(own_kinetics_finding(result), TEXT_COLUMNS)
    drawn = alt.vconcat(*panels, spacing=14)
    return themed(drawn.properties(title=heading(textwrap.wrap(TITLE, TITLE_COLUMNS), explained)))


def own_kinetics_finding(result: ExperimentResult) -> str:
    """Return in a sentence what cells add to the motor score of each person by the last day."""
    score = [motor_score(each) for each in result.conditions]
    by_cells = {at: numbers.signed(score[at + 1] - score[at]) for at in (0, 2)}
    told = (f"{numbers.number(score[at])} {result.conditions[at].name}, {by_cells[at]} by cells" for at in by_cells)
    return f"Motor score on day {numbers.number(result.readout_days[-1], 0)}: {'; '.join(told)}."


def motor_score(condition: ConditionFindings) -> float:
    """Return the motor score of arms and legs on the last day."""
    return _value(condition.by_day[-1], PANELS[-1][1])


def course_of(result: ExperimentResult, readouts: tuple[str, ...], factor: float) -> Rows:
    """Return one row for each condition and day."""
    return [
        {"condition": condition.name, "day": visit.day, "value": factor * _value(visit, readouts)}
        for condition in result.conditions
        for visit in condition.by_day
    ]


def _value(visit: DayFindings, readouts: tuple[str, ...]) -> float:
    return sum(visit.readouts[name].mean for name in readouts)


def _faults(result: ExperimentResult) -> Iterator[Fault]:
    if len(result.conditions) != 4:
        wanted = "four: two people, each without cells and with them"
        yield Fault("conditions", wanted, str(len(result.conditions)), is_argument=True)
    wanted = [name for _, readouts, _ in PANELS for name in readouts]
    if missing := [name for name in wanted if name not in result.conditions[0].readouts]:
        found = f"none of {', '.join(missing)}"
        yield Fault("readouts", ", ".join(wanted), found, is_argument=True)


def _lines(names: list[str]) -> dict[str, Any]:
    """Return how the lines look: a colour a person, broad and pale without cells, narrow and dashed with them."""
    legend = alt.Legend(
        title=None, orient="top", columns=2, labelFontSize=TEXT_SIZE, symbolSize=500, labelLimit=LEGEND_ROOM
    )
    looks = {
        "color": (alt.Color, [WITH, WITH, OBSERVED, OBSERVED]),
        "strokeDash": (alt.StrokeDash, WHOLE_AND_DASHED * 2),
        "strokeWidth": (alt.StrokeWidth, BROAD_AND_NARROW * 2),
        "opacity": (alt.Opacity, PALE_AND_FULL * 2),
    }
    return {
        channel: encode("condition:N", sort=names, legend=legend, scale=_one_a_name(names, values))
        for channel, (encode, values) in looks.items()
    }


def _one_a_name(names: list[str], values: Sequence[Any]) -> alt.Scale:
    return alt.Scale(type="ordinal", domain=names, range=[*values])


def _panel(
    result: ExperimentResult, name: str, readouts: tuple[str, ...], factor: float, lines: dict[str, Any], *, last: bool
) -> alt.Chart:
    """Return the four courses of one quantity; only the last panel names the days."""
    rows, days = course_of(result, readouts, factor), result.readout_days
    ticks = [day for day in DAYS if days[0] <= day <= days[-1]]
    axis = alt.Axis(values=ticks, labels=last, ticks=last, format="d", labelOverlap=False)
    x = alt.X("day:Q", title="Days since injury" if last else None, axis=axis)
    x = x.scale(type="log", domain=[days[0], days[-1]], nice=False)
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=3, minExtent=34), scale=alt.Scale(zero=True))
    drawn = alt.Chart(data(rows)).mark_line().encode(x=x, y=y, **lines)
    return drawn.properties(width=WIDTH, height=HEIGHT, title=alt.TitleParams(name, fontSize=13, offset=6))
