"""What a simulation of a design shows: operating characteristics of every scenario, sizes, examples, assumptions.

Every simulated number has its errors behind it: `_mcse`, the standard error of the simulation (replicates and people of
the bank), and `_total_error`, that together with how far the parameter sets differ; None where replicates are too few
to tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics
from cordwise.patient.life.result import PatientLife
from cordwise.trial.analyse.simulated_value import ErrorParts, SimulatedValue
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.characteristics.examples import ExampleTrial
from cordwise.trial.characteristics.sample_size import Relation
from cordwise.trial.decide.adaptive import AdaptationFinding
from cordwise.trial.design.file import DesignTables


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedEstimate:
    """The median-unbiased estimate after a trial that may stop early.

    `median` of the estimates, how often they lie above the truth (half is right), their mean bias, and how often their
    intervals cover.
    """

    median: float
    above_truth: SimulatedValue
    mean_bias: SimulatedValue
    coverage: SimulatedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class LookResult:
    """One look, averaged over the simulated trials of a scenario.

    Attributes
    ----------
    look
        Its number, from 1.
    patients_analysed, patients_enrolled, information, day
        Patients whose endpoint is due, patients enrolled, share of the planned ones that are due, day of the trial.
    efficacy_z, futility_z
        Limits of z; None where there is none.
    stopped_for_efficacy, stopped_for_futility
        Shares of all trials that end here, with their errors.
    """

    look: int
    patients_analysed: float
    patients_enrolled: float
    information: float
    day: float
    efficacy_z: float | None
    futility_z: float | None
    stopped_for_efficacy: float
    stopped_for_efficacy_mcse: float
    stopped_for_efficacy_total_error: float | None
    stopped_for_futility: float
    stopped_for_futility_mcse: float
    stopped_for_futility_total_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResult:
    """One endpoint for one treated arm in one scenario; a value that does not exist is None.

    Attributes
    ----------
    name, arm, primary, analysis, unit, scale
        What is estimated and how; the estimate is on the `scale`, in the `unit` where that is a difference.
    alpha, nominal
        Two-sided level, and the reject rate that the analysis promises without an effect.
    estimand_true, estimand_bank_error, estimand_low95, estimand_high95
        True value, averaged over the parameter sets; its standard error as a statement about ever more people; where it
        lies in 95 % of the sets.
    estimate_mean, bias, rmse, coverage
        Of the estimates and 95 % intervals at the look at which each trial ends, each against the truth of the
        parameter set in which the trial happens.
    reject_rate, mcse, total_error, low95, high95, better_rate, theory_reject_rate
        How often it rejects, how often for the cells, and what theory says.
    failures
        Trials whose analysis gave no estimate; they do not reject.
    after_stopping
        The estimate adjusted for looks, of the primary endpoint.
    control_mean, treated_mean, control_sd
        Outcomes, averaged over the trials.
    """

    name: str
    arm: str
    primary: bool
    analysis: str
    unit: str
    scale: str
    alpha: float
    nominal: float | None
    estimand_true: float | None
    estimand_bank_error: float | None
    estimand_low95: float | None
    estimand_high95: float | None
    estimate_mean: float | None
    bias: float | None
    bias_mcse: float | None
    bias_total_error: float | None
    rmse: float | None
    coverage: float | None
    coverage_mcse: float | None
    coverage_total_error: float | None
    reject_rate: float
    mcse: float
    total_error: float | None
    low95: float
    high95: float
    better_rate: float
    failures: int
    theory_reject_rate: float | None
    after_stopping: AdjustedEstimate | None
    control_mean: float | None
    treated_mean: float | None
    control_sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """How the trial behaves under one assumed truth.

    Attributes
    ----------
    name, description, is_null
        The scenario.
    reject_rate, mcse, total_error, error
        How often the trial rejects on its primary endpoint, for any treated arm, averaged over the parameter sets: with
        an effect of the cells that is the assurance. Its errors, and their parts.
    sets_low95, sets_high95
        Where the reject rate lies in 95 % of the parameter sets, without the noise of the simulation; None where the
        replicates are too few to tell.
    low95, high95
        That range with each half widened by 1.96 standard errors of the simulation, added as squares.
    expected_n, expected_analysed, expected_duration_days
        Patients enrolled, patients whose primary endpoint is due, and days from the opening to the end, on average.
    bias, coverage, estimand_true, estimate_mean
        Those of the primary endpoint for the first treated arm.
    stopped_for_futility, stopped_for_harm
        Shares of the trials.
    looks
        Empty where the trial has no look but its end.
    endpoints
        Every endpoint for every treated arm.
    """

    name: str
    description: str
    is_null: bool
    reject_rate: float
    mcse: float
    total_error: float | None
    error: ErrorParts
    sets_low95: float | None
    sets_high95: float | None
    low95: float
    high95: float
    expected_n: float
    expected_n_mcse: float
    expected_n_total_error: float | None
    expected_analysed: float
    expected_duration_days: float
    expected_duration_mcse: float
    expected_duration_total_error: float | None
    bias: float | None
    bias_mcse: float | None
    bias_total_error: float | None
    coverage: float | None
    coverage_mcse: float | None
    coverage_total_error: float | None
    estimand_true: float | None
    estimand_low95: float | None
    estimand_high95: float | None
    estimate_mean: float | None
    stopped_for_futility: float
    stopped_for_futility_total_error: float | None
    stopped_for_harm: float
    stopped_for_harm_total_error: float | None
    looks: tuple[LookResult, ...]
    endpoints: tuple[EndpointResult, ...]

    @property
    def primary(self) -> tuple[EndpointResult, ...]:
        """Return the primary endpoint, for each treated arm."""
        return tuple(each for each in self.endpoints if each.primary)


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
    patient
        One simulated patient of the trial's population, with the cells and without; None where none was simulated.
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
    patient: PatientLife | None
    provenance: Provenance

    @property
    def assumed(self) -> tuple[ScenarioResult, ...]:
        """Return the scenarios in which the cells are assumed to do something."""
        return tuple(each for each in self.scenarios if not each.is_null)

    @property
    def treated_arms(self) -> tuple[str, ...]:
        """Return the names of the treated arms, in the design's order."""
        return tuple(dict.fromkeys(each.arm for each in self.scenarios[0].endpoints))
