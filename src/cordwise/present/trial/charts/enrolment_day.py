"""Later enrolment, fewer patients: the size that a fixed effect asks for, by the day of enrolment."""

from collections.abc import Sequence
from dataclasses import asdict

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import PAGE_WIDTH, WITH, Spec, data, heading, themed
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay

PANEL_HEIGHT = 240
AXIS_ROOM, GAP = 70, 40
ROOM_AROUND = 1.35  # factor by which the axes reach beyond the first and last value


def size_by_day(rows: Sequence[EnrolmentDay], *, title: str | Sequence[str]) -> Spec:
    """Return patients per arm against the day of enrolment, both on log scales, a panel for each endpoint."""
    endpoints = list(dict.fromkeys(row.endpoint for row in rows))
    width = (PAGE_WIDTH - GAP * (len(endpoints) - 1)) // len(endpoints) - AXIS_ROOM
    panels = [
        _panel([row for row in rows if row.endpoint == endpoint]).properties(
            width=width, height=PANEL_HEIGHT, title=alt.TitleParams(_named(rows, endpoint), fontSize=13, limit=width)
        )
        for endpoint in endpoints
    ]
    explained = [
        "The effect and the time from enrolment to the endpoint are held fixed; only the day of enrolment moves.",
        "Numbers at the dots: patients in each arm for a power of 80\u202f%, by theory, without losses. Log scales.",
    ]
    return themed(alt.hconcat(*panels, title=heading(title, explained)))


def fixed_effect(row: EnrolmentDay) -> str:
    """Return the fixed effect in words; an effect below 1 is a share of patients."""
    effect = row.fixed_effect
    return f"{100 * effect:g} percentage points" if effect < 1 else f"{effect:g} points"


def _named(rows: Sequence[EnrolmentDay], endpoint: str) -> str:
    """Return the endpoint with its fixed effect."""
    return f"{endpoint}: {fixed_effect(next(row for row in rows if row.endpoint == endpoint))}"


def _panel(rows: Sequence[EnrolmentDay]) -> alt.LayerChart:
    """Return the curve of one endpoint, each dot with its number of patients."""
    drawn = [{**asdict(row), "label": numbers.count(row.n_per_arm)} for row in rows if row.n_per_arm]
    days, sizes = [row.day for row in rows if row.n_per_arm], [row.n_per_arm for row in rows if row.n_per_arm]
    x = alt.X("day:Q", title="Enrolled on day (after injury)").axis(values=days, format="d", labelOverlap=False)
    x = x.scale(type="log", domain=_around(days), nice=False)
    y = alt.Y("n_per_arm:Q", title="Patients in each arm").scale(type="log", domain=_around(sizes), nice=False)
    y = y.axis(tickCount=5, format="~s")
    chart = alt.Chart(data(drawn))
    line = chart.mark_line(color=WITH, strokeWidth=2.2).encode(x=x, y=y)
    dots = chart.mark_point(color=WITH, filled=True, size=50, opacity=1).encode(x=x, y=y)
    labels = chart.mark_text(align="left", dx=6, dy=-9, color=WITH, fontWeight=600)
    return line + dots + labels.encode(x=x, y=y, text="label:N")


def _around(values: Sequence[float]) -> list[float]:
    """Return the ends of a log axis that leaves room on both sides."""
    return [min(values) / ROOM_AROUND, max(values) * ROOM_AROUND]
