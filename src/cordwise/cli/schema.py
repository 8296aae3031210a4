"""`cordwise schema`: the JSON schema of an input file, for editors that check while one types."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

Kind = Literal["design", "escalation", "study", "patient", "experiment"]


def schema(kind: Kind, /) -> None:
    """Print the JSON schema of a kind of input file.

    Parameters
    ----------
    kind
        design, escalation, study, patient or experiment.
    """
    print(json.dumps(_MODELS[kind]().model_json_schema(), indent=2))


def _design() -> Any:  # noqa: ANN401 - any pydantic model
    from cordwise.trial.design.file import Design

    return Design


def _escalation() -> Any:  # noqa: ANN401
    from cordwise.trial.escalation.file import EscalationFile

    return EscalationFile


def _study() -> Any:  # noqa: ANN401
    from cordwise.appraise.study import StudyFile

    return StudyFile


def _patient() -> Any:  # noqa: ANN401
    from cordwise.patient.file import PatientFile

    return PatientFile


def _experiment() -> Any:  # noqa: ANN401
    from cordwise.experiment.schema import ExperimentFile

    return ExperimentFile


_MODELS: Mapping[str, Callable[[], Any]] = {
    "design": _design,
    "escalation": _escalation,
    "study": _study,
    "patient": _patient,
    "experiment": _experiment,
}
