"""What decides an outcome: the leading inputs with intervals, grouped by mechanism, and the shares of mechanisms."""

from collections.abc import Sequence

import altair as alt

from cordwise.experiment.sensitivity.designs import SensitivityMethod
from cordwise.experiment.sensitivity.result import RankedOutcome
from cordwise.present.charts.theme import (
    INK,
    MUTED,
    OBSERVED,
    PAGE_WIDTH,
    PANEL,
    WITH,
    WITHOUT,
    Rows,
    Spec,
    data,
    heading,
    themed,
)

SHOWN = 10
ROW, GAP = 22, 8
NAME_ROOM, GROUP_ROOM = 175, 95
WIDTH = PAGE_WIDTH - NAME_ROOM - GROUP_ROOM - 190
AXIS_OF = {
    SensitivityMethod.MORRIS: "Mean size of the change as the input goes through its range (mu*), with 95 % interval",
    SensitivityMethod.SOBOL: "Share of the variance, alone and with others (total Sobol index), with 95 % interval",
}
COLOUR_OF = {"without": WITHOUT, "with": WITH, "effect": WITH}
SHOWN_SHARE = 0.01  # of the variance
MECHANISM_ROOM = 110
HALF = (PAGE_WIDTH - 2 * MECHANISM_ROOM - 110) // 2


def leading_inputs(output: RankedOutcome, method: SensitivityMethod, *, title: str, explained: str = "") -> Spec:
    """Return bars of the ten leading inputs of one outcome, those of one mechanism together."""
    return themed(leading_chart(output, method, title=title, explained=explained))


def leading_chart(
    output: RankedOutcome, method: SensitivityMethod, *, title: str, explained: str = ""
) -> alt.LayerChart:
    """Return the chart of `leading_inputs` without the shared look, to be put together with others."""
    rows = leading_rows(output)
    height = max(row["place"] for row in rows) + ROW
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False))
    top = max(row["high"] for row in rows) or 1.0
    x = alt.X("value:Q", title=AXIS_OF[method], scale=alt.Scale(domain=[0, 1.02 * top], nice=False))
    base = alt.Chart(data(rows)).encode(y=y)
    # A rule as thick as a bar: of a bar between two measured axes the renderer cannot tell which way it lies.
    thick = base.mark_rule(strokeWidth=ROW - 8, color=COLOUR_OF[output.world], yOffset=ROW / 2)
    bars = thick.encode(x=x.axis(tickCount=6), x2=alt.datum(0))
    ends = base.mark_rule(color=INK, strokeWidth=1.5, yOffset=ROW / 2).encode(x=alt.X("low:Q"), x2="high:Q")
    names = base.mark_text(align="right", baseline="middle", dy=ROW / 2).encode(x=alt.value(-8), text="name:N")
    groups = base.mark_text(align="left", baseline="middle", dy=ROW / 2, color=MUTED).encode(
        x=alt.value(-NAME_ROOM - GROUP_ROOM), text="group:N"
    )
    layers = _bands(rows, y) + bars + ends + names + groups
    at_the_left = heading(title, explained)
    at_the_left.dx = -NAME_ROOM - GROUP_ROOM
    return layers.properties(width=WIDTH, height=height, title=at_the_left)


def _bands(rows: Rows, y: alt.Y) -> alt.Chart:
    """Return a pale band behind the inputs of each mechanism."""
    found = [row["place"] for row in rows if row["group"]]
    last = {start: max(row["place"] for row in rows if row["start"] == start) + ROW for start in found}
    bands = [{"place": start, "end": end} for start, end in last.items()]
    chart = alt.Chart(data(bands)).mark_rect(color=PANEL)
    return chart.encode(y=y, y2="end:Q", x=alt.value(-NAME_ROOM - GROUP_ROOM - 6), x2=alt.value(WIDTH))


def leading_rows(output: RankedOutcome) -> Rows:
    """Return the ten leading inputs, by mechanism in the order of its first, each with its place from the top."""
    leading = output.indices[:SHOWN]
    mechanisms = list(dict.fromkeys(row.mechanism for row in leading))
    rows: Rows = []
    place = 0
    for mechanism in mechanisms:
        start = place
        for row in (each for each in leading if each.mechanism == mechanism):
            rows.append(
                {
                    "name": row.factor.removesuffix("_mm").replace("_", " "),
                    "group": mechanism if place == start else "",
                    "value": max(row.influence, 0.0),
                    "low": max(row.influence - row.half_width, 0.0),
                    "high": max(row.influence + row.half_width, 0.0),
                    "place": place,
                    "start": start,
                }
            )
            place += ROW
        place += GAP
    return rows


def mechanism_shares(outputs: Sequence[tuple[str, RankedOutcome]], *, title: str) -> Spec:
    """Return a panel an outcome: the share of variance each mechanism makes, alone (dot) and in all (bar)."""
    panels = [_shares(output, name) for name, output in outputs]
    explained = "Bar: in all (total Sobol index, 95 % interval). Orange dot: alone (first order)."
    return themed(
        alt.hconcat(*panels, spacing=MECHANISM_ROOM, bounds="flush").properties(title=heading(title, explained))
    )


def share_rows(output: RankedOutcome) -> Rows:
    """Return the mechanisms whose share is not lost in its error, largest first."""
    return [
        {
            "mechanism": row.factor,
            "total": row.ST,
            "alone": min(max(row.S1, 0.0), 1.0),
            "low": max(row.ST - row.ST_conf, 0.0),
            "high": row.ST + row.ST_conf,
        }
        for row in output.shares
        if max(row.ST_conf, SHOWN_SHARE) < row.ST
    ]


def _shares(output: RankedOutcome, name: str) -> alt.LayerChart:
    rows = share_rows(output)
    y = alt.Y(
        "mechanism:N", sort=[row["mechanism"] for row in rows], title=None, axis=alt.Axis(domain=False, ticks=False)
    )
    top = max((row["high"] for row in rows), default=1.0)  # no share may stand out of its error
    scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X("total:Q", title="Share of the variance", scale=scale, axis=alt.Axis(format="%", tickCount=5))
    base = alt.Chart(data(rows)).encode(y=y)
    bars = base.mark_bar(color=COLOUR_OF[output.world], height=ROW - 8).encode(x=x)
    ends = base.mark_rule(color=INK, strokeWidth=1.5).encode(x=alt.X("low:Q"), x2="high:Q")
    dots = base.mark_point(filled=True, size=60, color=OBSERVED, opacity=1).encode(x=alt.X("alone:Q"))
    layers = bars + ends + dots
    return layers.properties(width=HALF, height=ROW * len(rows), title=alt.TitleParams(name, fontSize=13))
