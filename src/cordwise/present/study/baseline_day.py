"""The day of the baseline examination decides how much recovery is still to come."""

from collections.abc import Sequence

import altair as alt

from cordwise.appraisal.result import ArmAppraisal, BaselineDayPoint
from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.charts.theme import (
    BAND,
    MUTED,
    OBSERVED,
    PAGE_WIDTH,
    PANEL,
    WITHOUT,
    Spec,
    data,
    heading,
    themed,
)


def expected_by_baseline_day(
    curve: Sequence[BaselineDayPoint], arm: ArmAppraisal, window: tuple[float, float], *, title: str
) -> Spec:
    """Return the expected number improved without cells against the day of the baseline examination.

    `window` holds the first and last baseline day of the study; `arm` gives the observed number.
    """
    last = max(*(point.day for point in curve), window[1])
    x = alt.X("day:Q", title="Day of the baseline examination (days since injury)")
    x = x.scale(domain=[0, last], nice=False).axis(tickCount=9)
    y = alt.Y("expected:Q", title=f"Expected number improved of {arm.n}")
    y = y.scale(domain=[0, arm.n * 1.1], nice=False).axis(tickMinStep=1)
    base = alt.Chart(data(to_plain(curve))).encode(x=x)
    band = base.mark_area(color=BAND, opacity=0.75).encode(y="low95:Q", y2="high95:Q")
    line = base.mark_line(color=WITHOUT, strokeWidth=2.5).encode(y=y)
    layers = _window(window, arm.n * 1.1) + band + line + _observed(arm, last) + _curve_label(curve)
    explained = "Line and band: simulated patients without cells, with 95 % interval."
    return themed(layers.properties(width=PAGE_WIDTH - 80, height=240, title=heading(title, explained)))


def _window(window: tuple[float, float], top: float) -> alt.LayerChart:
    """Return the study's own baseline days, as a shaded strip with its name at the foot."""
    first, last = window
    thinnest = 1.0
    strip = {"from": min(first, last - thinnest), "to": last, "foot": 0, "top": top, "label": "baseline of the study"}
    base = alt.Chart(data([strip]))
    area = base.mark_rect(color=PANEL).encode(x="from:Q", x2="to:Q", y="foot:Q", y2="top:Q")
    text = base.mark_text(align="left", baseline="bottom", dx=5, dy=-6, color=MUTED)
    return area + text.encode(x="to:Q", y="foot:Q", text="label:N")


def _observed(arm: ArmAppraisal, last: float) -> alt.LayerChart:
    """Return the observed number as a level line with its label at the right."""
    seen = {"expected": arm.observed_improved, "day": last}
    seen["label"] = f"observed: {numbers.out_of(arm.observed_improved, arm.n)}"
    base = alt.Chart(data([seen])).encode(y="expected:Q")
    line = base.mark_rule(color=OBSERVED, strokeWidth=2)
    text = base.mark_text(align="right", baseline="bottom", dy=-5, color=OBSERVED, fontWeight=600, fontSize=13)
    return line + text.encode(x="day:Q", text="label:N")


def _curve_label(curve: Sequence[BaselineDayPoint]) -> alt.Chart:
    """Return the name of the curve, written just above its right end."""
    base = alt.Chart(data([{**to_plain(curve[-1]), "label": "expected without cells"}]))
    text = base.mark_text(align="right", baseline="bottom", dy=-8, color=WITHOUT, fontWeight=600)
    return text.encode(x="day:Q", y="high95:Q", text="label:N")
