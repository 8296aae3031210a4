"""`cordwise schema`: the JSON schema of an input file, for editors that check while one types."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import Literal

SchemaKind = Literal["study", "design", "search", "escalation", "patient", "experiment", "mapping"]

# Named, not imported: each brings its room with it.
_MODELS: Mapping[str, str] = {
    "study": "cordwise.appraisal.study:StudyFile",
    "design": "cordwise.trial.design.file:DesignFile",
    "search": "cordwise.trial.search.file:SearchFile",
    "escalation": "cordwise.trial.escalation.file:EscalationFile",
    "patient": "cordwise.patient.file:PatientFile",
    "experiment": "cordwise.experiment.schema:ExperimentFile",
    "mapping": "cordwise.isncsci.files.mapping:Mapping",
}


def schema(kind: SchemaKind, /) -> None:
    """Print the JSON schema of a kind of input file.

    Parameters
    ----------
    kind
        study, design, search, escalation, patient, experiment or mapping.
    """
    from pydantic import TypeAdapter

    module, name = _MODELS[kind].split(":")
    model = getattr(import_module(module), name)
    print(json.dumps(TypeAdapter(model).json_schema(), indent=2))
