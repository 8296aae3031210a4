"""How large misgrading or selection would have to be to explain the result: two tipping-point curves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import INK, OBSERVED, PAGE_WIDTH, WITHOUT, Rows, Spec, data, heading, themed

PANEL_WIDTH = (PAGE_WIDTH - 130) // 2
PANEL_HEIGHT = 230
HEADROOM = 1.12
TIPPING_WORDS = {"explains_at": "no longer surprising from", "matches_at": "expected outright at"}
UNBIASED_WORDS = {"explains_at": "not surprising even without it", "matches_at": "expected outright without it"}
ODDS_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
BEYOND_TIPPING = 4.0


@dataclass(frozen=True, slots=True)
class Bias:
    """One way in which a number can come out too high: its key in the result, its axis, how its size is written."""

    key: str
    size: str
    name: str
    x: alt.X
    write: Callable[[float | None], str]


MISGRADING = Bias(
    "misgrading",
    "rate",
    "Misgrading",
    alt.X("rate:Q", title="Share of those who did not improve but are graded up").axis(format="%", tickCount=6),
    numbers.share,
)
SELECTION = Bias(
    "selection",
    "odds_ratio",
    "Selection of patients",
    alt.X("odds_ratio:Q", title="Odds to recover of those chosen, as a multiple (log scale)")
    .scale(type="log", nice=False)
    .axis(values=list(ODDS_TICKS)),
    lambda at: f"{numbers.number(at)} times",
)


def tipping_points(bias: dict[str, Any], arm: dict[str, Any], *, title: str) -> Spec:
    """Return expected numbers improved against the size of each bias, with the observed number as a line."""
    panels = [_panel(bias[kind.key], arm, kind) for kind in (MISGRADING, SELECTION)]
    explained = "Curve: number improved that simulated patients without cells would show under a bias of this size."
    return themed(alt.hconcat(*panels, spacing=36).properties(title=heading(title, explained)))


def curve_rows(part: dict[str, Any], size: str) -> Rows:
    """Return the curve up to a few times the bias that explains the result; all of it where none does."""
    tipping = [part[key] for key in ("explains_at", "matches_at") if part.get(key)]
    if size != SELECTION.size or not tipping:
        return part["curve"]
    return [row for row in part["curve"] if row[size] <= BEYOND_TIPPING * max(tipping)]


def _panel(part: dict[str, Any], arm: dict[str, Any], kind: Bias) -> alt.LayerChart:
    """Return the curve of one bias with the observed level and the sizes at which it tips."""
    rows = curve_rows(part, kind.size)
    y = alt.Y("expected:Q", title=f"Expected number improved of {arm['n']}")
    y = y.scale(domain=[0, arm["n"] * HEADROOM], nice=False).axis(tickMinStep=1)
    curve = alt.Chart(data(rows)).mark_line(color=WITHOUT, strokeWidth=2.5)
    layers = curve.encode(x=kind.x, y=y) + _observed(rows, arm, kind.size)
    for place, row in enumerate(tipping_rows(part, kind)):
        layers += _tipping(row, place, kind.size)
    title = alt.TitleParams(kind.name, fontSize=13, subtitle=tipping_words(part, kind), offset=26)
    return layers.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT, title=title)


def _observed(rows: Rows, arm: dict[str, Any], size: str) -> alt.LayerChart:
    """Return the observed number as a level line with its label at the left."""
    label = f"observed: {numbers.out_of(arm['observed_improved'], arm['n'])}"
    seen = {"expected": arm["observed_improved"], size: rows[0][size], "label": label}
    base = alt.Chart(data([seen])).encode(y="expected:Q")
    line = base.mark_rule(color=OBSERVED, strokeWidth=2)
    text = base.mark_text(align="left", baseline="bottom", dx=4, dy=-5, color=OBSERVED, fontWeight=600)
    return line + text.encode(x=f"{size}:Q", text="label:N")


def tipping_rows(part: dict[str, Any], kind: Bias) -> Rows:
    """Return the sizes of the bias that tip the result, the smaller first, each with its value as label."""
    none = part["curve"][0][kind.size]
    sizes = [part[key] for key in TIPPING_WORDS if part.get(key) is not None and part[key] != none]
    return [{kind.size: size, "label": kind.write(size)} for size in sizes]


def tipping_words(part: dict[str, Any], kind: Bias) -> str:
    """Return in words at which sizes the result tips."""
    none = part["curve"][0][kind.size]
    found = [
        UNBIASED_WORDS[key] if part[key] == none else f"{words} {kind.write(part[key])}"
        for key, words in TIPPING_WORDS.items()
        if part.get(key) is not None
    ]
    return "; ".join(found).capitalize() or "No size within reach explains the observed number"


def _tipping(row: dict[str, Any], place: int, size: str) -> alt.LayerChart:
    """Return one tipping size as a dashed line with its value above the frame, the first left of its line."""
    base = alt.Chart(data([row])).encode(x=f"{size}:Q")
    line = base.mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=1.5)
    align, shift = ("left", -2) if place else ("right", 2)
    text = base.mark_text(align=align, baseline="bottom", dx=shift, dy=-3, color=INK, fontSize=11)
    return line + text.encode(y=alt.value(0), text="label:N")
