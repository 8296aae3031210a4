"""An experiment as it is simulated: no default left open, every name resolved to what the tissue model knows."""

from dataclasses import dataclass, field

from cordwise.base.inputs import Origin
from cordwise.cord.changes import Change
from cordwise.cord.parameters import Species
from cordwise.cord.product import Regimen
from cordwise.experiment.host import YOUNG_ADULT, Host
from cordwise.experiment.levers import Pull


@dataclass(frozen=True, slots=True)
class Lesion:
    """Severity (0 to 1; a transected cord has none spared) and width in mm of the animal's or the person's cord."""

    severity: float
    width_mm: float
    transected: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `transection_day` cuts a cord that the lesion had left joined."""

    name: str
    lesion: Lesion
    host: Host = YOUNG_ADULT
    changes: tuple[Change, ...] = ()
    pulls: tuple[Pull, ...] = ()
    regimen: Regimen | None = None
    transection_day: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Conditions of one experiment, the first of which the others are compared with; readouts on `days`."""

    question: str
    species: Species
    days: tuple[float, ...]
    conditions: tuple[Condition, ...]
    readouts: tuple[str, ...]
    subjects: int
    name: str = ""
    source: str = ""
    origin: Origin = field(kw_only=True, compare=False, repr=False)
