"""From a result to one HTML file that needs nothing but itself."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cordwise.base.errors import Fault, InputError
from cordwise.present.html.page import NOT_IN_RESULT, Page

NOTICE = "For research and trial planning with simulated patients. Not for decisions about a patient's care."
# Named, not imported: each brings the charts with it, which are slow to import.
PAGE_MAKERS: dict[str, str] = {
    "population_check": "cordwise.present.population.page:population_page",
}


def render_report(result: Mapping[str, Any]) -> str:
    """Return the report of a result as one self-contained HTML file: same result, same bytes.

    Parameters
    ----------
    result
        A result as commands store it in results.json; `kind` chooses the report.
    """
    return render_page(_page_maker(result.get("kind"))(result))


def render_page(page: Page) -> str:
    """Return a page as one self-contained HTML file."""
    template = _environment().get_template("report.html.j2")
    return template.render(page=page, notice=NOTICE, style=_style(), nothing=NOT_IN_RESULT)


def _page_maker(kind: object) -> Callable[[Mapping[str, Any]], Page]:
    """Return the function that makes the page of one kind of result."""
    if not isinstance(kind, str) or kind not in PAGE_MAKERS:
        advice = "Give a results.json that a cordwise command wrote."
        raise InputError([Fault("kind", f"one of {', '.join(PAGE_MAKERS)}", repr(kind), advice)])
    module, name = PAGE_MAKERS[kind].split(":")
    return getattr(import_module(module), name)


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
