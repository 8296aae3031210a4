"""One simulated patient's examinations at every visit, without and with cells."""

from typing import Any

import altair as alt

from cordwise.report import numbers
from cordwise.report.charts.labels import spread
from cordwise.report.charts.theme import PAGE_WIDTH, WITH, WITHOUT, Rows, Spec, data, heading, themed

SCORES: tuple[tuple[str, str, int], ...] = (
    ("uems", "Upper extremity motor score (0 to 50)", 50),
    ("lems", "Lower extremity motor score (0 to 50)", 50),
    ("light_touch", "Light touch (0 to 112)", 112),
    ("pin_prick", "Pin prick (0 to 112)", 112),
)
WORLD_NAMES = {"without": "without", "with": "with cells"}
WORLD_COLOURS = alt.Scale(domain=list(WORLD_NAMES), range=[WITHOUT, WITH])
PANEL_WIDTH, PANEL_HEIGHT = (PAGE_WIDTH - 290) // 2, 150
LABEL_GAP = 0.11


def score_picture(result: dict[str, Any], *, title: str) -> Spec:
    """Return the themed picture of the examinations (see `score_chart`)."""
    return themed(score_chart(result, title=title))


def score_chart(result: dict[str, Any], *, title: str) -> alt.VConcatChart:
    """Return the four totals over time in two rows, with the AIS grade at every visit below."""
    panels = [_panel(result["scores"], *score) for score in SCORES]
    pairs = [alt.hconcat(*panels[:2], spacing=20), alt.hconcat(*panels[2:], spacing=20)]
    explained = "Same simulated patient, same chance events; only the cells differ. Points are examinations."
    return alt.vconcat(*pairs, _grades(result["scores"]), spacing=18).properties(title=heading(title, explained))


def score_rows(scores: dict[str, Any], name: str) -> Rows:
    """Return one row for each visit and world."""
    return [
        {"day": day, "score": score, "world": world}
        for world in WORLD_NAMES
        for day, score in zip(scores["days"], scores[world][name], strict=True)
    ]


def _panel(scores: dict[str, Any], name: str, heading_text: str, top: int) -> alt.LayerChart:
    """Return the curves of one score on its full range, with the last value written beside each."""
    x = alt.X("day:Q", title="Days since injury").scale(domain=[0, max(scores["days"])], nice=False)
    y = alt.Y("score:Q", title="Points").scale(domain=[0, top], nice=False).axis(tickCount=5)
    colour = alt.Color("world:N", scale=WORLD_COLOURS, legend=None)
    dash = alt.StrokeDash("world:N", scale=alt.Scale(domain=list(WORLD_NAMES), range=[[5, 3], [1, 0]]), legend=None)
    base = alt.Chart(data(score_rows(scores, name)))
    lines = base.mark_line(strokeWidth=2.2).encode(x=x.axis(tickCount=6), y=y, color=colour, strokeDash=dash)
    points = base.mark_point(filled=True, size=34, opacity=1).encode(x="day:Q", y="score:Q", color=colour)
    title = alt.TitleParams(heading_text, fontSize=13)
    return (lines + points + _last_values(scores, name, top, colour)).properties(
        width=PANEL_WIDTH, height=PANEL_HEIGHT, title=title
    )


def _last_values(scores: dict[str, Any], name: str, top: int, colour: alt.Color) -> alt.Chart:
    """Return the last score of each world at the right, moved apart where they would touch."""
    last = {world: scores[world][name][-1] for world in WORLD_NAMES}
    places = spread(list(last.values()), gap=LABEL_GAP * top, low=0, high=top)
    rows = [
        {
            "day": max(scores["days"]),
            "score": place,
            "world": world,
            "label": f"{WORLD_NAMES[world]} {numbers.number(value, 0)}",
        }
        for (world, value), place in zip(last.items(), places, strict=True)
    ]
    text = alt.Chart(data(rows)).mark_text(align="left", dx=8, fontWeight=600)
    return text.encode(x="day:Q", y="score:Q", text="label:N", color=colour)


def grade_rows(scores: dict[str, Any]) -> Rows:
    """Return the AIS grade at each visit, in visit order, for each world."""
    return [
        {"visit": f"day {numbers.number(day, 0)}", "world": WORLD_NAMES[world], "colour": world, "ais": grade}
        for world in WORLD_NAMES
        for day, grade in zip(scores["days"], scores[world]["ais"], strict=True)
    ]


def _grades(scores: dict[str, Any]) -> alt.Chart:
    """Return a strip of letters: the AIS grade at every visit, one line a world."""
    rows = grade_rows(scores)
    x = alt.X("visit:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False, orient="top"))
    y = alt.Y("world:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False))
    colour = alt.Color("colour:N", scale=WORLD_COLOURS, legend=None)
    text = alt.Chart(data(rows)).mark_text(fontSize=14, fontWeight=600).encode(x=x, y=y, text="ais:N", color=colour)
    return text.properties(
        width=2 * PANEL_WIDTH + 110, height=50, title=alt.TitleParams("AIS grade at each visit", fontSize=13)
    )
