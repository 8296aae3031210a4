"""Predicted against observed for every registry figure the model was asked for."""

from collections.abc import Sequence

import altair as alt

from cordwise.population.check import PopulationCheck, TargetCheck
from cordwise.present import numbers
from cordwise.present.charts.theme import AXIS, OBSERVED, PAGE_WIDTH, WITH, Rows, Spec, data, heading, themed
from cordwise.present.population.measures import MEASURE_NAMES

COLUMNS = 3
EDGE_ROOM = 1.04
PANEL = (PAGE_WIDTH - 170) // COLUMNS


TITLE = "Do simulated patients reproduce the published figures?"


def predicted_against_observed(result: PopulationCheck) -> Spec:
    """Return one square panel a measure: prediction and interval against the observed figure, with the diagonal."""
    targets = result.predicted
    measures = [name for name in MEASURE_NAMES if any(row.measure == name for row in targets)]
    measures += sorted({row.measure for row in targets} - set(measures))
    panels = [_panel(target_rows(targets, measure), measure) for measure in measures]
    rows = [alt.hconcat(*panels[at : at + COLUMNS], spacing=24) for at in range(0, len(panels), COLUMNS)]
    explained = "On the line: prediction equals observation. Bars: 95 % interval of the prediction; orange ones miss."
    return themed(alt.vconcat(*rows, spacing=24).properties(title=heading(TITLE, explained)))


def target_rows(targets: Sequence[TargetCheck], measure: str) -> Rows:
    """Return the predicted targets of a measure, those whose interval misses the observation last, to lie on top."""
    rows = [
        {
            "observed": row.observed,
            "predicted": row.predicted,
            "low95": row.low95,
            "high95": row.high95,
            "reached": "misses" if row.is_missed else "covers",
        }
        for row in targets
        if row.measure == measure
    ]
    return sorted(rows, key=lambda row: row["reached"])


def _panel(rows: Rows, measure: str) -> alt.LayerChart:
    """Return the panel of one measure on equal axes."""
    low = min([0.0, *(row["observed"] for row in rows)])
    high = max([row[end] for row in rows for end in ("observed", "high95")]) * EDGE_ROOM or 1.0
    scale = alt.Scale(domain=[low, high], nice=False)
    x = alt.X("observed:Q", title="Observed", scale=scale, axis=alt.Axis(tickCount=5))
    y = alt.Y("predicted:Q", title="Predicted", scale=scale, axis=alt.Axis(tickCount=5))
    colour = alt.Color("reached:N", legend=None, scale=alt.Scale(domain=["covers", "misses"], range=[WITH, OBSERVED]))
    base = alt.Chart(data(rows)).encode(x=x)
    bars = base.mark_rule(clip=True, strokeWidth=1.2, opacity=0.55).encode(y="low95:Q", y2="high95:Q", color=colour)
    dots = base.mark_point(filled=True, size=26, opacity=0.9).encode(y=y, color=colour)
    diagonal = alt.Chart(data([{"observed": low, "predicted": low}, {"observed": high, "predicted": high}]))
    line = diagonal.mark_line(color=AXIS, strokeWidth=1.5).encode(x=x, y=y)
    name = MEASURE_NAMES.get(measure, measure)
    title = alt.TitleParams(name, fontSize=13, subtitle=f"{numbers.count(len(rows))} targets")
    return (line + bars + dots).properties(width=PANEL, height=PANEL, title=title)
