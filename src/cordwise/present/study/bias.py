"""How large misgrading or selection would have to be to explain the result: two tipping-point curves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

from cordwise.appraisal.bias import BiasTippingPoint, MisgradingPoint, SelectionPoint, TippingPoints
from cordwise.appraisal.result import ArmAppraisal
from cordwise.base.codec import to_plain
from cordwise.present import numbers
from cordwise.present.charts.theme import INK, OBSERVED, PAGE_WIDTH, WITHOUT, Rows, Spec, data, heading, themed

PANEL_WIDTH = (PAGE_WIDTH - 130) // 2
PANEL_HEIGHT = 230
HEADROOM = 1.12
TIPPING_WORDS = ("no longer surprising from", "expected outright at")
UNBIASED_WORDS = ("not surprising even without it", "expected outright without it")
ODDS_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
BEYOND_TIPPING = 4.0

TippingPoint = BiasTippingPoint[MisgradingPoint] | BiasTippingPoint[SelectionPoint]


@dataclass(frozen=True, slots=True)
class Bias:
    """One way in which a number can come out too high: what its size is called, its axis, how its size is written."""

    size: str
    name: str
    x: alt.X
    write: Callable[[float | None], str]


MISGRADING = Bias(
    "rate",
    "Misgrading",
    alt.X("rate:Q", title="Share of those who did not improve but are graded up").axis(format="%", tickCount=6),
    numbers.share,
)
SELECTION = Bias(
    "odds_ratio",
    "Selection of patients",
    alt.X("odds_ratio:Q", title="Odds to recover of those chosen, as a multiple (log scale)")
    .scale(type="log", nice=False)
    .axis(values=list(ODDS_TICKS)),
    lambda at: f"{numbers.number(at)} times",
)


def tipping_curves(bias: TippingPoints, arm: ArmAppraisal, *, title: str) -> Spec:
    """Return expected numbers improved against the size of each bias, with the observed number as a line."""
    panels = [_panel(bias.misgrading, arm, MISGRADING), _panel(bias.selection, arm, SELECTION)]
    explained = "Curve: number improved that simulated patients without cells would show under a bias of this size."
    return themed(alt.hconcat(*panels, spacing=36).properties(title=heading(title, explained)))


def curve_rows(part: TippingPoint, kind: Bias) -> Rows:
    """Return the curve up to a few times the bias that explains the result; all of it where none does."""
    rows: Rows = to_plain(part.curve)
    tipping = [size for size in (part.explains_at, part.matches_at) if size]
    if kind is not SELECTION or not tipping:
        return rows
    return [row for row in rows if row[kind.size] <= BEYOND_TIPPING * max(tipping)]


def _panel(part: TippingPoint, arm: ArmAppraisal, kind: Bias) -> alt.LayerChart:
    """Return the curve of one bias with the observed level and the sizes at which it tips."""
    rows = curve_rows(part, kind)
    y = alt.Y("expected:Q", title=f"Expected number improved of {arm.n}")
    y = y.scale(domain=[0, arm.n * HEADROOM], nice=False).axis(tickMinStep=1)
    curve = alt.Chart(data(rows)).mark_line(color=WITHOUT, strokeWidth=2.5)
    layers = curve.encode(x=kind.x, y=y) + _observed(rows, arm, kind.size)
    for place, row in enumerate(tipping_rows(part, kind)):
        layers += _tipping(row, place, kind.size)
    title = alt.TitleParams(kind.name, fontSize=13, subtitle=tipping_words(part, kind), offset=26)
    return layers.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT, title=title)


def _observed(rows: Rows, arm: ArmAppraisal, size: str) -> alt.LayerChart:
    """Return the observed number as a level line with its label at the left."""
    label = f"observed: {numbers.out_of(arm.observed_improved, arm.n)}"
    seen = {"expected": arm.observed_improved, size: rows[0][size], "label": label}
    base = alt.Chart(data([seen])).encode(y="expected:Q")
    line = base.mark_rule(color=OBSERVED, strokeWidth=2)
    text = base.mark_text(align="left", baseline="bottom", dx=4, dy=-5, color=OBSERVED, fontWeight=600)
    return line + text.encode(x=f"{size}:Q", text="label:N")


def tipping_rows(part: TippingPoint, kind: Bias) -> Rows:
    """Return the sizes of the bias that tip the result, the smaller first, each with its value as label."""
    none = _none(part, kind)
    sizes = [size for size in (part.explains_at, part.matches_at) if size is not None and size != none]
    return [{kind.size: size, "label": kind.write(size)} for size in sizes]


def tipping_words(part: TippingPoint, kind: Bias) -> str:
    """Return in words at which sizes the result tips."""
    none = _none(part, kind)
    found = [
        unbiased if size == none else f"{words} {kind.write(size)}"
        for size, words, unbiased in zip(
            (part.explains_at, part.matches_at), TIPPING_WORDS, UNBIASED_WORDS, strict=True
        )
        if size is not None
    ]
    return "; ".join(found).capitalize() or "No size within reach explains the observed number"


def _none(part: TippingPoint, kind: Bias) -> float:
    """Return the size at which there is no bias: where the curve starts."""
    return getattr(part.curve[0], kind.size)


def _tipping(row: dict[str, Any], place: int, size: str) -> alt.LayerChart:
    """Return one tipping size as a dashed line with its value above the frame, the first left of its line."""
    base = alt.Chart(data([row])).encode(x=f"{size}:Q")
    line = base.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5)
    align, shift = ("left", -2) if place else ("right", 2)
    text = base.mark_text(align=align, baseline="bottom", dx=shift, dy=-3, color=INK, fontSize=11)
    return line + text.encode(y=alt.value(0), text="label:N")
