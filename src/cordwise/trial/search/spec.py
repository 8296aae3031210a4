"""A search over designs as its file tells it, table by table, immutable."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from cordwise.base.codec import HIDDEN
from cordwise.base.inputs import Origin, no_file
from cordwise.patient.file_types import DayAfterInjury, Text, Window
from cordwise.trial.design.endpoints import AnalysisName, MissingRule
from cordwise.trial.design.file import Design
from cordwise.trial.design.kinds import NotNegative, Share
from cordwise.trial.design.stopping import Looks

Total = Annotated[StrictInt, Field(ge=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowChoice:
    """A window of the baseline examination; cells follow so many days after its end.

    An arm whose cells are the patient's own has its marrow drawn on that day instead. Visits stay on their days after
    the injury, or move with the end of the window.
    """

    baseline_day: Window
    dose_days_after: NotNegative = 0.0
    visits: Literal["fixed", "move"] = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChoice:
    """An endpoint of the base design as the primary one, analysed as there or in another way."""

    endpoint: Text
    analysis: AnalysisName | None = None
    missing: MissingRule | None = None
    day: DayAfterInjury | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksChoice:
    """A schedule of looks by a name; without a schedule the trial has one analysis, at its end."""

    name: Text
    schedule: Looks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one patient, one month or one site costs, and where the figure comes from."""

    amount: NotNegative
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPrices:
    """What a trial pays for: patients enrolled, months from the first patient to the end, and sites."""

    currency: Text
    patient: Price
    month: Price
    site: Price


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGoal:
    """The scenario and the power that are wanted, and the largest null rate that is borne."""

    scenario: Text
    power: Annotated[Share, Field(ge=0.5)] = 0.8
    most_null_rate: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpec:
    """A search: a base design, what of it is varied, what a trial costs, and what is wanted of it.

    Attributes
    ----------
    name, question
        What the search is called, and what it asks.
    design
        The base design as the search file names it.
    totals, windows, endpoints, looks
        The choices; an empty list keeps what the base design says.
    goal, cost
        What is wanted, and at what prices.
    base
        The base design.
    origin
        The search file, with the design file.
    """

    name: str
    question: str
    design: str
    totals: tuple[int, ...]
    windows: tuple[WindowChoice, ...]
    endpoints: tuple[EndpointChoice, ...]
    looks: tuple[LooksChoice, ...]
    goal: SearchGoal
    cost: TrialPrices
    base: Design = field(repr=False)
    origin: Origin = field(default_factory=no_file, compare=False, repr=False, metadata=HIDDEN)
