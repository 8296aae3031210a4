"""How experiments and sensitivity analyses become JSON, text, a page, charts and tables."""

from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.experiment.result import ExperimentResult
from cordwise.experiment.sensitivity.result import Sensitivity
from cordwise.present.experiment import sensitivity_text, tables, text
from cordwise.present.presenters import Presenter, named

_ROOM = "cordwise.present.experiment"


def _with_answer(values: dict[str, Any], answer: str) -> dict[str, Any]:
    """Return JSON values with the answer, which is no part of the result, behind its question."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        found[key] = value
        if key == "question":
            found["answer"] = answer
    return found


EXPERIMENT = Presenter(
    to_dict=lambda result: _with_answer(to_plain(result), text.answer(result)),
    from_dict=lambda values: from_plain(ExperimentResult, values),
    text=text.text,
    page=named(f"{_ROOM}.page:experiment_page"),
    charts={name: named(f"{_ROOM}.conditions:{name}") for name in ("effects", "means", "courses")},
    parts={"readouts": tables.readout_rows, "assumptions": tables.assumption_rows},
)
SENSITIVITY = Presenter(
    to_dict=lambda result: _with_answer(to_plain(result), sensitivity_text.answer(result)),
    from_dict=lambda values: from_plain(Sensitivity, values),
    text=sensitivity_text.text,
    page=named(f"{_ROOM}.sensitivity_page:sensitivity_page"),
    charts={
        "leading_inputs": named(f"{_ROOM}.sensitivity_page:leading_picture"),
        "mechanisms": named(f"{_ROOM}.sensitivity_page:mechanisms_picture"),
    },
    parts={
        "indices": tables.index_rows,
        "mechanisms": tables.mechanism_rows,
        "outcomes": tables.outcome_rows,
        "inputs": tables.input_rows,
    },
)
