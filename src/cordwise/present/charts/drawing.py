"""From a chart or a hand-made drawing to inline SVG with a text alternative, or to PNG."""

import re
from html import escape
from typing import Any

import vl_convert

_ROOT = re.compile(r"<svg\b[^>]*?\bwidth=\"(?P<width>[\d.]+)\" height=\"(?P<height>[\d.]+)\"[^>]*>")
_ID = re.compile(r"\bid=\"(?P<id>[^\"]+)\"")
_NO_URLS: list[str] = []


def svg(spec: dict[str, Any], *, name: str, title: str, description: str) -> str:
    """Return the chart as SVG that a screen reader announces by `title` and `description`.

    `name` must be unique in the page: it prefixes every identifier in the drawing, so that two charts never share a
    clip path and the same chart always gives the same bytes.
    """
    return inline(vl_convert.vegalite_to_svg(spec, allowed_base_urls=_NO_URLS), name, title, description)


def inline(drawn: str, name: str, title: str, description: str) -> str:
    """Return an SVG document as part of a page: announced by title and description, identifiers of its own."""
    return _with_text_alternative(_with_own_identifiers(drawn, name), name, title, description)


def png(drawn: str, *, scale: float) -> bytes:
    """Return a drawing as PNG."""
    return vl_convert.svg_to_png(drawn, scale=scale)


def _with_own_identifiers(drawn: str, name: str) -> str:
    """Renumber the identifiers of a drawing; the renderer counts them over the life of the process."""
    for place, old in enumerate(dict.fromkeys(_ID.findall(drawn))):
        new = f"{name}-{place}"
        drawn = drawn.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return drawn


def _with_text_alternative(drawn: str, name: str, title: str, description: str) -> str:
    """Name the drawing as one image; the marks inside it are then not announced one by one."""
    found = _ROOT.search(drawn)
    if found is None:
        raise ValueError("the renderer returned no SVG root with a size")
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-text" '
        f'width="{found["width"]}" height="{found["height"]}" viewBox="0 0 {found["width"]} {found["height"]}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
    )
    return root + drawn[found.end() :]
