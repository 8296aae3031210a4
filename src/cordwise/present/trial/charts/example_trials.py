"""Single simulated trials, one line each: the estimate with its interval, the truth, and how the trial ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import (
    AXIS,
    MUTED,
    OBSERVED,
    PAGE_WIDTH,
    WITH,
    WITHOUT,
    Rows,
    Spec,
    data,
    heading,
    themed,
)
from cordwise.trial.characteristics.examples import ExampleTrial

ROW_HEIGHT = 24
GROUP_GAP = 0.5  # of a row, between scenarios
NAME_ROOM, TRIAL_ROOM, VALUE_ROOM = 200, 55, 215


def example_forest(
    examples: Sequence[ExampleTrial], truths: Mapping[str, float | None], *, scale: str, title: str
) -> Spec:
    """Return the first few trials of each scenario as a forest; `truths` has the true value in each scenario."""
    rows = forest_rows(examples, truths)
    width = PAGE_WIDTH - NAME_ROOM - TRIAL_ROOM - VALUE_ROOM
    height = ROW_HEIGHT * (rows[-1]["place"] + 1)
    y = alt.Y("place:Q", axis=None).scale(domain=[-0.5, rows[-1]["place"] + 0.5], reverse=True, nice=False)
    x = alt.X("estimate:Q", title=f"Estimated {scale}, with its interval").scale(nice=True, zero=True)
    kinds = ["rejects", "other"]
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[WITH, WITHOUT]))
    base = alt.Chart(data(rows)).encode(y=y)
    bars = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q", color=colour)
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x=x.axis(tickCount=7), color=colour)
    true = base.mark_tick(thickness=2.5, size=20, color=OBSERVED).encode(x="truth:Q")
    layers = _no_effect() + bars + true + dots + _words(base, width, colour)
    explained = [
        "Dot and bar: estimate and interval of one trial. Upright mark: the true value in that scenario.",
        "Blue: the trial rejects. Grey: it does not. The same patients come to trial 1 in every scenario.",
    ]
    return themed(layers.properties(width=width, height=height, title=heading(title, explained)))


def forest_rows(examples: Sequence[ExampleTrial], truths: Mapping[str, float | None]) -> Rows:
    """Return one row a trial with its place from the top; scenarios stand a little apart, and each is named once."""
    rows: Rows = []
    names = list(dict.fromkeys(item.scenario for item in examples))
    for item in examples:
        is_first = not rows or rows[-1]["scenario"] != item.scenario
        rows.append(
            {
                "place": len(rows) + GROUP_GAP * names.index(item.scenario),
                "scenario": item.scenario,
                "name": item.scenario if is_first else "",
                "trial": f"trial {item.replicate + 1}",
                "estimate": item.estimate,
                "low": item.low,
                "high": item.high,
                "truth": truths.get(item.scenario),
                "kind": "rejects" if item.ends == "rejects" else "other",
                "label": ending(item),
            }
        )
    return rows


def ending(item: ExampleTrial) -> str:
    """Return how a trial ended, with how many patients."""
    return f"{item.ends}, {numbers.count(item.patients)} patients"


def _no_effect() -> alt.Chart:
    """Return the line at no effect."""
    return alt.Chart(data([{"estimate": 0.0}])).mark_rule(color=AXIS, strokeWidth=1.5).encode(x="estimate:Q")


def _words(base: alt.Chart, width: float, colour: alt.Color) -> alt.LayerChart:
    """Return the names at the left and the endings at the right of the rows."""
    left: Iterable[tuple[str, float, str, Any]] = (
        ("name:N", -NAME_ROOM - TRIAL_ROOM, "left", alt.value("#1f2933")),
        ("trial:N", -8, "right", alt.value(MUTED)),
    )
    texts = [
        base.mark_text(align=align, fontSize=13, limit=NAME_ROOM - 6).encode(x=alt.value(place), text=field, color=ink)
        for field, place, align, ink in left
    ]
    right = base.mark_text(align="left", fontSize=13).encode(x=alt.value(width + 12), text="label:N", color=colour)
    return alt.LayerChart(layer=[*texts, right])
