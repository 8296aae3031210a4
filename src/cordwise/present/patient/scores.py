"""One simulated patient's examinations at every visit, without and with cells."""

import altair as alt

from cordwise.patient.life.result import PairedExaminations, PatientLife, World
from cordwise.present import numbers
from cordwise.present.charts.labels import spread
from cordwise.present.charts.theme import PAGE_WIDTH, WITH, WITHOUT, Rows, Spec, data, heading, themed
from cordwise.present.patient.text import SCORES

WORLD_NAMES: dict[World, str] = {"without": "without", "with": "with cells"}
WORLD_COLOURS = alt.Scale(domain=list(WORLD_NAMES), range=[WITHOUT, WITH])
PANEL_WIDTH, PANEL_HEIGHT = (PAGE_WIDTH - 290) // 2, 104
LABEL_GAP = 0.16
BROAD_AND_NARROW = [5.0, 2.0]


def score_picture(life: PatientLife, *, title: str) -> Spec:
    """Return the themed picture of the examinations (see `score_chart`)."""
    return themed(score_chart(life, title=title))


def score_chart(life: PatientLife, *, title: str) -> alt.VConcatChart:
    """Return the four totals over time in two rows, with the AIS grade at every visit below."""
    panels = [_panel(life.scores, *score) for score in SCORES]
    pairs = [alt.hconcat(*panels[:2], spacing=20), alt.hconcat(*panels[2:], spacing=20)]
    explained = "Broad grey line: without cells. Dashed blue line: with cells. Points are examinations."
    return alt.vconcat(*pairs, _grades(life.scores), spacing=18).properties(title=heading(title, explained))


def score_rows(scores: PairedExaminations, name: str) -> Rows:
    """Return one row for each visit and world."""
    return [
        {"day": day, "score": score, "world": world}
        for world in WORLD_NAMES
        for day, score in zip(scores.days, getattr(scores.of(world), name), strict=True)
    ]


def _panel(scores: PairedExaminations, name: str, heading_text: str, top: int) -> alt.LayerChart:
    """Return the curves of one score on its full range, with the last value written beside each."""
    x = alt.X("day:Q", title="Days since injury").scale(domain=[0, max(scores.days)], nice=False)
    y = alt.Y("score:Q", title="Points").scale(domain=[0, top], nice=False)
    colour = alt.Color("world:N", scale=WORLD_COLOURS, legend=None)
    # A broad line without cells below a narrow dashed one with cells: both are seen where they coincide.
    worlds = list(WORLD_NAMES)
    dash = alt.StrokeDash("world:N", scale=alt.Scale(domain=worlds, range=[[1, 0], [6, 4]]), legend=None)
    width = alt.StrokeWidth("world:N", scale=alt.Scale(domain=worlds, range=BROAD_AND_NARROW), legend=None)
    base = alt.Chart(data(score_rows(scores, name)))
    lines = base.mark_line().encode(
        x=x.axis(tickCount=6), y=y.axis(values=[0, top / 2, top]), color=colour, strokeDash=dash, strokeWidth=width
    )
    points = base.mark_point(filled=True, size=26, opacity=1).encode(x="day:Q", y="score:Q", color=colour)
    title = alt.TitleParams(heading_text, fontSize=13)
    return (lines + points + _last_values(scores, name, top, colour)).properties(
        width=PANEL_WIDTH, height=PANEL_HEIGHT, title=title
    )


def last_labels(scores: PairedExaminations, name: str) -> dict[World, str]:
    """Return what is written beside the last value of each world; courses that coincide get one label that says so."""
    last = {world: numbers.number(getattr(scores.of(world), name)[-1], 0) for world in WORLD_NAMES}
    if getattr(scores.without, name) == getattr(scores.with_cells, name):
        return {"with": f"the same, {last['with']}"}
    return {world: f"{WORLD_NAMES[world]} {value}" for world, value in last.items()}


def _last_values(scores: PairedExaminations, name: str, top: int, colour: alt.Color) -> alt.Chart:
    """Return the last score of each world at the right, moved apart where they would touch."""
    labels = last_labels(scores, name)
    places = spread([getattr(scores.of(world), name)[-1] for world in labels], gap=LABEL_GAP * top, low=0, high=top)
    rows = [
        {"day": max(scores.days), "score": place, "world": world, "label": label}
        for (world, label), place in zip(labels.items(), places, strict=True)
    ]
    text = alt.Chart(data(rows)).mark_text(align="left", dx=8, fontWeight=600)
    return text.encode(x="day:Q", y="score:Q", text="label:N", color=colour)


def grade_rows(scores: PairedExaminations) -> Rows:
    """Return the AIS grade at each visit, in visit order, for each world."""
    return [
        {"visit": f"day {numbers.number(day, 0)}", "world": WORLD_NAMES[world], "colour": world, "ais": grade}
        for world in WORLD_NAMES
        for day, grade in zip(scores.days, scores.of(world).ais, strict=True)
    ]


def _grades(scores: PairedExaminations) -> alt.Chart:
    """Return a strip of letters: the AIS grade at every visit, one line a world."""
    rows = grade_rows(scores)
    x = alt.X("visit:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False, orient="top"))
    y = alt.Y("world:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False))
    colour = alt.Color("colour:N", scale=WORLD_COLOURS, legend=None)
    text = alt.Chart(data(rows)).mark_text(fontSize=14, fontWeight=600).encode(x=x, y=y, text="ais:N", color=colour)
    return text.properties(
        width=2 * PANEL_WIDTH + 110, height=50, title=alt.TitleParams("AIS grade at each visit", fontSize=13)
    )
