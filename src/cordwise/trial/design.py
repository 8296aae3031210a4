"""The design file: what a trial statistician writes down, as a schema for TOML.

All days count from the injury.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, ValidationError

from cordwise.border import faults_from, read_toml
from cordwise.cord.file_types import (
    DayAfterInjury,
    Grade,
    LevelRange,
    ProductName,
    RouteName,
    Table,
    Text,
    Window,
)
from cordwise.cord.patient_faults import MOST_CELLS
from cordwise.errors import InputError
from cordwise.trial.design_rules import contradictions

Measure = Literal["ais_improvement", "uems_change"]
AnalysisName = Literal["n_minus_1_chi_square", "fisher_exact", "ancova", "two_sample_t"]
MissingRule = Literal["non_improver", "complete_case"]
Strategy = Literal["composite", "hypothetical"]


Positive = Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)]
WholePositive = Annotated[StrictInt, Field(ge=1)]
SomeCells = Annotated[StrictFloat, Field(gt=0, le=MOST_CELLS, allow_inf_nan=False)]
Share = Annotated[StrictFloat, Field(gt=0, lt=1)]


class Population(Table):
    """Who may enter, and when their baseline examination takes place."""

    grades: Annotated[tuple[Grade, ...], Field(min_length=1)]
    levels: LevelRange
    age_years: Window
    baseline_day: Window


class Arm(Table):
    """One arm: a control, or a cell product with its route, dose and day."""

    name: Text
    control: Literal["standard_of_care", "placebo"] | None = None
    product: ProductName | None = None
    route: RouteName | None = None
    dose_cells: SomeCells | None = None
    day: DayAfterInjury | None = None


class Randomisation(Table):
    """Permuted blocks; `ratio` is control to treated."""

    ratio: tuple[WholePositive, WholePositive] = (1, 1)
    block_size: Annotated[StrictInt, Field(ge=2)] = 4
    stratify_by_grade: StrictBool = False


class Size(Table):
    """How many are randomised, both arms together."""

    total: Annotated[StrictInt, Field(ge=4)]


class Accrual(Table):
    """How fast patients come, all centres together."""

    patients_per_month: Positive
    source: Text


class FollowUp(Table):
    """The examinations after baseline, in days after the injury."""

    visits: Annotated[tuple[DayAfterInjury, ...], Field(min_length=1)]


class Estimand(Table):
    """The five attributes of ICH E9(R1): what the trial is to estimate, in words, and how withdrawal is handled."""

    population: Text
    treatment: Text
    variable: Text
    intercurrent_events: Text
    strategy: Strategy
    summary: Text


class Endpoint(Table):
    """One endpoint, its analysis, its rule for missing values and its estimand."""

    name: Text
    measure: Measure
    improved_grades: Annotated[StrictInt, Field(ge=1, le=4)] = 1
    day: DayAfterInjury
    primary: StrictBool = False
    analysis: AnalysisName
    alpha: Share = 0.05
    missing: MissingRule
    estimand: Estimand


class Dropout(Table):
    """How many withdraw by the last visit, and how that depends on the motor score at baseline."""

    rate: Annotated[StrictFloat, Field(ge=0, lt=1)]
    log_odds_per_motor_point: Annotated[StrictFloat, Field(allow_inf_nan=False)]
    source: Text


class Scenario(Table):
    """An assumed truth: a share of the rodent effect, or a shift of tract log odds that sets in over some days."""

    name: Text
    description: Text
    translation: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None
    assumed_log_odds: Annotated[StrictFloat, Field(allow_inf_nan=False)] | None = None
    onset_days: Positive | None = None


class Design(Table):
    """A two-arm trial, as its file tells it."""

    name: Text
    question: Text
    population: Population
    arms: Annotated[tuple[Arm, ...], Field(min_length=2, max_length=2)]
    randomisation: Randomisation = Randomisation()
    size: Size
    accrual: Accrual
    followup: FollowUp
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]
    dropout: Dropout
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)]


def read_design(path: Path) -> Design:
    """Read and check a design file; every fault in it is reported at once.

    Raises
    ------
    InputError
        The file is missing, is not TOML, breaks the schema, or contradicts itself.
    """
    return check_design(read_toml(path), path)


def check_design(raw: Mapping[str, Any], path: Path | str) -> Design:
    """Return the design in `raw` tables, or raise every fault in it; `path` opens each fault's place."""
    faults = list(contradictions(raw, path))
    try:
        design = Design.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, Design), *faults]) from None
    if faults:
        raise InputError(faults)
    return design
