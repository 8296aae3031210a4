"""Natural recovery over time, by grade at baseline, against the shares that were observed."""

import altair as alt

from cordwise.appraisal.result import RecoveryTimeline
from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.charts.theme import BAND, OBSERVED, PAGE_WIDTH, WITHOUT, Rows, Spec, data, heading, themed

PANEL_HEIGHT = 210
LABEL_ROOM = 0.16
DOT_ROOM = 1.06


def natural_recovery(timeline: RecoveryTimeline, *, title: str) -> Spec:
    """Return one panel a grade: the share improved without cells against days since injury, with intervals."""
    grades = sorted({series.grade for series in timeline.series})
    width = min(420, (PAGE_WIDTH - 70) // len(grades) - 50)
    panels = [_panel(timeline, grade, width, first=place == 0) for place, grade in enumerate(grades)]
    explained = "Line and band: simulated patients without cells, with 95 % interval. Dot: observed in the study."
    return themed(alt.hconcat(*panels).properties(title=heading(title, explained)))


def share_rows(timeline: RecoveryTimeline, grade: str) -> Rows:
    """Return the curve of one grade as tidy rows."""
    series = next(item for item in timeline.series if item.grade == grade)
    return [
        {"day": day, "share": share, "low95": low, "high95": high}
        for day, share, low, high in zip(timeline.days, series.share, series.low95, series.high95, strict=True)
    ]


def observed_rows(timeline: RecoveryTimeline, grade: str) -> Rows:
    """Return the observed shares of one grade, each with its label."""
    return [
        {**to_plain(item), "label": f"observed {numbers.out_of(item.improved, item.n)}"}
        for item in timeline.observed
        if item.grade == grade
    ]


def _panel(timeline: RecoveryTimeline, grade: str, width: int, *, first: bool) -> alt.LayerChart:
    """Return the panel of one grade; only the first carries the title of the vertical axis."""
    rows, observed = share_rows(timeline, grade), observed_rows(timeline, grade)
    last_day = max(timeline.days)
    x = alt.X("day:Q", title="Days since injury", scale=alt.Scale(domain=[0, DOT_ROOM * last_day], nice=False))
    y = alt.Y("share:Q", title="Share improved" if first else None, scale=alt.Scale(domain=[0, 1 + LABEL_ROOM]))
    y = y.axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    curve = alt.Chart(data(rows)).encode(x=x.axis(tickCount=5))
    band = curve.mark_area(color=BAND, opacity=0.75).encode(y=alt.Y("low95:Q"), y2="high95:Q")
    line = curve.mark_line(color=WITHOUT, strokeWidth=2.5).encode(y=y)
    layers = band + line + _observed(observed, last_day)
    return layers.properties(width=width, height=PANEL_HEIGHT, title=alt.TitleParams(f"AIS {grade}", fontSize=13))


def _observed(observed: Rows, last_day: float) -> alt.LayerChart:
    """Return the observed share as a dot with its count beside it."""
    align = "right" if observed and observed[0]["day"] > last_day / 2 else "left"
    base = alt.Chart(data(observed)).encode(x="day:Q", y="share:Q")
    dots = base.mark_point(color=OBSERVED, filled=True, size=90, opacity=1)
    label = base.mark_text(color=OBSERVED, dy=-14, align=align, dx=8 if align == "right" else -8, fontWeight=600)
    return dots + label.encode(text="label:N")
