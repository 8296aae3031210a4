"""How large misgrading or selection would have to be to explain the result: two tipping-point curves."""

from typing import Any

import altair as alt

from cordwise.report import numbers
from cordwise.report.charts.theme import INK, MUTED, OBSERVED, PAGE_WIDTH, WITHOUT, Spec, data, heading, themed

PANEL_WIDTH = (PAGE_WIDTH - 150) // 2
PANEL_HEIGHT = 230


def tipping_points(bias: dict[str, Any], arm: dict[str, Any], *, title: str) -> Spec:
    """Return expected numbers improved against the size of each bias, with the observed number as a line."""
    misgrading = _panel(
        bias["misgrading"],
        arm,
        x=alt.X("rate:Q", title="Share misgraded in favour of improvement").axis(format="%", tickCount=6),
        heading_text="Misgrading",
        explains=lambda at: f"explains it at {numbers.share(at)}",
    )
    selection = _panel(
        bias["selection"],
        arm,
        x=alt.X("odds_ratio:Q", title="Odds ratio of recovery, selected against unselected (log scale)").scale(
            type="log", nice=False
        ),
        heading_text="Selection of patients",
        explains=lambda at: f"explains it at {numbers.number(at)}",
    )
    explained = "Curve: expected number improved without cells. Where it meets the line, the bias alone explains it."
    return themed(alt.hconcat(misgrading, selection).properties(title=heading(title, explained)))


def _panel(part: dict[str, Any], arm: dict[str, Any], *, x: alt.X, heading_text: str, explains: Any) -> alt.LayerChart:  # noqa: ANN401
    """Return the curve of one bias with the observed level and the size that explains it."""
    size = str(x.to_dict()["field"])
    top = arm["n"] * 1.1
    y = alt.Y("expected:Q", title=f"Expected improved of {arm['n']}").scale(domain=[0, top], nice=False)
    curve = alt.Chart(data(part["curve"])).mark_line(color=WITHOUT, strokeWidth=2.5)
    layers = curve.encode(x=x, y=y.axis(tickMinStep=1)) + _observed(part, arm, size)
    if part["explains_at"] is not None:
        layers += _tipping(part, size, explains(part["explains_at"]))
    return layers.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT, title=alt.TitleParams(heading_text, fontSize=13))


def _observed(part: dict[str, Any], arm: dict[str, Any], size: str) -> alt.LayerChart:
    """Return the observed number as a level line with its label at the left."""
    label = f"observed: {numbers.out_of(arm['observed_improved'], arm['n'])}"
    seen = {"expected": arm["observed_improved"], size: part["curve"][0][size], "label": label}
    base = alt.Chart(data([seen])).encode(y="expected:Q")
    line = base.mark_rule(color=OBSERVED, strokeWidth=2)
    text = base.mark_text(align="left", baseline="bottom", dx=4, dy=-5, color=OBSERVED, fontWeight=600)
    return line + text.encode(x=f"{size}:Q", text="label:N")


def _tipping(part: dict[str, Any], size: str, label: str) -> alt.LayerChart:
    """Return the size of the bias that explains the result, as a dashed line with its value."""
    places = [row[size] for row in part["curve"]]
    at = part["explains_at"]
    right_half = sum(place < at for place in places) > len(places) / 2
    base = alt.Chart(data([{size: at, "expected": 0, "label": label}])).encode(x=f"{size}:Q")
    line = base.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5)
    text = base.mark_text(
        align="right" if right_half else "left", dx=-6 if right_half else 6, dy=-12, color=MUTED, fontWeight=600
    )
    return line + text.encode(y="expected:Q", text="label:N")
