"""One simulated patient's cord over time, without and with cells, and the difference between the two."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt

from cordwise.report import numbers
from cordwise.report.charts.theme import INK, MUTED, PAGE_WIDTH, Rows, Spec, data, heading, themed

Values = list[list[float]]

FIELD_NAMES: dict[str, str] = {
    "inflammation": "Inflammation",
    "leak": "Leak of the barrier",
    "border": "Scar border",
    "grey": "Grey matter kept",
    "axon": "Axons kept",
    "graft": "Transplanted cells",
    "oedema": "Oedema",
    "matrix": "Scar matrix",
    "myelin": "Myelin kept",
}
SHOWN_FIELDS = ("inflammation", "leak", "border", "grey", "axon", "graft")
WORLDS = ("without cells", "with cells", "difference")
PANEL_WIDTH, PANEL_HEIGHT = (PAGE_WIDTH - 190) // 3, 104
SHADES = 24
PALE_TO_DARK = ["#f4f7fa", "#86b3d3", "#0b3a63"]
LESS_TO_MORE = ["#b84a00", "#f7f7f5", "#0068a8"]
DAY_TICKS = (1, 7, 30, 90, 365)
LEAST_SHOWN_DIFFERENCE = 0.02


def cord_picture(result: dict[str, Any], *, title: str) -> Spec:
    """Return the themed picture of the cord (see `cord_chart`)."""
    return themed(cord_chart(result, title=title))


def cord_chart(result: dict[str, Any], *, title: str) -> alt.VConcatChart:
    """Return heat maps of a few tissue fields: position along the cord across, days since injury downwards."""
    shown = shown_fields(result["fields"])
    rows = [
        _field_row(result, name, first=place == 0, last=place == len(shown) - 1) for place, name in enumerate(shown)
    ]
    explained = [
        "Position along the cord across, days since injury downwards. Darker is more; each row has its own scale.",
        "Difference: blue is more with cells, orange is less. Dashed: a dose.",
    ]
    return alt.vconcat(*rows, spacing=10).properties(title=heading(title, explained))


def shown_fields(fields: dict[str, Any]) -> list[str]:
    """Return the fields drawn: those of `SHOWN_FIELDS` that the result holds and that are not zero everywhere."""
    return [
        name
        for name in SHOWN_FIELDS
        if name in fields["without"] and max(_peak(fields[world][name]) for world in ("without", "with")) > 0
    ]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One panel of the cord picture: values by day and cell, how they are coloured, and what is written on them."""

    values: Values
    colours: alt.Scale
    note: str
    doses: tuple[float, ...] = ()


def _field_row(result: dict[str, Any], name: str, *, first: bool, last: bool) -> alt.HConcatChart:
    """Return the three panels of one field; the first row names the columns, the last carries the axis in mm."""
    doses = tuple(dose["day"] for dose in (result.get("regimen") or {}).get("doses", ()))
    fields = result["fields"]
    panels = [
        _panel(result, heat, across=last, downwards=FIELD_NAMES[name] if place == 0 else "")
        for place, heat in enumerate(_heat_maps(fields["without"][name], fields["with"][name], doses))
    ]
    if first:
        panels = [
            panel.properties(title=alt.TitleParams(world, fontSize=13, anchor="middle", offset=6))
            for panel, world in zip(panels, WORLDS, strict=True)
        ]
    return alt.hconcat(*panels, spacing=12).resolve_scale(color="independent")


def _heat_maps(without: Values, with_cells: Values, doses: tuple[float, ...]) -> tuple[HeatMap, HeatMap, HeatMap]:
    """Return a field without cells, with cells and as the difference; the first two share one scale from zero."""
    change = [[b - a for a, b in zip(*pair, strict=True)] for pair in zip(without, with_cells, strict=True)]
    top = max(_peak(without), _peak(with_cells))
    reach = max(_peak(change), LEAST_SHOWN_DIFFERENCE * top)
    amount = alt.Scale(domain=[0, top / 2, top], range=PALE_TO_DARK, clamp=True)
    difference = alt.Scale(domain=[-reach, 0, reach], range=LESS_TO_MORE, clamp=True)
    return (
        HeatMap(without, amount, f"peak {numbers.number(_peak(without), 2)}"),
        HeatMap(with_cells, amount, f"peak {numbers.number(_peak(with_cells), 2)}", doses),
        HeatMap(change, difference, f"largest {_largest(change)}", doses),
    )


