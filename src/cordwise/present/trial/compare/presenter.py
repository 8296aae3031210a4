"""How a comparison of designs becomes JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter, named
from cordwise.present.trial.compare.text import answer, question, text
from cordwise.trial.compare.result import Comparison

_ROOM = "cordwise.present.trial.compare"


def to_dict(result: Comparison) -> dict[str, Any]:
    """Return the JSON values, with the question in front and the answer behind what was found."""
    values = to_plain(result)
    opening = {"kind": values.pop("kind"), "question": question(result)}
    closing = {name: values.pop(name) for name in ("numerics", "provenance")}
    return {**opening, **values, "answer": answer(result), **closing}


COMPARISON = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(Comparison, values),
    text=text,
    page=named(f"{_ROOM}.page:comparison_page"),
    charts={"power": named(f"{_ROOM}.charts:power_by_design")},
    parts={
        "results": named(f"{_ROOM}.tables:result_rows"),
        "differences": named(f"{_ROOM}.tables:difference_rows"),
        "designs": named(f"{_ROOM}.tables:design_facts"),
    },
)
