"""The body as a chart: areas of feeling and places of key muscles, of our own drawing, as data.

`data/body_chart.csv` draws the right half of a person seen from the front, palms forward: x is how far from the middle
line, y downwards from the crown. Dermatomes are schematic. S2 to S4-5 lie at the back; they are drawn as the seat,
below the feet.
"""

from dataclasses import dataclass
from functools import cache

from cordwise.base.tables import packaged_table
from cordwise.present.charts.shapes import Point


@dataclass(frozen=True, slots=True)
class BodyChart:
    """One half of the body: outline, areas of the dermatomes, and where each muscle's grade and name are written."""

    outline: tuple[Point, ...]
    dermatomes: dict[str, tuple[tuple[Point, ...], ...]]
    muscles: dict[str, tuple[Point, Point]]


@cache
def body_chart() -> BodyChart:
    """Return the chart."""
    table = packaged_table("cordwise.present.exam", "body_chart")
    rows = [(row["kind"], row["name"], _points(row["points"])) for row in table]
    areas: dict[str, tuple[tuple[Point, ...], ...]] = {}
    for kind, name, points in rows:
        if kind == "dermatome":
            areas[name] = (*areas.get(name, ()), points)
    outline = next(points for kind, _, points in rows if kind == "outline")
    return BodyChart(outline, areas, {name: (points[0], points[1]) for kind, name, points in rows if kind == "muscle"})


def _points(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)
