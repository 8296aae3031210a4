"""When a trial looks at its data, and what it may do then: stop, drop an arm, grow, or narrow its entry."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from cordwise.patient.file_types import Grade, Text
from cordwise.trial.design.kinds import Finite, NotNegative, Positive, Rate, Share

Family = Literal[
    "obrien_fleming",
    "pocock",
    "wang_tsiatis",
    "lan_demets_obrien_fleming",
    "lan_demets_pocock",
    "hwang_shih_decani",
    "kim_demets",
    "haybittle_peto",
    "user",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Futility:
    """When a trial gives up: one value for each look but the last, on a scale of the reader's choice."""

    scale: Literal["z", "p", "conditional_power", "predictive_power", "points"] = "z"
    values: Annotated[tuple[Finite, ...], Field(min_length=1)]
    binding: StrictBool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Interim looks at the primary endpoint, in order; efficacy is one-sided at half the endpoint's alpha.

    Given as patients with the endpoint (`patients`), as shares of all of them (`information`), or as months after the
    first patient (`calendar_months`); the last look by patients or information is the whole trial.
    """

    boundary: Family = "lan_demets_obrien_fleming"
    parameter: Finite | None = None
    patients: tuple[Annotated[StrictInt, Field(ge=4)], ...] = ()
    information: tuple[Annotated[StrictFloat, Field(gt=0, le=1)], ...] = ()
    calendar_months: tuple[Positive, ...] = ()
    alpha_spent: tuple[NotNegative, ...] = ()
    futility: Futility | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What the trial may change after its first look, besides stopping.

    sample_size: the total grows, up to `most_patients`, where conditional power lies in the promising zone.
    drop_arms: treated arms whose z lies below `keep_above` are dropped; at least one is kept.
    enrichment: entry narrows to `grades` where the rest does not seem to gain.
    """

    kind: Literal["sample_size", "drop_arms", "enrichment"]
    at_patients: Annotated[StrictInt, Field(ge=4)]
    most_patients: Annotated[StrictInt, Field(ge=4)] | None = None
    promising: tuple[Share, Share] = (0.3, 0.8)
    keep_above: Finite = 0.0
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """The monitoring board's rule: stop when the event is probably commoner among the treated than can be tolerated."""

    event: Text
    tolerable_rate: Share
    certainty: Share = 0.9
    prior_patients: Positive = 2.0
    after_patients: Annotated[StrictInt, Field(ge=1)] = 3
    rate_treated: Rate
    source: Text
