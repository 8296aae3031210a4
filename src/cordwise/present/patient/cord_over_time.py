"""One simulated patient's cord over time, without and with cells, and the difference between the two."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from cordwise.patient.life.result import Grid, Paired, PatientLife
from cordwise.present import numbers
from cordwise.present.charts.theme import MUTED, PAGE_WIDTH, Rows, Spec, data, heading, themed

Values = Sequence[Sequence[float]]
Fields = Paired[Mapping[str, Grid]]

KEPT_FIELDS = {"grey": "Grey matter lost", "axon": "Axons lost", "myelin": "Myelin lost"}
FIELD_NAMES: dict[str, str] = {
    "inflammation": "Inflammation",
    "leak": "Barrier leak",
    "oedema": "Oedema",
    "border": "Scar border",
    "matrix": "Scar matrix",
    "graft": "Cells present",
    **KEPT_FIELDS,
}
SHOWN_FIELDS = ("inflammation", "leak", "border", "grey", "axon", "graft")
WORLDS = ("without cells", "with cells", "difference (with minus without)")
PANEL_WIDTH, PANEL_HEIGHT = (PAGE_WIDTH - 150) // 3, 104
SHADES = 20
PALE_TO_DARK = ["#f1f5f8", "#86b3d3", "#0b3a63"]
LESS_TO_MORE = ["#b84a00", "#f6f6f4", "#0068a8"]
DOSE_COLOUR = "#27313b"  # of its own: a dark page lightens the ink of the theme, but heat maps stay light
DAY_TICKS = (1, 7, 30, 90, 365)
LEAST_SHOWN_DIFFERENCE = 0.02
SMALLEST_WRITTEN = 0.005
VISIBLE_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One panel of the cord picture: values by day and cell, how they are coloured, and what is written on them."""

    name: str
    values: Values
    colours: alt.Scale
    note: str
    doses: tuple[float, ...] = ()


def cord_picture(life: PatientLife, *, title: str) -> Spec:
    """Return the themed picture of the cord (see `cord_chart`)."""
    return themed(cord_chart(life, title=title), cord_tiles(life))


def cord_chart(life: PatientLife, *, title: str) -> alt.VConcatChart:
    """Return heat maps of a few tissue fields: position along the cord across, days since injury downwards.

    The panels name their data; `cord_tiles` holds it.
    """
    shown = shown_fields(life.fields)
    rows = [_field_row(life, name, first=place == 0, last=place == len(shown) - 1) for place, name in enumerate(shown)]
    explained = [
        "Position along the cord across, days since injury downwards. Darker is more; each row has its own scale.",
        "Difference: orange is less with cells, blue is more. Dashed line: a dose.",
    ]
    picture = alt.vconcat(*rows, spacing=8).resolve_scale(fill="independent", stroke="independent")
    return picture.properties(title=heading(title, explained))


def cord_tiles(life: PatientLife) -> dict[str, Rows]:
    """Return the rectangles of every panel of `cord_chart`, by the name of the panel."""
    maps = [heat for name in shown_fields(life.fields) for heat in heat_maps(life, name)]
    return {heat.name: tiles(life.axis_mm, life.days, heat.values, SHADES) for heat in maps}


def shown_fields(fields: Fields) -> list[str]:
    """Return the fields drawn: those of `SHOWN_FIELDS` that are not zero everywhere."""
    return [name for name in SHOWN_FIELDS if max(_peak(amounts(found, name)) for _, found in fields.items()) > 0]


def amounts(fields: Mapping[str, Grid], name: str) -> Values:
    """Return a field as an amount that is zero in a healthy cord: what is kept is turned into what is lost."""
    values = fields[name]
    return [[1 - kept for kept in row] for row in values] if name in KEPT_FIELDS else values


def heat_maps(life: PatientLife, name: str) -> tuple[HeatMap, HeatMap, HeatMap]:
    """Return a field without cells, with cells and as the difference; the first two share one scale from zero."""
    without, with_cells = (amounts(found, name) for _, found in life.fields.items())
    change = [[b - a for a, b in zip(*pair, strict=True)] for pair in zip(without, with_cells, strict=True)]
    top = max(_peak(without), _peak(with_cells))
    reach = max(_peak(change), LEAST_SHOWN_DIFFERENCE * top)
    amount = alt.Scale(domain=[0, top / 2, top], range=PALE_TO_DARK, clamp=True, interpolate="rgb")
    difference = alt.Scale(domain=[-reach, 0, reach], range=LESS_TO_MORE, clamp=True, interpolate="rgb")
    doses = tuple(dose.day for dose in life.regimen.doses)
    return (
        HeatMap(f"{name} without", without, amount, f"peak {numbers.number(_peak(without), 2)}"),
        HeatMap(f"{name} with", with_cells, amount, f"peak {numbers.number(_peak(with_cells), 2)}", doses),
        HeatMap(f"{name} difference", change, difference, _difference(_largest(change)), doses),
    )


