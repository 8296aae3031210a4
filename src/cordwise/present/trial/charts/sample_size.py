"""How many patients an arm needs, under each scenario."""

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

import altair as alt

from cordwise.present.charts.labels import spread
from cordwise.present.charts.theme import MUTED, OBSERVED, PAGE_WIDTH, Rows, Spec, data, heading, themed
from cordwise.trial.result import PowerAtSize

LINE_COLOURS = ["#0068a8", "#a65e00", "#00795a", "#a0468b", "#5d6b78", "#8a3b12"]
WANTED_POWER = 0.8
LABEL_ROOM = 300
PANEL_HEIGHT = 260
LABEL_GAP = 0.065


def power_by_size(curve: Sequence[PowerAtSize], endpoint: str, *, title: str) -> Spec:
    """Return the reject rate against patients per arm, one line a scenario, for one endpoint."""
    rows = curve_rows(curve, endpoint)
    names = list(dict.fromkeys(row["scenario"] for row in rows))
    colour = alt.Color("scenario:N", legend=None, scale=alt.Scale(domain=names, range=line_colours(len(names))))
    last = max(row["n_per_arm"] for row in rows)
    x = alt.X("n_per_arm:Q", title="Patients in each arm").scale(domain=[0, last], nice=False).axis(tickCount=8)
    y = alt.Y("reject_rate:Q", title="Share of trials that reject").scale(domain=[0, 1], nice=False)
    base = alt.Chart(data(rows)).encode(color=colour)
    bars = base.mark_rule(strokeWidth=1.5).encode(x="n_per_arm:Q", y="low:Q", y2="high:Q")
    solid, broken = simulated_and_extrapolated(rows)
    y = y.axis(format=".1f", tickCount=6)
    lines = alt.Chart(data(solid)).mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour)
    if broken:
        lines += alt.Chart(data(broken)).mark_line(strokeWidth=2.2, strokeDash=[5, 4]).encode(x=x, y=y, color=colour)
    dots = alt.Chart(data([row for row in rows if not row["extrapolated"]])).mark_point(filled=True, size=36, opacity=1)
    dots = dots.encode(x="n_per_arm:Q", y="reject_rate:Q", color=colour)
    layers = _wanted(last) + bars + lines + dots + _names(rows, names, colour)
    explained = f"Endpoint: {endpoint}. Bars: 95 % for one parameter set, with every error. Broken: extrapolated."
    size = {"width": PAGE_WIDTH - LABEL_ROOM, "height": PANEL_HEIGHT}
    return themed(layers.properties(**size, title=heading(title, explained)))


def line_colours(count: int) -> list[str]:
    """Return a colour for each line; they come round again where there are many, and the names tell lines apart."""
    return list(islice(cycle(LINE_COLOURS), count))


def curve_rows(curve: Sequence[PowerAtSize], endpoint: str) -> Rows:
    """Return the rows of one endpoint with the ends of their bars, by scenario and size."""
    rows = [
        {
            "scenario": row.scenario,
            "n_per_arm": row.n_per_arm,
            "reject_rate": row.reject_rate,
            "low": row.low95,
            "high": row.high95,
            "extrapolated": row.extrapolated,
        }
        for row in curve
        if row.endpoint == endpoint
    ]
    return sorted(rows, key=lambda row: row["n_per_arm"])


def simulated_and_extrapolated(rows: Rows) -> tuple[Rows, Rows]:
    """Return the points of the solid lines, and those of the broken ones, which go on from the last simulated size."""
    solid = [row for row in rows if not row["extrapolated"]]
    beyond = [row for row in rows if row["extrapolated"]]
    last = max((row["n_per_arm"] for row in solid), default=0.0)
    return solid, [*(row for row in solid if row["n_per_arm"] == last), *beyond] if beyond else []


def _wanted(last: float) -> alt.LayerChart:
    """Return the line at the power most trials are planned for."""
    base = alt.Chart(data([{"reject_rate": WANTED_POWER, "n_per_arm": 0, "label": "80\u202f%"}]))
    line = base.mark_rule(color=OBSERVED, strokeDash=[4, 3]).encode(y="reject_rate:Q")
    text = base.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=MUTED)
    return line + text.encode(x="n_per_arm:Q", y="reject_rate:Q", text="label:N")


def _names(rows: Rows, names: list[str], colour: alt.Color) -> alt.Chart:
    """Return the scenario names at the right ends of their lines, moved apart where they would touch."""
    ends: list[dict[str, Any]] = [[row for row in rows if row["scenario"] == name][-1] for name in names]
    places = spread([end["reject_rate"] for end in ends], gap=LABEL_GAP, low=0, high=1)
    labels = [{**end, "reject_rate": place} for end, place in zip(ends, places, strict=True)]
    text = alt.Chart(data(labels)).mark_text(align="left", dx=9, fontWeight=600, limit=LABEL_ROOM - 60)
    return text.encode(x="n_per_arm:Q", y="reject_rate:Q", text="scenario:N", color=colour)
