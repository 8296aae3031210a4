"""What is kept of one simulated person, with the cells and without."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

from pydantic import Field

from cordwise.base.codec import OMIT_NONE, keyed
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics

Part = TypeVar("Part")
World = Literal["without", "with"]
Course = tuple[float, ...]  # one value for each of the days
Grid = tuple[Course, ...]  # for each of the days one value for each place of the axis
Fibres = Mapping[str, Mapping[str, Course]]  # by side of the body, then by tract


@dataclass(frozen=True, slots=True)
class Paired(Generic[Part]):
    """The same part of a life without the cells and with them."""

    without: Part
    with_cells: Annotated[Part, Field(alias="with")] = field(metadata=keyed("with"))

    def of(self, world: World) -> Part:
        """Return the part of one of the two worlds."""
        return self.without if world == "without" else self.with_cells

    def items(self) -> Iterator[tuple[World, Part]]:
        """Yield the name of each world with its part, the one without cells first."""
        yield "without", self.without
        yield "with", self.with_cells


@dataclass(frozen=True, slots=True)
class Person:
    """Who is simulated.

    Attributes
    ----------
    age, sex
        Years, and `male` or `female`.
    centre_mm, segment
        Centre of the lesion, in mm below the rostral end of the cord, and the segment it lies in.
    severity
        Severity of the injury in the tissue model, 0 to 2.
    width_mm
        Width of the lesion along the cord: the standard deviation of a Gaussian.
    ais_baseline, baseline_day
        Grade at the baseline examination, and its day after injury.
    syndrome
        The pattern of the injury, where one was asked for.
    kinetics
        Standard normal deviates of the rates of the person's own cord, by group: 0 is the typical cord. None given in
        results of earlier versions.
    """

    age: int
    sex: Literal["male", "female"]
    centre_mm: float
    segment: str
    severity: float
    width_mm: float
    ais_baseline: str
    baseline_day: float
    syndrome: str | None
    kinetics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenDose:
    """One dose: day after injury, number of cells, route."""

    day: float
    cells: float
    route: str


@dataclass(frozen=True, slots=True)
class GivenRegimen:
    """The cells the person gets, and the share (0 to 1) of their effect in rodents that is assumed to carry over."""

    product: str
    translation: float
    doses: tuple[GivenDose, ...]


@dataclass(frozen=True, slots=True)
class ReadyDays:
    """Percentiles of the day on which a product is ready."""

    p5: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class OtherHarvests:
    """What the same process gives other simulated patients; no days where nobody gets a product."""

    patients: int
    released_share: float
    ready_day: ReadyDays | None


@dataclass(frozen=True, slots=True)
class MarrowHarvest:
    """What growing the person's own marrow cells gave, and what it gives others.

    Attributes
    ----------
    aspirate_day, aspirate_ml, target_cells
        What was ordered: day after injury and volume of the aspirate, living cells in each dose.
    outcome
        How the last culture ended, in words.
    aspirates
        Aspirates taken, two where the first culture failed.
    colonies_per_ml, doubling_days
        Of the last aspirate.
    doses, dose_cells
        Doses released, and living cells in each.
    ready_day
        Day after injury on which they are ready; None where nothing was released.
    others
        What the same process gives other simulated patients.
    """

    aspirate_day: float
    aspirate_ml: float
    target_cells: float
    outcome: str
    aspirates: int
    colonies_per_ml: int
    doubling_days: float
    doses: int
    dose_cells: float
    ready_day: float | None
    others: OtherHarvests


@dataclass(frozen=True, slots=True)
class CordSegment:
    """A segment of the cord, from its rostral to its caudal end in mm below the centre of the lesion."""

    name: str
    from_mm: float
    to_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Examinations:
    """Every examination of the person in one world, one item a visit.

    Attributes
    ----------
    uems, lems, light_touch, pin_prick
        Totals: of the key muscles of arms and legs (0 to 50 each), of the dermatomes of both sides (0 to 112 each).
    ais, nli
        Grade, and neurological level of injury.
    scim, wisci
        Independence (0 to 100) and walking (0 to 20).
    motor, light_touch_by_dermatome, pin_prick_by_dermatome
        By side (`right`, `left`): grades 0 to 5 in the order of `isncsci.MYOTOMES`, scores 0 to 2 in that of
        `isncsci.DERMATOMES`.
    voluntary_anal_contraction, deep_anal_pressure
        Whether the examiner finds them.
    motor_level, sensory_level
        By side.
    """

    uems: tuple[int, ...]
    lems: tuple[int, ...]
    light_touch: tuple[int, ...]
    pin_prick: tuple[int, ...]
    ais: tuple[str, ...]
    nli: tuple[str, ...]
    scim: tuple[int, ...]
    wisci: tuple[int, ...]
    motor: tuple[Mapping[str, tuple[int, ...]], ...]
    light_touch_by_dermatome: tuple[Mapping[str, tuple[int, ...]], ...]
    pin_prick_by_dermatome: tuple[Mapping[str, tuple[int, ...]], ...]
    voluntary_anal_contraction: tuple[bool, ...]
    deep_anal_pressure: tuple[bool, ...]
    motor_level: tuple[Mapping[str, str], ...]
    sensory_level: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class PairedExaminations:
    """The examinations without the cells and with them, on the same days after injury and by the same examiners."""

    days: tuple[float, ...]
    without: Examinations
    with_cells: Annotated[Examinations, Field(alias="with")] = field(metadata=keyed("with"))

    def of(self, world: World) -> Examinations:
        """Return the examinations of one of the two worlds."""
        return self.without if world == "without" else self.with_cells


@dataclass(frozen=True, kw_only=True, repr=False)
class PatientLife(Result):
    """One simulated person from the injury on, with the cells and without; both worlds share every chance event.

    Attributes
    ----------
    patient
        Who is simulated.
    regimen, manufacture
        The cells given; how they were grown, where they are the person's own.
    numerics
        How exactly the cord was solved.
    axis_mm, days
        Places along the cord, in mm below the centre of the lesion, and days after injury: the axes of `fields`.
    fields
        Fields of the tissue model by name, for each day and place.
    segments
        The segments of the cord.
    tracts
        Shares (0 to 1) of the fibres of each tract that pass the lesion, on each of the days.
    scores
        The examinations.
    provenance
        Where the result comes from; None where the life is part of another result, which says so for both.
    """

    kind: ClassVar[str] = "patient"

    patient: Person
    regimen: GivenRegimen
    manufacture: MarrowHarvest | None
    numerics: Numerics
    axis_mm: Course
    days: Course
    fields: Paired[Mapping[str, Grid]]
    segments: tuple[CordSegment, ...]
    tracts: Paired[Fibres]
    scores: PairedExaminations
    provenance: Provenance | None = field(default=None, metadata=OMIT_NONE)
