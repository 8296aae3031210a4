"""The escalation file: what a dose-finding trial tries, how it decides and under which toxicities it is simulated.

Doses are counted from 1.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictFloat, StrictInt, ValidationError

from cordwise.base.errors import InputError
from cordwise.base.toml import faults_from, read_toml
from cordwise.patient.file_types import FileTable, ProductName, RouteName, Text
from cordwise.stats.dose_finding.conventions import convention
from cordwise.trial.design.kinds import Positive, Share, SomeCells, WholePositive
from cordwise.trial.escalation.file_rules import contradictions

MethodName = Literal["three_plus_three", "boin", "crm", "tite_crm"]
_MOST_DOSES, _MOST_PATIENTS = 12, 300


class ProductTable(FileTable):
    """What is given, and how."""

    product: ProductName
    route: RouteName


class Toxicity(FileTable):
    """What counts as a dose-limiting toxicity, how many are aimed at, and for how long a patient is observed."""

    definition: Text
    target: Share
    window_days: Positive
    source: Text


class DoseLevel(FileTable):
    """One dose."""

    cells: SomeCells
    source: Text


class EscalationSize(FileTable):
    """How many patients at most, how many to a cohort, and where the first cohort starts."""

    patients: Annotated[StrictInt, Field(ge=1, le=_MOST_PATIENTS)]
    cohort: WholePositive = 3
    start_dose: WholePositive = 1


class EscalationAccrual(FileTable):
    """How fast patients come, all centres together."""

    patients_per_month: Positive
    source: Text


class EscalationDesign(FileTable):
    """One way to decide; the last four keys belong to the continual reassessment method."""

    name: Text
    method: MethodName
    model: Literal["empiric", "logistic"] | None = None
    guess: WholePositive | None = None
    halfwidth: Share | None = None
    stop_cut: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None


class EscalationScenario(FileTable):
    """An assumed truth: the toxicity rate of each dose."""

    name: Text
    description: Text
    toxicity: Annotated[tuple[Share, ...], Field(min_length=1)]
    source: Text


class EscalationFile(FileTable):
    """A dose-finding trial, as its file tells it; several designs are compared on the same simulated patients."""

    name: Text
    question: Text
    product: ProductTable
    toxicity: Toxicity
    doses: Annotated[tuple[DoseLevel, ...], Field(min_length=2, max_length=_MOST_DOSES)]
    size: EscalationSize
    accrual: EscalationAccrual
    designs: Annotated[tuple[EscalationDesign, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[EscalationScenario, ...], Field(min_length=1)]


def read_escalation(path: Path) -> EscalationFile:
    """Read and check an escalation file; every fault in it is reported at once.

    Raises
    ------
    InputError
        The file is missing, is not TOML, breaks the schema, or contradicts itself.
    """
    return check_escalation(read_toml(path), path)


def check_escalation(raw: Mapping[str, Any], path: Path | str) -> EscalationFile:
    """Return the escalation file in `raw` tables, or raise every fault in it; `path` opens each fault's place."""
    faults = list(contradictions(raw, path, halfwidth=convention("crm_halfwidth")))
    try:
        file = EscalationFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, EscalationFile), *faults]) from None
    if faults:
        raise InputError(faults)
    return file
