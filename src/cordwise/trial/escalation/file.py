"""The escalation file: what a dose-finding trial tries, how it decides and under which toxicities it is simulated."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from cordwise.base.errors import InputError
from cordwise.base.inputs import Origin, read_input
from cordwise.base.toml import faults_from
from cordwise.patient.file_types import FileTable, Text
from cordwise.stats.dose_finding.conventions import convention
from cordwise.trial.escalation.file_rules import contradictions
from cordwise.trial.escalation.spec import (
    DoseLevel,
    EscalationAccrual,
    EscalationDesign,
    EscalationProduct,
    EscalationScenario,
    EscalationSize,
    EscalationSpec,
    ToxicityTarget,
)

_MOST_DOSES = 12


class EscalationFile(FileTable):
    """A dose-finding trial, as its file tells it; several designs are compared on the same simulated patients."""

    name: Text
    question: Text
    product: EscalationProduct
    toxicity: ToxicityTarget
    doses: Annotated[tuple[DoseLevel, ...], Field(min_length=2, max_length=_MOST_DOSES)]
    size: EscalationSize
    accrual: EscalationAccrual
    designs: Annotated[tuple[EscalationDesign, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[EscalationScenario, ...], Field(min_length=1)]


def read_escalation(name: str | Path) -> EscalationSpec:
    """Read and check an escalation file, given by its path or as the name of a shipped example.

    Raises
    ------
    InputError
        The file is missing, of another kind, breaks the schema, or contradicts itself; every fault is told at once.
    """
    source = read_input(name, "designs", expects="escalation")
    return EscalationSpec(**dict(_checked(source.tables, source.path)), origin=source.origin())


def check_escalation(raw: Mapping[str, Any], path: Path | str) -> EscalationSpec:
    """Return the trial in tables that no file holds, or raise every fault in them.

    Parameters
    ----------
    raw
        The tables as an escalation file has them.
    path
        What its file would be called; opens the place of every fault.
    """
    checked = _checked(raw, path)
    import tomli_w

    return EscalationSpec(**dict(checked), origin=Origin(Path(path).name, tomli_w.dumps(raw).encode()))


def _checked(raw: Mapping[str, Any], path: Path | str) -> EscalationFile:
    faults = list(contradictions(raw, path, halfwidth=convention("crm_halfwidth")))
    try:
        file = EscalationFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, EscalationFile), *faults]) from None
    if faults:
        raise InputError(faults)
    return file
