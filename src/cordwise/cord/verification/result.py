"""The results of a verification and of a benchmark of the engine; errors are relative, as `self_check` counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from cordwise.base.result import Result
from cordwise.cord.verification.comparison import ErrorSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceErrors:
    """The solver that gives the reference, its relative tolerance, and how far a looser one lies from it."""

    solver: str
    rtol: float
    error_p99: float
    error_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetErrors:
    """Errors of one preset: of all that is read out, of each quantity, and of the fields along the cord."""

    steps_a_year: int
    error_p99: float
    error_max: float
    quantities: Mapping[str, ErrorSummary]
    fields: ErrorSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceErrors:
    """What the engine ran on, and how far its numbers lie from those of the processor."""

    name: str
    words: str
    against_cpu: ErrorSummary


@dataclass(frozen=True, kw_only=True, repr=False)
class EngineVerification(Result):
    """Every preset against LSODA on varied patients.

    Attributes
    ----------
    days
        Visits, in days after injury.
    presets
        Errors by preset.
    order_of_convergence
        Power of the step by which the error falls, from the standard step to its half and from that to its quarter.
    half_step, single_against_double
        The standard preset against half its steps, and against double precision.
    limit_p99, passed
        What the standard preset must keep to, and whether it does.
    """

    kind: ClassVar[str] = "engine_verification"
    patients: int
    days: tuple[float, ...]
    reference: ReferenceErrors
    presets: Mapping[str, PresetErrors]
    order_of_convergence: tuple[float, ...]
    half_step: ErrorSummary
    single_against_double: ErrorSummary
    device: DeviceErrors
    limit_p99: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPeer:
    """A solver at the loosest tolerance that keeps to the accuracy asked for; `ratio` is how much faster we are."""

    installed: Literal[True] = True
    rtol: float
    patients_per_second: float
    error_p99: float
    error_max: float
    ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPeer:
    """A solver that could not be timed, and the packages it needs."""

    installed: Literal[False] = False
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredGpu:
    """The engine on a GPU, with so many patients at once, from the arrays of a caller back into them."""

    installed: Literal[True] = True
    words: str
    patients: int
    patients_per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingGpu:
    """What stands between this machine and a GPU."""

    installed: Literal[False] = False
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSeconds:
    """Wall-clock seconds of fresh processes: help, and one patient without and with the compile cache."""

    help: float
    first_simulation: float
    next_simulation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The processor, and the speed of a single-precision matrix product on one of its cores in GFLOP/s."""

    processor: str
    architecture: str
    cores: int
    matrix_product_gflops_per_core: float


@dataclass(frozen=True, kw_only=True, repr=False)
class EngineBenchmark(Result):
    """Patients a second of the engine and of other solvers, on the same patients and machine in the same run."""

    kind: ClassVar[str] = "engine_benchmark"
    patients: int
    peer_patients: int
    days: tuple[float, ...]
    preset: str
    steps_a_year: int
    patients_per_second_per_core: float
    patients_per_second: float
    threads: int
    error_p99: float
    error_max: float
    peers: Mapping[str, MeasuredPeer | MissingPeer]
    gpu: MeasuredGpu | MissingGpu
    start_seconds: StartSeconds
    machine: Machine
