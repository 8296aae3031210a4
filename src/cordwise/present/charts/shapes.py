"""Elements of a hand-made SVG drawing as text; every text and attribute is escaped here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from cordwise.present.charts.theme import FONT

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Elements with the size of the paper they need."""

    parts: Sequence[str]
    width: float
    height: float


def element(name: str, content: str = "", /, **attributes: float | str) -> str:
    """Return one element; `stroke_width=2` becomes `stroke-width="2"`, and `content` is markup already."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{_value(item)}"' for key, item in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def words(x: float, y: float, content: str, /, *, size: float, fill: str, **attributes: float | str) -> str:
    """Return one line of text in the font of all drawings."""
    return element("text", escape(content), x=x, y=y, font_family=FONT, font_size=size, fill=fill, **attributes)


def group(parts: Iterable[str], *, x: float = 0.0, y: float = 0.0) -> str:
    """Return elements moved together."""
    return element("g", "".join(parts), transform=f"translate({_value(x)} {_value(y)})")


def document(parts: Iterable[str], *, width: float, height: float, background: str = "") -> str:
    """Return a whole drawing, on a background where one is wanted."""
    paper = element("rect", width=width, height=height, fill=background) if background else ""
    # The order of width and height is what `drawing.inline` looks for.
    root = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_value(width)}" height="{_value(height)}">'
    return f"{root}{paper}{''.join(parts)}</svg>"


def outline(points: Sequence[Point], *, closed: bool = False) -> str:
    """Return the path through points."""
    steps = " L".join(f"{_value(x)} {_value(y)}" for x, y in points)
    return f"M{steps}{'Z' if closed else ''}"


def fade(identifier: str, colour: str, opacities: Sequence[float]) -> str:
    """Return a gradient from top to bottom in one colour whose opacity takes the given values, evenly spaced."""
    last = max(len(opacities) - 1, 1)
    stops = "".join(
        element("stop", offset=place / last, stop_color=colour, stop_opacity=value)
        for place, value in enumerate(opacities)
    )
    return element("linearGradient", stops, id=identifier, x1=0, y1=0, x2=0, y2=1)


def _value(item: float | str) -> str:
    """Return an attribute; numbers get no more digits than can be seen."""
    return escape(item) if isinstance(item, str) else f"{round(item, 2) + 0.0:g}"
