"""How a trial is run: randomisation, size, accrual, visits, losses, and who examines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from cordwise.patient.file_types import DayAfterInjury, Text
from cordwise.trial.design.kinds import Finite, NotNegative, Once, Positive, Rate, WholePositive

Factor = Literal["grade", "level", "site"]
_PACE = "about one patient a month at each site, the historical pace of SCI trials (Blight 2019)"
_LOSSES = "rate: SCI trials lose 10-20 % by 6-12 months; slope: judgement, loss is greater in the severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationTable:
    """How patients are put into arms; `ratio` follows the order of the arms, one to each where it is left out."""

    method: Literal["permuted_block", "simple", "minimisation"] = "permuted_block"
    ratio: tuple[WholePositive, ...] | None = None
    block_size: Annotated[StrictInt, Field(ge=2)] | None = None
    stratify_by: Annotated[tuple[Factor, ...], Once] = ()
    minimisation_probability: Annotated[float, Field(gt=0.5, le=1)] = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomisation(RandomisationTable):
    """The same with its ratio and block size decided."""

    ratio: tuple[WholePositive, ...]
    block_size: Annotated[StrictInt, Field(ge=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many are randomised, all arms together."""

    total: Annotated[StrictInt, Field(ge=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """How fast patients come.

    Sites open one after the other, `months_between_openings` apart; `site_spread` is the standard deviation of the log
    pace between sites; during a hold (first and last month) nobody enters.
    """

    sites: WholePositive = 6
    patients_per_site_month: Positive = 1.0
    months_between_openings: NotNegative = 0.0
    site_spread: NotNegative = 0.0
    holds: tuple[tuple[NotNegative, NotNegative], ...] = ()
    source: Text = _PACE


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """The examinations after baseline, in days after the injury, each within a window of so many days either side."""

    visits: Annotated[tuple[DayAfterInjury, ...], Field(min_length=1)]
    window_days: NotNegative = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout:
    """How many withdraw by the last visit, and how that depends on the motor score at baseline."""

    rate: Rate = 0.15
    log_odds_per_motor_point: Finite = -0.02
    source: Text = _LOSSES


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercurrentEvent:
    """Something other than withdrawal that befalls patients between the first visit and the last.

    `points` are added to scores seen afterwards (a second operation, new stimulation); after a `fatal` event nothing is
    seen.
    """

    name: Text
    rate: Rate
    log_odds_per_motor_point: Finite = 0.0
    points: Mapping[str, Finite] = field(default_factory=dict)
    fatal: StrictBool = False
    source: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Who examines: blinded, or knowing the arm, with what that does to the grades and scores of treated patients."""

    blinded: StrictBool = True
    upgrade_rate: Rate = 0.0
    points: Mapping[str, Finite] = field(default_factory=dict)
    source: Text = "assessors do not know the arm"
