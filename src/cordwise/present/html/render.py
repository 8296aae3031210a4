"""From a result to one HTML file that needs nothing but itself."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cordwise.present.html.page import NOT_IN_RESULT, Page

NOTICE = "For research and trial planning with simulated patients. Not for decisions about a patient's care."


def render_page(page: Page) -> str:
    """Return a page as one self-contained HTML file."""
    template = _environment().get_template("report.html.j2")
    return template.render(page=page, notice=NOTICE, style=_style(), nothing=NOT_IN_RESULT)


@cache
def _environment() -> Environment:
    """Return the template environment; everything that is not marked safe is escaped."""
    loader = PackageLoader("cordwise.present.html")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _style() -> Markup:
    """Return the style sheet, with the rules that recolour drawings on a dark page."""
    from cordwise.present.charts.theme import DARK_COLOURS

    rules = "\n".join(
        f'  figure svg [{part}="{light}"] {{ {part}: {dark}; }}'
        for light, dark in DARK_COLOURS.items()
        for part in ("fill", "stroke")
    )
    sheet = files("cordwise.present.html").joinpath("templates/report.css").read_text(encoding="utf-8")
    # Written by this package alone: no part of a result enters the style sheet.
    return Markup(f"{sheet}\n@media screen and (prefers-color-scheme: dark) {{\n{rules}\n}}\n")
