"""What the arms of a trial get, and what the truth about it is assumed to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictFloat

from cordwise.patient.file_types import DayAfterInjury, ManufactureTable, ProductName, RouteName, Text
from cordwise.trial.design.kinds import Finite, Positive, SomeCells

ControlName = Literal["standard_of_care", "placebo", "sham"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm: a control, or a cell product with its route, and its dose and day or the way it is grown."""

    name: Text
    control: ControlName | None = None
    product: ProductName | None = None
    route: RouteName | None = None
    dose_cells: SomeCells | None = None
    day: DayAfterInjury | None = None
    manufacture: ManufactureTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """An assumed truth: a share of the rodent effect, or a shift of tract log odds that sets in over some days.

    An assumed shift holds for every treated arm, or is given arm by arm.
    """

    name: Text
    description: Text
    translation: Annotated[StrictFloat, Field(gt=0, le=1)] | None = None
    assumed_log_odds: Finite | Mapping[str, Finite] | None = None
    onset_days: Positive | None = None


DEFAULT_SCENARIO = Scenario(
    name="whole rodent effect",
    description="the whole effect of cells in rodents carries over to people",
    translation=1.0,
)
