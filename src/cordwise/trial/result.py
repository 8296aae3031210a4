"""What a simulation of a design shows: operating characteristics of every scenario, sizes, examples, assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cordwise.base.assumptions import Assumption
from cordwise.base.codec import OMIT_NONE
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics
from cordwise.patient.file_types import Grade
from cordwise.patient.life.result import PatientLife
from cordwise.population.case_mix.match import CaseMixMatch
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.examples import ExampleTrial
from cordwise.trial.characteristics.sample_size import Relation
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.design.file import DesignTables


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAtSize:
    """The reject rate of a trial of another size, without looks, for the first treated arm.

    `extrapolated` where the trial would be larger than the design: from z in every parameter set, not simulated.
    """

    scenario: str
    endpoint: str
    n_per_arm: float
    reject_rate: float
    mcse: float
    total_error: float | None
    low95: float
    high95: float
    extrapolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeForPower:
    """The patients per arm that reach a power, by simulation and by theory; theory is None where there is none.

    Of the parameter sets, each on its own, 95 % take between `low95` and `high95`. Both are None where that is not
    known; one alone is where the curve, which ends at `largest`, does not reach the power.
    """

    scenario: str
    endpoint: str
    power: float
    relation: Relation
    n_per_arm: int
    mcse: float | None
    total_error: float | None
    low95: int | None
    high95: int | None
    largest: int
    theory_n_per_arm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesBySet:
    """One scenario in every parameter set: each list in the same order, rounded to five figures.

    `parameter_set` is the set's number in the posterior, `reject_rate` the rate as it came out, `without_noise` that
    drawn towards the mean of all sets so that it is spread as the sets are, `estimand_true` the truth of the primary
    endpoint for the first treated arm, likewise without noise.
    """

    scenario: str
    parameter_set: tuple[int, ...]
    reject_rate: tuple[float | None, ...]
    without_noise: tuple[float | None, ...]
    estimand_true: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictability:
    """How much more often than by chance a guesser names the next arm; None where nothing is randomised."""

    excess_correct_guesses: float | None


@dataclass(frozen=True, kw_only=True, repr=False)
class TrialResult(Result):
    """The operating characteristics of a design; days count from the injury, or from the opening of the trial.

    Attributes
    ----------
    question, design
        What was asked, and of which trial.
    replicates, seed
        Simulated trials in each scenario, and what decides them.
    assurance
        By scenario with an effect, the power averaged over the parameter sets.
    scenarios
        The null scenario first.
    by_parameter_set
        How the reject rate differs between parameter sets, scenario by scenario.
    sample_size_curve, required_size
        The reject rate of other sizes, and the sizes that reach a power.
    enrolment_days
        The size that a fixed effect asks for, by the day of enrolment.
    randomisation
        How predictable the list is.
    adaptation
        How the trial behaves with its change on the way; None where it has none.
    example_trials
        The first simulated trials of every scenario.
    assumptions
        What all of this rests on.
    numerics
        How exactly the tissue was solved.
    commonest_grade
        Baseline grade of most of the simulated patients.
    registry
        Whose natural recovery is assumed; results of the first version are those of EMSCI.
    patient
        One simulated patient of that grade, with the cells and without; None where none was simulated.
    case_mix
        How well the simulated patients meet the design's table of baseline findings, where there is one.
    """

    kind: ClassVar[str] = "trial"

    question: str
    design: DesignTables
    replicates: int
    seed: int
    assurance: Mapping[str, float]
    scenarios: tuple[ScenarioResult, ...]
    by_parameter_set: tuple[RatesBySet, ...]
    sample_size_curve: tuple[PowerAtSize, ...]
    required_size: tuple[SizeForPower, ...]
    enrolment_days: tuple[EnrolmentDay, ...]
    randomisation: Predictability
    adaptation: AdaptationFinding | None
    example_trials: tuple[ExampleTrial, ...]
    assumptions: tuple[Assumption, ...]
    numerics: Numerics
    commonest_grade: Grade
    registry: str = "EMSCI"
    patient: PatientLife | None = None
    case_mix: CaseMixMatch | None = field(default=None, metadata=OMIT_NONE)
    provenance: Provenance

    @property
    def assumed(self) -> tuple[ScenarioResult, ...]:
        """Return the scenarios in which the cells are assumed to do something."""
        return tuple(each for each in self.scenarios if not each.is_null)

    @property
    def treated_arms(self) -> tuple[str, ...]:
        """Return the names of the treated arms, in the design's order."""
        return tuple(dict.fromkeys(each.arm for each in self.scenarios[0].endpoints))
