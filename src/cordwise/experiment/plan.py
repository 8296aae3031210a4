"""An experiment as it is simulated: no default left open, every name resolved to what the tissue model knows."""

import math
from dataclasses import dataclass, field

from cordwise.base.inputs import Origin
from cordwise.cord.changes import Change
from cordwise.cord.parameters import Species
from cordwise.cord.product import Regimen
from cordwise.experiment.cuts import Cut
from cordwise.experiment.host import YOUNG_ADULT, Host
from cordwise.experiment.levers import Pull


@dataclass(frozen=True, slots=True)
class Lesion:
    """Severity (0 to 2; a transected cord has none spared) and width in mm of the animal's or the person's cord.

    `level` is the segment of the cord; people without one are hurt at the usual one.  `squeeze_mmhg` is the pressure
    from outside that lasts for `squeeze_days`, or until the cord is decompressed.
    """

    severity: float
    width_mm: float
    transected: bool = False
    level: str = ""
    cuts: tuple[Cut, ...] = ()
    squeeze_mmhg: float = 0.0
    squeeze_days: float = math.inf


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `cuts` and `transection_day` cut what the lesion had left joined; `against` is its comparator."""

    name: str
    lesion: Lesion
    host: Host = YOUNG_ADULT
    changes: tuple[Change, ...] = ()
    pulls: tuple[Pull, ...] = ()
    regimen: Regimen | None = None
    transection_day: float | None = None
    description: str = ""
    cuts: tuple[Cut, ...] = ()
    against: str = ""

    @property
    def all_cuts(self) -> tuple[Cut, ...]:
        """Return the cuts of the lesion and those that are the condition's own."""
        return self.lesion.cuts + self.cuts


@dataclass(frozen=True, slots=True)
class Experiment:
    """Conditions of one experiment, read out on `days`.

    Each is compared with the one it names, else with that of the experiment (`against`), else with the first.
    """

    question: str
    species: Species
    days: tuple[float, ...]
    conditions: tuple[Condition, ...]
    readouts: tuple[str, ...]
    subjects: int
    name: str = ""
    source: str = ""
    against: str = ""
    origin: Origin = field(kw_only=True, compare=False, repr=False)

    def comparator_of(self, condition: Condition) -> str:
        """Return the name of the condition that a condition is compared with; a comparator's own name for itself."""
        return condition.against or self.against or self.conditions[0].name
