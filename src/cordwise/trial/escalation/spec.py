"""A dose-finding trial as its checked file tells it, immutable. Doses are counted from 1."""

from dataclasses import dataclass, field

from cordwise.base.codec import HIDDEN
from cordwise.base.inputs import Origin, no_file


@dataclass(frozen=True, slots=True)
class EscalationProduct:
    """What is given, and by which route."""

    product: str
    route: str


@dataclass(frozen=True, slots=True)
class ToxicityTarget:
    """What counts as a dose-limiting toxicity, the rate aimed at, and for how long a patient is observed."""

    definition: str
    target: float
    window_days: float
    source: str


@dataclass(frozen=True, slots=True)
class DoseLevel:
    """One dose."""

    cells: float
    source: str


@dataclass(frozen=True, slots=True)
class EscalationSize:
    """How many patients at most, how many to a cohort, and the dose of the first cohort."""

    patients: int
    cohort: int
    start_dose: int


@dataclass(frozen=True, slots=True)
class EscalationAccrual:
    """How fast patients come, all centres together."""

    patients_per_month: float
    source: str


@dataclass(frozen=True, slots=True)
class EscalationDesign:
    """One way to decide; the last four values are None unless it is a continual reassessment method that sets them."""

    name: str
    method: str
    model: str | None
    guess: int | None
    halfwidth: float | None
    stop_cut: float | None


@dataclass(frozen=True, slots=True)
class EscalationScenario:
    """An assumed truth: the toxicity rate of each dose."""

    name: str
    description: str
    toxicity: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class EscalationSpec:
    """A dose-finding trial; its designs are compared on the same simulated patients."""

    name: str
    question: str
    product: EscalationProduct
    toxicity: ToxicityTarget
    doses: tuple[DoseLevel, ...]
    size: EscalationSize
    accrual: EscalationAccrual
    designs: tuple[EscalationDesign, ...]
    scenarios: tuple[EscalationScenario, ...]
    origin: Origin = field(default_factory=no_file, compare=False, repr=False, metadata=HIDDEN)
