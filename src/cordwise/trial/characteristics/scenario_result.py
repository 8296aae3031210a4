"""How a trial behaves in one scenario, as a result shows it: rates, estimates, looks.

Every simulated number has its errors behind it: `_mcse`, the standard error of the simulation (replicates and people of
the bank), and `_total_error`, that together with how far the parameter sets differ; None where replicates are too few
to tell.
"""

from dataclasses import dataclass

from cordwise.trial.analyse.simulated_value import ErrorParts, SimulatedValue


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
