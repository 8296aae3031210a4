"""How a sweep becomes JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter, named
from cordwise.present.trial.sweep.text import answer, text
from cordwise.trial.sweep import Sweep

_ROOM = "cordwise.present.trial.sweep"


def to_dict(result: Sweep) -> dict[str, Any]:
    """Return the JSON values, with the answer behind the question."""
    values = to_plain(result)
    return {"kind": values.pop("kind"), "question": values.pop("question"), "answer": answer(result), **values}


SWEEP = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(Sweep, values),
    text=text,
    page=named(f"{_ROOM}.page:sweep_page"),
    charts={"power": named(f"{_ROOM}.charts:power_by_value")},
    parts={"combinations": named(f"{_ROOM}.tables:combination_rows")},
)
