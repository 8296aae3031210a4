"""The escalation file: what a dose-finding trial tries, how it decides and under which toxicities it is simulated.

Doses are counted from 1.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictFloat, StrictInt, ValidationError

from cordwise.base.codec import from_plain
from cordwise.base.errors import InputError
from cordwise.base.inputs import read_input
from cordwise.base.toml import faults_from
from cordwise.patient.file_types import FileTable, ProductName, RouteName, Text
from cordwise.stats.dose_finding.conventions import convention
from cordwise.trial.design.kinds import Positive, Share, SomeCells, WholePositive
from cordwise.trial.escalation.file_rules import contradictions
from cordwise.trial.escalation.spec import EscalationSpec

MethodName = Literal["three_plus_three", "boin", "crm", "tite_crm"]
_MOST_DOSES, _MOST_PATIENTS = 12, 300


class EscalationProductTable(FileTable):
    """What is given, and how."""

    product: ProductName
    route: RouteName


class ToxicityTable(FileTable):
    """What counts as a dose-limiting toxicity, how many are aimed at, and for how long a patient is observed."""

    definition: Text
    target: Share
    window_days: Positive
    source: Text


class DoseTable(FileTable):
    """One dose."""

    cells: SomeCells
    source: Text


class EscalationSizeTable(FileTable):
    """How many patients at most, how many to a cohort, and where the first cohort starts."""

    patients: Annotated[StrictInt, Field(ge=1, le=_MOST_PATIENTS)]
    cohort: WholePositive = 3
    start_dose: WholePositive = 1


class EscalationAccrualTable(FileTable):
    """How fast patients come, all centres together."""

    patients_per_month: Positive
    source: Text


class EscalationDesignTable(FileTable):
    """One way to decide; the last four keys belong to the continual reassessment method."""

    name: Text
    method: MethodName
    model: Literal["empiric", "logistic"] | None = None
    guess: WholePositive | None = None
    halfwidth: Share | None = None
    stop_cut: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None


class EscalationScenarioTable(FileTable):
    """An assumed truth: the toxicity rate of each dose."""

    name: Text
    description: Text
    toxicity: Annotated[tuple[Share, ...], Field(min_length=1)]
    source: Text


class EscalationFile(FileTable):
    """A dose-finding trial, as its file tells it; several designs are compared on the same simulated patients."""

    name: Text
    question: Text
    product: EscalationProductTable
    toxicity: ToxicityTable
    doses: Annotated[tuple[DoseTable, ...], Field(min_length=2, max_length=_MOST_DOSES)]
    size: EscalationSizeTable
    accrual: EscalationAccrualTable
    designs: Annotated[tuple[EscalationDesignTable, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[EscalationScenarioTable, ...], Field(min_length=1)]


def read_escalation(name: str | Path) -> EscalationSpec:
    """Read and check an escalation file, given by its path or as the name of a shipped example.

    Raises
    ------
    InputError
        The file is missing, of another kind, breaks the schema, or contradicts itself; every fault is told at once.
    """
    source = read_input(name, "designs", expects="escalation")
    return replace(check_escalation(source.tables, source.path), origin=source.origin())


def check_escalation(raw: Mapping[str, Any], path: Path | str) -> EscalationSpec:
    """Return the trial that `raw` tables describe, or raise every fault in them; `path` opens each fault's place."""
    faults = list(contradictions(raw, path, halfwidth=convention("crm_halfwidth")))
    try:
        file = EscalationFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, EscalationFile), *faults]) from None
    if faults:
        raise InputError(faults)
    return from_plain(EscalationSpec, file.model_dump())
