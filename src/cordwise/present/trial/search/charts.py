"""What a design costs against how often it finds the effect, with those that no other beats."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from cordwise.present.charts.theme import (
    AXIS,
    INK,
    MUTED,
    OBSERVED,
    PAGE_WIDTH,
    TEXT_SIZE,
    WITH,
    Rows,
    Spec,
    data,
    heading,
    themed,
)
from cordwise.present.trial.charts.operating import NORMAL_95

HEIGHT, SIDE_ROOM = 380, 90
WORTHWHILE, BEATEN, BREAKS = "not beaten", "beaten", "null rate too high"
_MILLION = 1e6
_LEAST_IN_MILLIONS = 2e6  # the dearest design from which the axis counts in millions


def cost_and_power(result: Mapping[str, Any], *, title: str) -> Spec:
    """Return every design as a point, the frontier as a numbered line, and a ring about the chosen design."""
    rows, unit = design_points(result)
    front = sorted((row for row in rows if row["number"]), key=lambda row: row["number"])
    x = (
        alt.X("cost:Q", title=f"Mean cost of a trial, {unit}")
        .scale(zero=False, nice=True, padding=16)
        .axis(tickCount=8)
    )
    y = alt.Y("power:Q", title="Share of trials that find the effect").scale(domain=[0, 1], nice=False)
    y = y.axis(format=".1f", tickCount=6)
    kinds = alt.Scale(domain=[WORTHWHILE, BEATEN, BREAKS], range=[WITH, AXIS, OBSERVED])
    colour = alt.Color(
        "kind:N", title=None, scale=kinds, legend=alt.Legend(orient="top", labelColor=INK, labelFontSize=TEXT_SIZE)
    )
    shape = alt.Shape(
        "kind:N", scale=alt.Scale(domain=[WORTHWHILE, BEATEN, BREAKS], range=["circle", "circle", "cross"])
    )
    dots = alt.Chart(data(rows)).mark_point(filled=True, size=55, opacity=1).encode(x=x, y=y, color=colour, shape=shape)
    layers = _wanted(result["goal"]["power"]) + _line(front, x, y) + dots + _ring(rows, x, y) + _numbers(front, x, y)
    explained = "Numbers: as in the table below. Ring: the cheapest that reaches the power by its interval's lower end."
    size = {"width": PAGE_WIDTH - SIDE_ROOM, "height": HEIGHT}
    return themed(layers.properties(**size, title=heading(title, explained)))


def design_points(result: Mapping[str, Any]) -> tuple[Rows, str]:
    """Return a point for each design, and the unit of its cost."""
    designs: Sequence[Mapping[str, Any]] = result["designs"]
    place = {at: number for number, at in enumerate(result["frontier"], start=1)}
    large = max(row["cost"] for row in designs) >= _LEAST_IN_MILLIONS
    currency = result["cost"]["currency"]
    rows = [
        {
            "cost": row["cost"] / (_MILLION if large else 1.0),
            "power": row["power"],
            "low": max(0.0, row["power"] - NORMAL_95 * row["mcse"]),
            "high": min(1.0, row["power"] + NORMAL_95 * row["mcse"]),
            "kind": _kind(row),
            "number": place.get(at, 0),
            "is_chosen": at == result["cheapest"],
        }
        for at, row in enumerate(designs)
    ]
    return rows, f"million {currency}" if large else currency


def _kind(row: Mapping[str, Any]) -> str:
    if not row["keeps_null_rate"]:
        return BREAKS
    return WORTHWHILE if row["on_frontier"] else BEATEN


def _wanted(power: float) -> alt.LayerChart:
    base = alt.Chart(data([{"power": power, "label": f"wanted power {power:g}"}])).encode(y="power:Q")
    line = base.mark_rule(color=OBSERVED, strokeDash=[4, 3])
    text = base.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=MUTED)
    return line + text.encode(x=alt.value(0), text="label:N")


def _line(front: Rows, x: alt.X, y: alt.Y) -> alt.LayerChart:
    base = alt.Chart(data(front)).encode(x=x)
    bars = base.mark_rule(color=WITH, strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2="high:Q")
    return base.mark_line(color=WITH, strokeWidth=2, interpolate="step-after").encode(y=y) + bars


def _ring(rows: Rows, x: alt.X, y: alt.Y) -> alt.Chart:
    chosen = alt.Chart(data([row for row in rows if row["is_chosen"]]))
    return chosen.mark_point(filled=False, size=320, strokeWidth=2.5, color=OBSERVED, opacity=1).encode(x=x, y=y)


def _numbers(front: Rows, x: alt.X, y: alt.Y) -> alt.Chart:
    text = alt.Chart(data(front)).mark_text(align="right", baseline="bottom", dx=-8, dy=-6, fontWeight=600, color=INK)
    return text.encode(x=x, y=y, text="number:N")
