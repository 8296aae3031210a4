"""Who may enter a trial."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from cordwise.base.codec import OMIT_NONE
from cordwise.patient.file_types import Grade, LevelRange, Text, Window
from cordwise.trial.design.kinds import Once


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Who may enter, and when their baseline examination takes place.

    `case_mix` names a baseline table (rows of the targets form at entry, beside the design file) that the simulated
    patients are weighed to resemble. `registry` names the registry whose natural recovery is assumed, `registry_data` a
    table of its own figures beside the design file; without either it is a registry not yet seen.
    """

    grades: Annotated[tuple[Grade, ...], Field(min_length=1), Once]
    levels: LevelRange
    age_years: Window = (18.0, 70.0)
    baseline_day: Window
    case_mix: Text | None = None
    registry: Text | None = field(default=None, metadata=OMIT_NONE)
    registry_data: Text | None = field(default=None, metadata=OMIT_NONE)
