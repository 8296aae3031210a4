"""The result of a sensitivity analysis: which inputs decide each outcome, and the shares of mechanisms."""

from dataclasses import dataclass
from typing import ClassVar

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.changes import Change
from cordwise.cord.parameters import Species
from cordwise.experiment.sensitivity.designs import MorrisIndex, SensitivityMethod, SobolIndex
from cordwise.experiment.sensitivity.inputs import Input
from cordwise.patient.life.result import GivenRegimen


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedSubject:
    """Whose outcome is analysed: severity, width in mm of that cord, cells and changes."""

    name: str
    severity: float
    width_mm: float
    regimen: GivenRegimen | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOutcome:
    """One outcome, its spread over the runs of a design, and its factors, the leading one first.

    Attributes
    ----------
    readout, unit, day
        What is read, on which day after injury.
    world
        `without` cells, `with` them, or their `effect`.
    mean, sd, low90, high90
        Over the runs with a credible solution; nine of ten lie between the last two.
    """

    readout: str
    unit: str
    day: float
    world: str
    mean: float
    sd: float
    low90: float
    high90: float
    indices: tuple[MorrisIndex | SobolIndex, ...]

    @property
    def shares(self) -> tuple[SobolIndex, ...]:
        """Return the indices that are shares of the variance; none of a screening."""
        return tuple(index for index in self.indices if isinstance(index, SobolIndex))


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationShare:
    """Share of the variance of the cells' effect on an outcome due to the translation: alone (S1) and in all (ST)."""

    readout: str
    day: float
    S1: float
    S1_conf: float
    ST: float
    ST_conf: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRuns:
    """Runs of a design without a credible solution, and the blocks (trajectories, base samples) left out for them."""

    runs: int
    not_finite: int
    front: int
    blocks: int
    blocks_left_out: int

    @property
    def failed(self) -> int:
        """Return how many runs failed, in either way."""
        return self.not_finite + self.front


@dataclass(frozen=True, kw_only=True, repr=False)
class Sensitivity(Result):
    """Which numbers of the tissue model decide the outcome of one subject, and the effect of cells on it.

    Attributes
    ----------
    method, samples, runs
        The design of single inputs: trajectories or base samples, and its simulations.
    mechanism_samples, mechanism_runs
        That of whole mechanisms, always Sobol indices.
    outputs, mechanisms
        Every outcome with its ranked inputs, and with its ranked mechanisms.
    """

    kind: ClassVar[str] = "sensitivity"
    question: str
    method: SensitivityMethod
    samples: int
    runs: int
    mechanism_samples: int
    mechanism_runs: int
    species: Species
    subject: AnalysedSubject
    days: tuple[float, ...]
    seed: int
    inputs: tuple[Input, ...]
    outputs: tuple[RankedOutcome, ...]
    mechanisms: tuple[RankedOutcome, ...]
    translation: tuple[TranslationShare, ...]
    failed: FailedRuns
    failed_of_mechanisms: FailedRuns
    assumptions: tuple[Assumption, ...]
    provenance: Provenance
