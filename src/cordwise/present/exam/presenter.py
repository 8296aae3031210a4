"""How classified examinations become JSON, text, a page, charts and tables."""

from collections.abc import Mapping
from typing import Any, NoReturn

from cordwise.base.errors import Fault, InputError
from cordwise.isncsci.classified_batch import Classification
from cordwise.isncsci.explanation.result import Explanation
from cordwise.present.exam import text
from cordwise.present.presenters import Presenter, named

_ROOM = "cordwise.present.exam"


def _not_read_back(_values: Mapping[str, Any]) -> NoReturn:
    """Refuse to read a classification back: its examinations are classified again in no time."""
    advice = "Classify the examinations again, with `cordwise exam` or `cordwise.classify`."
    raise InputError([Fault("kind", "a result of a run folder", "a classification", advice)])


CLASSIFICATION = Presenter(
    to_dict=Classification.to_dict,
    from_dict=_not_read_back,
    text=text.classification_text,
    page=named(f"{_ROOM}.page:classification_page"),
    charts={"grades": named(f"{_ROOM}.page:grades_chart")},
    parts={"classifications": lambda result: result.table.to_dicts()},
)
EXPLANATION = Presenter(
    to_dict=Explanation.to_dict,
    from_dict=_not_read_back,
    text=text.explanation_text,
    page=named(f"{_ROOM}.page:explanation_page"),
    parts={"steps": lambda result: [step.to_dict() for step in result.steps]},
)
