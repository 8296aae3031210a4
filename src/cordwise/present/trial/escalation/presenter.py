"""How a simulated dose-finding trial becomes JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter, named
from cordwise.present.trial.escalation.text import answer, text
from cordwise.trial.escalation.result import Escalation

_ROOM = "cordwise.present.trial.escalation"


def to_dict(result: Escalation) -> dict[str, Any]:
    """Return the JSON values, with the answer behind the question."""
    values = to_plain(result)
    return {"kind": values.pop("kind"), "question": values.pop("question"), "answer": answer(result), **values}


ESCALATION = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(Escalation, values),
    text=text,
    page=named(f"{_ROOM}.page:escalation_page"),
    charts={
        "selection": named(f"{_ROOM}.charts:selection_by_dose"),
        "overdosed": named(f"{_ROOM}.charts:overdosed_patients"),
    },
    parts={
        "characteristics": named(f"{_ROOM}.tables:characteristics_rows"),
        "doses": named(f"{_ROOM}.tables:dose_rows"),
        "decisions": named(f"{_ROOM}.tables:decision_rows"),
    },
)
