"""One look for every chart: fonts, a palette safe for colour-blind readers, quiet axes.

`INK` and its neighbours are also the keys by which the page recolours a drawing in the dark (see `dark_colours`).
"""

from collections.abc import Sequence
from typing import Any

import altair as alt

# Faces of one set of widths come first: a drawing is measured with one of them and shown with another.
FONT = "Arial, Helvetica, 'Liberation Sans', 'Segoe UI', system-ui, sans-serif"
INK = "#1f2933"
MUTED = "#55606b"
GRID = "#e3e7eb"
AXIS = "#9aa5b1"
WITHOUT = "#5d6b78"
WITH = "#0068a8"
OBSERVED = "#b84a00"
BAND = "#c5d3de"
TAIL = "#e8a273"
PANEL = "#f4f6f8"

PAGE_WIDTH = 880
TITLE_SIZE, TEXT_SIZE = 15, 12
FONT_ROOM = 34  # a reader's font may be wider than the one the drawing was measured with

# Words in the colours of fibres, as on a light page and in the dark; the drawn fibres keep theirs, on a light cord.
KEY_COLOURS = {"#00765f": "#4fc3a8", "#204f9d": "#8fb4f0", "#9c4087": "#dc94cb"}

DARK_COLOURS: dict[str, str] = {
    INK: "#e6eaee",
    MUTED: "#a7b2bd",
    GRID: "#313a43",
    AXIS: "#6b7680",
    WITHOUT: "#a3b0bb",
    WITH: "#5db7ee",
    OBSERVED: "#ff9d5c",
    BAND: "#3c4c5a",
    TAIL: "#a5623a",
    PANEL: "#232b33",
    **KEY_COLOURS,
}

Rows = list[dict[str, Any]]
Spec = dict[str, Any]


def data(rows: Rows) -> alt.Data:
    """Return tidy rows as inline data of a chart."""
    return alt.Data(values=rows)


def heading(title: str | Sequence[str], subtitle: str | Sequence[str] = "") -> alt.TitleParams:
    """Return a title that states the finding or question, with an optional line of explanation."""
    return alt.TitleParams(text=_lines(title), subtitle=_lines(subtitle))


def _lines(text: str | Sequence[str]) -> list[str]:
    """Return text as the list of lines a title is drawn from."""
    return [text] if isinstance(text, str) else list(text)


def themed(chart: Any, datasets: dict[str, Rows] | None = None) -> Spec:  # noqa: ANN401
    """Return the chart as a Vega-Lite specification with the shared look.

    `datasets` holds what the chart refers to by name: large tables go round the copies that composing charts makes.
    """
    spec = chart.configure(**_config()).to_dict()
    return {**spec, "datasets": {**spec.get("datasets", {}), **(datasets or {})}}


def names_at_left(y: alt.Y, room: float, *, size: int = TEXT_SIZE) -> alt.Y:
    """Return a vertical axis of names without lines; it keeps 20 of `room` for a font wider than measured."""
    return y.axis(labelLimit=room - 20, minExtent=room, domain=False, ticks=False, labelFontSize=size)


def _config() -> dict[str, Any]:
    """Return the Vega-Lite configuration all charts share."""
    text = {"font": FONT, "fontSize": TEXT_SIZE}
    return {
        "background": "transparent",
        "font": FONT,
        "padding": {"left": 8, "top": 6, "bottom": 6, "right": FONT_ROOM},
        "aria": False,
        "view": {"stroke": None},
        "text": {**text, "color": INK},
        "title": _title_config(),
        "axis": _axis_config(),
        "header": {"labelFontSize": 13, "labelFontWeight": 600, "labelColor": INK, "titleColor": INK},
        "legend": {"labelColor": INK, "titleColor": INK},  # black of their own would not be seen in the dark
        "facet": {"spacing": 24},
        "concat": {"spacing": 28},
    }


def _title_config() -> dict[str, Any]:
    """Return how titles and subtitles look: left, above, in plain weight."""
    return {
        "anchor": "start",
        "frame": "group",
        "font": FONT,
        "fontSize": TITLE_SIZE,
        "fontWeight": 600,
        "color": INK,
        "subtitleFont": FONT,
        "subtitleFontSize": TEXT_SIZE,
        "subtitleColor": MUTED,
        "subtitlePadding": 5,
        "offset": 12,
    }


def _axis_config() -> dict[str, Any]:
    """Return how axes look: light grid, no tick clutter, upright titles of ordinary weight."""
    return {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": TEXT_SIZE,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "labelColor": MUTED,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "titlePadding": 8,
        "labelPadding": 4,
        "labelOverlap": "greedy",
    }
