"""What a trial measures, how that is analysed, and what it is to estimate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from cordwise.base.codec import OMIT_FALSE
from cordwise.patient.file_types import DayAfterInjury, Text
from cordwise.trial.design.kinds import Finite, NotNegative, Share
from cordwise.trial.design.measures import MEASURES

Measure = Literal[tuple(MEASURES)]  # ty: ignore[invalid-type-form]
AnalysisName = Literal[
    "n_minus_1_chi_square",
    "chi_square",
    "fisher_exact",
    "boschloo",
    "cmh",
    "two_sample_t",
    "welch_t",
    "ancova",
    "mmrm",
    "rank_sum",
    "van_elteren",
    "score_test",
    "proportional_odds",
    "sliding_ordinal",
    "transitional_ordinal",
    "win_ratio",
    "win_odds",
    "net_benefit",
    "beta_binomial",
    "normal_posterior",
    "single_arm_exact",
]
MissingRule = Literal[
    "non_improver",
    "worst_score",
    "complete_case",
    "modelled",
    "last_seen",
    "multiple_imputation",
    "jump_to_reference",
    "copy_increments",
    "delta",
]
Strategy = Literal["composite", "hypothetical", "treatment_policy", "while_on_treatment", "principal_stratum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimandTable:
    """The five attributes of ICH E9(R1), in words, and how withdrawal is handled.

    `events` gives the strategy for each further intercurrent event; what is not named follows the treatment policy.
    """

    population: Text | None = None
    treatment: Text | None = None
    variable: Text | None = None
    intercurrent_events: Text | None = None
    strategy: Strategy | None = None
    events: Mapping[str, Strategy] = field(default_factory=dict)
    summary: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimand(EstimandTable):
    """The same with every attribute decided."""

    population: Text
    treatment: Text
    variable: Text
    intercurrent_events: Text
    strategy: Strategy
    summary: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Historical:
    """Earlier patients who had the control treatment, and how much of them the analysis borrows.

    `robust_weight` is the share of the prior that ignores them; `power` discounts each of them.
    """

    patients: Annotated[StrictInt, Field(ge=1)]
    improved: Annotated[StrictInt, Field(ge=0)] | None = None
    mean: Finite | None = None
    sd: Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)] | None = None
    power: Annotated[StrictFloat, Field(ge=0, le=1)] = 1.0
    robust_weight: Annotated[StrictFloat, Field(ge=0, le=1)] = 0.0
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTable:
    """One endpoint, its analysis, its rule for missing values and its estimand.

    `confirmed` says whether AIS grades count only where a second examination on the same day confirms them.
    """

    name: Text
    measure: Measure
    improved_grades: Annotated[StrictInt, Field(ge=1, le=4)] = 1
    confirmed: StrictBool = field(default=False, metadata=OMIT_FALSE)
    improved_levels: Annotated[StrictInt, Field(ge=1, le=10)] = 2
    components: tuple[Measure, ...] = ()
    component_margins: tuple[NotNegative, ...] = ()
    day: DayAfterInjury
    primary: StrictBool = False
    analysis: AnalysisName | None = None
    stratified: StrictBool = False
    alpha: Share = 0.05
    missing: MissingRule | None = None
    delta_points: Finite = 0.0
    imputations: Annotated[StrictInt, Field(ge=2, le=200)] = 10
    benchmark: Share | None = None
    historical_control: Historical | None = None
    estimand: EstimandTable = EstimandTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(EndpointTable):
    """The same with its analysis, its rule for missing values and its estimand decided."""

    analysis: AnalysisName
    missing: MissingRule
    estimand: Estimand
