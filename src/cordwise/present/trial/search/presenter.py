"""How a search over designs becomes JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter, named
from cordwise.present.trial.search.text import answer, text
from cordwise.trial.search.result import Search

_ROOM = "cordwise.present.trial.search"


def to_dict(result: Search) -> dict[str, Any]:
    """Return the JSON values, with the answer behind what the result found."""
    values = to_plain(result)
    closing = {name: values.pop(name) for name in ("numerics", "provenance")}
    return {**values, "answer": answer(result), **closing}


SEARCH = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(Search, values),
    text=text,
    page=named(f"{_ROOM}.page:search_page"),
    charts={"frontier": named(f"{_ROOM}.charts:cost_and_power")},
    parts={"designs": named(f"{_ROOM}.tables:design_rows")},
)