def _field_row(life: PatientLife, name: str, *, first: bool, last: bool) -> alt.HConcatChart:
    """Return the three panels of one field; the first row names the columns, the last carries the axis in mm."""
    panels = [
        _panel(
            life,
            heat,
            across=last,
            downwards=FIELD_NAMES[name] if place == 0 else "",
            world=WORLDS[place] if first else "",
        )
        for place, heat in enumerate(heat_maps(life, name))
    ]
    return alt.hconcat(*panels, spacing=12).resolve_scale(fill="independent", stroke="independent")


def _panel(
    life: PatientLife, heat: HeatMap, *, across: bool, downwards: str, world: str
) -> alt.LayerChart | alt.FacetChart:
    """Return one heat map with its note above and its doses as dashed lines."""
    reach, last_day = visible_reach(life), max(life.days)
    x = alt.X("left:Q", title="mm from the centre of the lesion" if across else None)
    x = x.scale(domain=[-reach, reach], nice=False).axis(labels=across, ticks=across, grid=False, tickCount=5)
    y = alt.Y("from:Q", title=[downwards, "day"] if downwards else None)
    y = y.scale(type="symlog", domain=[min(life.days), last_day], reverse=True, nice=False)
    named = bool(downwards)
    ticks = alt.Axis(values=_day_ticks(last_day), labels=named, ticks=named, grid=False, format="d", labelOverlap=False)
    # A hairline in the tile's own shade closes the seams that smoothing leaves between neighbours.
    map_of_tiles = alt.Chart(alt.NamedData(name=heat.name)).mark_rect(clip=True, strokeWidth=1)
    fill = alt.Fill("value:Q", scale=heat.colours, legend=None)
    stroke = alt.Stroke("value:Q", scale=heat.colours, legend=None)
    layers = [map_of_tiles.encode(x=x, x2="right:Q", y=y.axis(ticks), y2="until:Q", fill=fill, stroke=stroke)]
    if heat.doses:
        dashes = alt.Chart(data([{"from": day} for day in heat.doses]))
        layers.append(dashes.mark_rule(color=DOSE_COLOUR, strokeDash=[3, 3], clip=True).encode(y="from:Q"))
    return alt.layer(*layers, width=PANEL_WIDTH, height=PANEL_HEIGHT, title=_note(heat.note, world))


def visible_reach(life: PatientLife) -> float:
    """Return how far from the centre (mm) anything is seen: the part of the axis worth drawing."""
    axis, fields = life.axis_mm, life.fields
    fars = [axis[0], axis[-1]]
    seen = []
    for name in shown_fields(fields):
        values = [*amounts(fields.without, name), *amounts(fields.with_cells, name)]
        least = VISIBLE_SHARE * _peak(values)
        seen += [abs(x) for cell, x in enumerate(axis) if any(abs(row[cell]) > least for row in values)]
    return min(max(seen, default=max(fars)) * 1.1, *(abs(far) for far in fars))


def tiles(axis_mm: Sequence[float], days: Sequence[float], values: Values, shades: int) -> Rows:
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


def _edges(centres: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return where each cell begins and ends: half way to its neighbours."""
    inner = [round((a + b) / 2, 4) for a, b in pairwise(centres)]
    return [centres[0], *inner], [*inner, centres[-1]]


def _peak(values: Values) -> float:
    """Return the largest size in a field."""
    return max((abs(value) for row in values for value in row), default=0.0)


def _largest(change: Values) -> float:
    """Return the largest difference with its sign."""
    return max((value for row in change for value in row), key=abs)


def _day_ticks(last_day: float) -> list[int]:
    """Return the tick days that lie inside the simulated time."""
    return list(DAY_TICKS[: bisect_right(DAY_TICKS, last_day)])


def _difference(largest: float) -> str:
    """Return the largest difference as written above its panel, or that there is none to speak of."""
    return f"largest {numbers.signed(largest, 2)}" if abs(largest) >= SMALLEST_WRITTEN else "all smaller than 0.01"


def _note(text: str, world: str) -> alt.TitleParams:
    """Return what is written above a heat map: its peak, in the first row below the name of its column."""
    if world:
        return alt.TitleParams(world, fontSize=13, subtitle=text, subtitleFontSize=11, subtitlePadding=3, offset=3)
    return alt.TitleParams(text, fontSize=11, fontWeight="normal", color=MUTED, offset=3)