def _panel(result: dict[str, Any], heat: HeatMap, *, across: bool, downwards: str) -> alt.LayerChart:
    """Return one heat map with its note in the corner and its doses as dashed lines."""
    x = alt.X("left:Q", title="mm from the centre of the lesion" if across else None)
    x = x.scale(domain=_ends(result["axis_mm"]), nice=False)
    x = x.axis(labels=across, ticks=across, grid=False, tickCount=5)
    y = alt.Y("from:Q", title=[downwards, "day"] if downwards else None)
    y = y.scale(type="symlog", domain=_ends(result["days"]), reverse=True, nice=False)
    y = y.axis(values=_day_ticks(result["days"]), labels=bool(downwards), ticks=bool(downwards), grid=False, format="d")
    colour = alt.Color("value:Q", scale=heat.colours, legend=None)
    rows = tiles(result["axis_mm"], result["days"], heat.values, SHADES)
    map_of_tiles = alt.Chart(data(rows)).mark_rect(clip=True)
    layers = map_of_tiles.encode(x=x, x2="right:Q", y=y, y2="until:Q", color=colour) + _note(result, heat.note)
    if heat.doses:
        dashes = alt.Chart(data([{"from": day} for day in heat.doses]))
        layers += dashes.mark_rule(color=INK, strokeDash=[3, 3], clip=True).encode(y="from:Q")
    return layers.properties(width=PANEL_WIDTH, height=PANEL_HEIGHT)


def tiles(axis_mm: list[float], days: list[float], values: Values, shades: int) -> Rows:
    """Return the rectangles of a heat map, neighbours in time of equal shade drawn as one.

    `values` has one list of cells for each day; the result is exact to one part in `shades` of the largest value.
    """
    left, right = _edges(axis_mm)
    start, end = _edges(days)
    step = _peak(values) / shades or 1.0
    rows: Rows = []
    for cell in range(len(axis_mm)):
        for day in range(len(days)):
            shade = round(values[day][cell] / step)
            previous = rows[-1] if day else None
            if previous is not None and previous["shade"] == shade:
                previous["until"] = end[day]
                continue
            place = {"left": left[cell], "right": right[cell], "from": start[day], "until": end[day]}
            rows.append({**place, "shade": shade, "value": shade * step})
    return rows


def _edges(centres: list[float]) -> tuple[list[float], list[float]]:
    """Return where each cell begins and ends: half way to its neighbours."""
    middles = [(a + b) / 2 for a, b in pairwise(centres)]
    inner = [round(middle, 4) for middle in middles]
    return [centres[0], *inner], [*inner, centres[-1]]


def _peak(values: Values) -> float:
    """Return the largest size in a field."""
    return max((abs(value) for row in values for value in row), default=0.0)


def _largest(change: Values) -> str:
    """Return the largest difference with its sign."""
    return numbers.signed(max((value for row in change for value in row), key=abs), 2)


def _ends(places: list[float]) -> list[float]:
    """Return the first and last place."""
    return [min(places), max(places)]


def _day_ticks(days: list[float]) -> list[int]:
    """Return the tick days that lie inside the simulated time."""
    return list(DAY_TICKS[: bisect_right(DAY_TICKS, max(days))])


def _note(result: dict[str, Any], text: str) -> alt.Chart:
    """Return a short note in the lower left corner of a heat map, on a halo that keeps it readable."""
    place = {"left": min(result["axis_mm"]), "from": max(result["days"]), "note": text}
    base = alt.Chart(data([place])).encode(x="left:Q", y="from:Q", text="note:N")
    halo = {"align": "left", "baseline": "bottom", "dx": 5, "dy": -4, "fontSize": 11}
    return base.mark_text(color="#ffffff", stroke="#ffffff", strokeWidth=3, **halo) + base.mark_text(
        color=MUTED, **halo
    )
