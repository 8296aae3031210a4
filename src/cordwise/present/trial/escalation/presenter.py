"""How a simulated dose-finding trial becomes JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter
from cordwise.present.trial.escalation.charts import overdosed_patients, selection_by_dose
from cordwise.present.trial.escalation.page import escalation_page
from cordwise.present.trial.escalation.tables import characteristics_rows, decision_rows, dose_rows
from cordwise.present.trial.escalation.text import answer, text
from cordwise.trial.escalation.result import Escalation


def to_dict(result: Escalation) -> dict[str, Any]:
    """Return the JSON values, with the answer behind the question."""
    values = to_plain(result)
    return {"kind": values.pop("kind"), "question": values.pop("question"), "answer": answer(result), **values}


ESCALATION = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(Escalation, values),
    text=text,
    page=escalation_page,
    charts={"selection": selection_by_dose, "overdosed": overdosed_patients},
    parts={"characteristics": characteristics_rows, "doses": dose_rows, "decisions": decision_rows},
)
