"""What a design costs against how often it finds the effect, with those that no other beats."""

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
from cordwise.trial.search.result import Search, SearchedDesign

HEIGHT, SIDE_ROOM = 380, 90
WORTHWHILE, BEATEN, BREAKS = "not beaten", "beaten", "null rate too high"
_MILLION = 1e6
_LEAST_IN_MILLIONS = 2e6  # the dearest design from which the axis counts in millions


def chart_title(result: Search) -> str:
    """Return what the drawing asks, with the scenario in which power and cost are taken."""
    return f"What does power cost? Scenario: {result.goal.scenario}"


def cost_and_power(result: Search) -> Spec:
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
    layers = _wanted(result.goal.power) + _line(front, x, y) + dots + _ring(rows, x, y) + _numbers(front, x, y)
    explained = "Numbers: as in the table below. Ring: the cheapest that reaches the power by its interval's lower end."
    size = {"width": PAGE_WIDTH - SIDE_ROOM, "height": HEIGHT}
    return themed(layers.properties(**size, title=heading(chart_title(result), explained)))


def design_points(result: Search) -> tuple[Rows, str]:
    """Return a point for each design, and the unit of its cost."""
    number_of = {place: number for number, place in enumerate(result.frontier, start=1)}
    large = max(each.cost for each in result.designs) >= _LEAST_IN_MILLIONS
    rows = [
        {
            "cost": each.cost / (_MILLION if large else 1.0),
            "power": each.power,
            "low": max(0.0, each.power - NORMAL_95 * each.mcse),
            "high": min(1.0, each.power + NORMAL_95 * each.mcse),
            "kind": _kind(each),
            "number": number_of.get(place, 0),
            "is_chosen": place == result.cheapest,
        }
        for place, each in enumerate(result.designs)
    ]
    return rows, f"million {result.cost.currency}" if large else result.cost.currency


def _kind(design: SearchedDesign) -> str:
    if not design.keeps_null_rate:
        return BREAKS
    return WORTHWHILE if design.on_frontier else BEATEN


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
