"""A dose-finding trial as its file tells it, table by table, immutable. Doses are counted from 1."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StrictFloat, StrictInt

from cordwise.base.codec import HIDDEN
from cordwise.base.inputs import Origin, no_file
from cordwise.patient.file_types import ProductName, RouteName, Text
from cordwise.trial.design.kinds import Positive, Share, SomeCells, WholePositive

MethodName = Literal["three_plus_three", "boin", "crm", "tite_crm"]
_MOST_PATIENTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationProduct:
    """What is given, and by which route."""

    product: ProductName
    route: RouteName


@dataclass(frozen=True, slots=True, kw_only=True)
class ToxicityTarget:
    """What counts as a dose-limiting toxicity, the rate aimed at, and for how long a patient is observed."""

    definition: Text
    target: Share
    window_days: Positive
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLevel:
    """One dose."""

    cells: SomeCells
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSize:
    """How many patients at most, how many to a cohort, and the dose of the first cohort."""

    patients: Annotated[StrictInt, Field(ge=1, le=_MOST_PATIENTS)]
    cohort: WholePositive = 3
    start_dose: WholePositive = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAccrual:
    """How fast patients come, all centres together."""

    patients_per_month: Positive
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationDesign:
    """One way to decide; the last four values belong to the continual reassessment method."""

    name: Text
    method: MethodName
    model: Literal["empiric", "logistic"] | None = None
    guess: WholePositive | None = None
    halfwidth: Share | None = None
    stop_cut: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationScenario:
    """An assumed truth: the toxicity rate of each dose."""

    name: Text
    description: Text
    toxicity: Annotated[tuple[Share, ...], Field(min_length=1)]
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSpec:
    """A dose-finding trial; its designs are compared on the same simulated patients."""

    name: Text
    question: Text
    product: EscalationProduct
    toxicity: ToxicityTarget
    doses: tuple[DoseLevel, ...]
    size: EscalationSize
    accrual: EscalationAccrual
    designs: tuple[EscalationDesign, ...]
    scenarios: tuple[EscalationScenario, ...]
    origin: Origin = field(default_factory=no_file, compare=False, repr=False, metadata=HIDDEN)
